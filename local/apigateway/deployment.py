"""What a template deploys: functions as child processes, and a gateway for each REST API."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from blueprint.template.routes import function_of
from blueprint.template.translation import api_id, folder, log_group_arn
from local.apigateway import supported, throttle
from local.apigateway.gateway import Gateway, Log, Stage
from local.dynamodb import streams
from local.dynamodb.environment import ENVIRONMENT
from local.functions.function import Function, Invoke
from local.functions.runtime import Definition
from local.logs.access_log import AccessLog
from local.logs.subscription import Subscription, read_filter

type Resources = Mapping[str, Mapping[str, Any]]


def functions(
    template: Path, resources: Resources, dynamodb: str, data: Path
) -> dict[str, Function]:
    """The template's functions by logical id; their logs go to the data's folder."""
    return {
        name: Function(_definition(name, template, resources, dynamodb, data))
        for name, resource in resources.items()
        if resource["Type"] == "AWS::Lambda::Function"
    }


def gateways(
    resources: Resources,
    invoke: Mapping[str, Invoke],
    log: Log,
    access_logs: Mapping[str, AccessLog] | None = None,
) -> dict[str, Gateway]:
    """The template's REST APIs by logical id; TemplateError names what is not known of them."""
    supported.check(resources)
    return {
        name: Gateway(
            _stage(name, resources, (access_logs or {}).get(name)),
            resource["Properties"]["Body"],
            invoke,
            log,
        )
        for name, resource in resources.items()
        if resource["Type"] == "AWS::ApiGateway::RestApi"
    }


def access_logs(
    resources: Resources, invoke: Mapping[str, Invoke], data: Path
) -> dict[str, AccessLog]:
    """The access logs of the REST APIs that have one, in the data's folder, with who subscribes."""
    supported.check(resources)
    return {
        name: AccessLog(
            setting["Format"],
            data / "logs" / f"{name}.access.log",
            list(_subscriptions(setting["DestinationArn"], resources, invoke)),
        )
        for name, resource in resources.items()
        if resource["Type"] == "AWS::ApiGateway::RestApi"
        and (setting := _properties_of_stage(name, resources).get("AccessLogSetting"))
        and "Format" in setting
    }


def readers(resources: Resources, invoke: Mapping[str, Invoke]) -> dict[str, streams.Reader]:
    """The template's event source mappings by logical id, of streams of its tables."""
    return {
        name: streams.Reader(
            table=resource["Properties"]["EventSourceArn"].split("/")[1],
            invoke=invoke[resource["Properties"]["FunctionName"].split(":")[6]],
            patterns=streams.patterns(resource["Properties"]),
            batch_size=resource["Properties"].get("BatchSize", 100),
        )
        for name, resource in resources.items()
        if resource["Type"] == "AWS::Lambda::EventSourceMapping"
    }


def _subscriptions(
    log_group: str, resources: Resources, invoke: Mapping[str, Invoke]
) -> Iterator[Subscription]:
    for name, resource in resources.items():
        properties = resource.get("Properties", {})
        if (
            resource["Type"] == "AWS::Logs::SubscriptionFilter"
            and log_group_arn(properties["LogGroupName"]) == log_group
            and (filter_ := read_filter(properties["FilterPattern"]))
        ):
            function = invoke[function_of(properties["DestinationArn"])]
            yield Subscription(name, properties["LogGroupName"], filter_, function)


def _stage(api: str, resources: Resources, access_log: AccessLog | None) -> Stage:
    properties = _properties_of_stage(api, resources)
    return Stage(api_id(api), properties["StageName"], throttle.of_stage(properties), access_log)


def _properties_of_stage(api: str, resources: Resources) -> Mapping[str, Any]:
    [properties] = [
        resource["Properties"]
        for resource in resources.values()
        if resource["Type"] == "AWS::ApiGateway::Stage"
        and resource["Properties"]["RestApiId"] == api_id(api)
    ]
    found: Mapping[str, Any] = properties
    return found


def _definition(
    name: str, template: Path, resources: Resources, dynamodb: str, data: Path
) -> Definition:
    properties = resources[name]["Properties"]
    code = folder(template, properties["Code"])
    variables = properties.get("Environment", {}).get("Variables", {})
    return Definition(
        name=name,
        code=code,
        layers=tuple(
            folder(template, resources[layer]["Properties"]["Content"])
            for layer in properties.get("Layers", ())
        ),
        handler=properties["Handler"],
        environment={
            **{name: str(value) for name, value in variables.items()},
            "AWS_ENDPOINT_URL_DYNAMODB": dynamodb,
            "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(properties["MemorySize"]),
            "AWS_LAMBDA_FUNCTION_NAME": name,
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "LAMBDA_TASK_ROOT": str(code),
            "LANG": "en_US.UTF-8",
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "TZ": ":UTC",
            "_HANDLER": properties["Handler"],
            **ENVIRONMENT,
        },
        timeout_seconds=properties["Timeout"],
        memory_megabytes=properties["MemorySize"],
        log=data / "logs" / f"{name}.log",
    )
