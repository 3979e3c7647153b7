"""What the local gateway knows of a translated template; anything else is refused by its name.

A feature that is left out silently would be a lie: the local run would answer, and not as AWS does.
What only matters on AWS (logs, tracing, alarms, addresses, roles) is known, and does nothing here.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from blueprint.template.gateway_responses import DEFAULTS, TYPES
from blueprint.template.translation import TemplateError, log_group_arn
from local.dynamodb.streams import patterns
from local.logs import access_log
from local.logs.subscription import read_filter

_API_KINDS = ("AWS::ApiGateway::", "AWS::ApiGatewayV2::", "AWS::Lambda::Url")
_KNOWN_KINDS = frozenset(
    f"AWS::ApiGateway::{kind}"
    for kind in ("Account", "BasePathMapping", "Deployment", "DomainName", "RestApi", "Stage")
)
_KNOWN_API = frozenset(
    {"Body", "Description", "DisableExecuteApiEndpoint", "EndpointConfiguration", "Name"}
    | {"Parameters", "Tags"}
)
_KNOWN_STAGE = frozenset(
    {"AccessLogSetting", "DeploymentId", "Description", "MethodSettings", "RestApiId"}
    | {"StageName", "Tags", "TracingEnabled"}
)
_KNOWN_BODY = frozenset(
    {"components", "info", "openapi", "paths", "servers", "tags"}
    | {"x-amazon-apigateway-gateway-responses"}
)
_VERBS = frozenset({"delete", "get", "head", "options", "patch", "post", "put"})
_METHODS = _VERBS | {"x-amazon-apigateway-any-method"}
_KNOWN_INTEGRATION = {
    "aws_proxy": frozenset({"httpMethod", "passthroughBehavior", "timeoutInMillis", "type", "uri"}),
    "mock": frozenset({"requestTemplates", "responses", "type"}),
}
_KNOWN_AUTHORIZER = frozenset(
    {"authorizerResultTtlInSeconds", "authorizerUri", "identitySource", "type"}
    | {"identityValidationExpression"}
)

_KNOWN_MAPPING = frozenset(
    {"BatchSize", "BisectBatchOnFunctionError", "DestinationConfig", "EventSourceArn"}
    | {"FilterCriteria", "FunctionName", "FunctionResponseTypes", "MaximumRecordAgeInSeconds"}
    | {"MaximumRetryAttempts", "StartingPosition", "Tags"}
)


def check(resources: Mapping[str, Mapping[str, Any]]) -> None:
    """TemplateError names the first thing that the local run would not do as AWS does."""
    for name, resource in resources.items():
        kind, properties = resource["Type"], resource.get("Properties", {})
        if kind.startswith(_API_KINDS) and kind not in _KNOWN_KINDS:
            raise _unknown(f"resources of type {kind} ({name})", name)
        match kind:
            case "AWS::ApiGateway::RestApi":
                _check_members(f"of {name}", properties, _KNOWN_API)
                _check_body(name, properties["Body"])
            case "AWS::ApiGateway::Stage":
                _check_members("of a stage", properties, _KNOWN_STAGE)
                _check_access_log(properties.get("AccessLogSetting", {}).get("Format", ""))
            case "AWS::Logs::SubscriptionFilter":
                _check_subscription(name, properties, resources)
            case "AWS::Lambda::Function":
                if (runtime := properties.get("Runtime")) != "python3.13":
                    raise _unknown(f"the runtime {runtime} ({name})", f"{name}:")
            case "AWS::Lambda::EventSourceMapping":
                _check_members(f"of {name}", properties, _KNOWN_MAPPING)
                _check_stream(name, properties)


def _check_stream(mapping: str, properties: Mapping[str, Any]) -> None:
    if not properties["EventSourceArn"].startswith("arn:aws:dynamodb:"):
        raise _unknown(f"event sources but streams of tables ({mapping})", f"{mapping}:")
    for pattern in patterns(properties):
        _check_pattern(mapping, pattern)


def _check_pattern(mapping: str, pattern: Any) -> None:
    if isinstance(pattern, Mapping):
        for inner in pattern.values():
            _check_pattern(mapping, inner)
        return
    for rule in pattern:
        if isinstance(rule, Mapping) and rule.keys() != {"prefix"}:
            raise _unknown(f"the filter {', '.join(rule)} ({mapping})", f"{mapping}:")


def _check_access_log(format_: str) -> None:
    for variable in access_log.VARIABLE.findall(format_):
        if variable not in access_log.KNOWN and not variable.startswith("authorizer."):
            raise _unknown(f"$context.{variable} in an access log", f"$context.{variable}")


def _check_subscription(
    name: str, properties: Mapping[str, Any], resources: Mapping[str, Mapping[str, Any]]
) -> None:
    """Only access logs are kept as CloudWatch would, so only they have subscribers."""
    groups = {
        stage["Properties"].get("AccessLogSetting", {}).get("DestinationArn")
        for stage in resources.values()
        if stage["Type"] == "AWS::ApiGateway::Stage"
    }
    if log_group_arn(properties["LogGroupName"]) not in groups:
        raise _unknown(f"a subscription to a log that is no access log ({name})", f"{name}:")
    if read_filter(properties["FilterPattern"]) is None:
        raise _unknown(f"the filter pattern {properties['FilterPattern']} ({name})", f"{name}:")


def _check_body(api: str, body: Mapping[str, Any]) -> None:
    if "swagger" in body:
        raise _unknown(f"Swagger 2.0 ({api}): set OpenApiVersion", f"{api}:")
    _check_members(f"of {api}", body, _KNOWN_BODY)
    responses = body.get("x-amazon-apigateway-gateway-responses", {})
    _check_members(f"of {api}'s GatewayResponses", responses, TYPES.keys() | DEFAULTS)
    for name, scheme in body.get("components", {}).get("securitySchemes", {}).items():
        kind = scheme.get("x-amazon-apigateway-authtype")
        if kind != "custom":
            raise _unknown(f"the authorization {kind or name} ({api})", f"{name}:")
        authorizer = scheme["x-amazon-apigateway-authorizer"]
        _check_members(f"of the authorizer {name}", authorizer, _KNOWN_AUTHORIZER)
    for path, operations in body["paths"].items():
        for method, operation in operations.items():
            _check_operation(path, method, operation)


def _check_operation(path: str, method: str, operation: Mapping[str, Any]) -> None:
    if method not in _METHODS:
        raise _unknown(f"the method {method} of {path}", path)
    for member in operation:
        if member.startswith("x-amazon-") and member != "x-amazon-apigateway-integration":
            raise _unknown(f"{member} of {path}", path)
    if len(operation.get("security", ())) > 1:
        raise _unknown(f"more than one authorization for {path}", path)
    integration = operation["x-amazon-apigateway-integration"]
    known = _KNOWN_INTEGRATION.get(integration["type"])
    if known is None:
        raise _unknown(f"integrations of type {integration['type']} ({path})", path)
    _check_members(f"of the integration of {path}", integration, known)


def _check_members(where: str, found: Iterable[str], known: Iterable[str]) -> None:
    for name in sorted(set(found) - set(known)):
        raise _unknown(f"{name} {where}", name)


def _unknown(feature: str, says: str) -> TemplateError:
    return TemplateError(
        f"the local run does not do {feature}. Take it away, or teach it local/apigateway", says
    )
