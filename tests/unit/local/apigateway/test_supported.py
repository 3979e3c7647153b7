from collections.abc import Mapping
from typing import Any

import pytest

from blueprint.template.translation import TemplateError, log_group_arn
from local.apigateway import supported

INTEGRATION = "x-amazon-apigateway-integration"
ALIAS = "arn:aws:apigateway:r:lambda:path/functions/arn:aws:lambda:r:1:function:F:live/invocations"


def operation(**more: Any) -> dict[str, Any]:
    """A method of a path, served by a function."""
    return {INTEGRATION: {"type": "aws_proxy", "httpMethod": "POST", "uri": ALIAS}} | more


def api(
    body: Mapping[str, Any] | None = None, *, method: str = "get", served: Any = None
) -> dict[str, Any]:
    """A translated REST API with one path, and what else its body has."""
    described = {"openapi": "3.0.1", "info": {}, "paths": {"/x": {method: served or operation()}}}
    return resource("AWS::ApiGateway::RestApi", Body={**described, **(body or {})})


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    """The one resource of a template."""
    return {"It": {"Type": kind, "Properties": properties}}


def scheme(kind: str) -> dict[str, Any]:
    """An API's components with one way to be let in."""
    return {"securitySchemes": {"Way": {"x-amazon-apigateway-authtype": kind}}}


PATTERN = '{ $.keyId = "key_*" }'


def logging(format_: str) -> dict[str, Any]:
    """A stage with an access log."""
    setting = {"DestinationArn": log_group_arn("Log"), "Format": format_}
    return resource("AWS::ApiGateway::Stage", AccessLogSetting=setting)


def subscribed(log_group: str, pattern: str) -> dict[str, Any]:
    """A subscription to a log group."""
    properties = {"LogGroupName": log_group, "FilterPattern": pattern, "DestinationArn": ALIAS}
    return {"Told": {"Type": "AWS::Logs::SubscriptionFilter", "Properties": properties}}


@pytest.mark.parametrize(
    ("resources", "named"),
    [
        (resource("AWS::ApiGatewayV2::Api"), "AWS::ApiGatewayV2::Api"),
        (resource("AWS::ApiGateway::UsagePlan"), "AWS::ApiGateway::UsagePlan"),
        (resource("AWS::Lambda::Url"), "AWS::Lambda::Url"),
        (resource("AWS::Lambda::Function", Runtime="python3.12"), "the runtime python3.12"),
        (
            resource("AWS::Lambda::EventSourceMapping", TumblingWindowInSeconds=1),
            "TumblingWindowInSeconds of It",
        ),
        (
            resource("AWS::Lambda::EventSourceMapping", EventSourceArn="arn:aws:sqs:x:1:queue"),
            "event sources but streams of tables",
        ),
        (resource("AWS::ApiGateway::Stage", Variables={"a": "b"}), "Variables of a stage"),
        (resource("AWS::ApiGateway::Stage", CanarySetting={}), "CanarySetting"),
        (resource("AWS::ApiGateway::RestApi", Policy={}, Body={}), "Policy of It"),
        (api({"swagger": "2.0"}), "OpenApiVersion"),
        (api({"x-amazon-apigateway-policy": {}}), "x-amazon-apigateway-policy"),
        (api({"x-amazon-apigateway-gateway-responses": {"NO": {}}}), "NO of It's"),
        (api(method="any"), "the method any of /x"),
        (api(method="trace"), "the method trace of /x"),
        (api(served=operation(**{"x-amazon-apigateway-auth": {}})), "x-amazon-apigateway-auth"),
        (api(served=operation(security=[{"a": []}, {"b": []}])), "more than one authorization"),
        (api(served={INTEGRATION: {"type": "http_proxy"}}), "integrations of type http_proxy"),
        (
            api(served={INTEGRATION: {"type": "aws_proxy", "credentials": "arn"}}),
            "credentials of the integration of /x",
        ),
        (api({"components": scheme("cognito_user_pools")}), "cognito_user_pools"),
        (api({"components": scheme("awsSigv4")}), "awsSigv4"),
        (logging("$context.path"), "$context.path in an access log"),
        (logging("$context.identity.userAgent"), "$context.identity.userAgent in an access log"),
        (logging("") | subscribed("Other", PATTERN), "a subscription to a log that is no access"),
        (logging("") | subscribed("Log", "[status=4*]"), "the filter pattern [status=4*]"),
    ],
)
def test_what_the_gateway_would_do_otherwise_is_refused(resources: Any, named: str) -> None:
    """By name: an answer that AWS would not give is worse than none."""
    with pytest.raises(TemplateError, match="the local run does not do") as refused:
        supported.check(resources)
    assert named in str(refused.value)


def test_what_matters_on_aws_alone_is_taken(resources: dict[str, dict[str, Any]]) -> None:
    """The template itself, and logs, alarms and addresses that it may come to have."""
    supported.check(resources)
    supported.check(logging("$context.status") | subscribed("Log", PATTERN))
    supported.check(resource("AWS::CloudWatch::Alarm"))
    supported.check(resource("AWS::ApiGateway::DomainName"))
    supported.check(resource("AWS::ApiGateway::Stage", AccessLogSetting={}, TracingEnabled=True))
