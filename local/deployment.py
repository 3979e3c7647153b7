"""What a template deploys: functions as child processes, and a gateway for each REST API."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local import cloud, features, streams, throttle
from local.functions import Function, Invoke
from local.gateway import Gateway, Log, Stage
from local.runtime import Definition
from local.template import api_id, folder

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


def gateways(resources: Resources, invoke: Mapping[str, Invoke], log: Log) -> dict[str, Gateway]:
    """The template's REST APIs by logical id; TemplateError names what is not known of them."""
    features.check(resources)
    return {
        name: Gateway(_stage(name, resources), resource["Properties"]["Body"], invoke, log)
        for name, resource in resources.items()
        if resource["Type"] == "AWS::ApiGateway::RestApi"
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


def _stage(api: str, resources: Resources) -> Stage:
    [properties] = [
        resource["Properties"]
        for resource in resources.values()
        if resource["Type"] == "AWS::ApiGateway::Stage"
        and resource["Properties"]["RestApiId"] == api_id(api)
    ]
    return Stage(api_id(api), properties["StageName"], throttle.of_stage(properties))


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
            **cloud.ENVIRONMENT,
        },
        timeout_seconds=properties["Timeout"],
        memory_megabytes=properties["MemorySize"],
        log=data / "logs" / f"{name}.log",
    )
