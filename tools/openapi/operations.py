"""A route as the document has it, from what Powertools generates and the handler declares."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from aws_lambda_powertools.event_handler.api_gateway import Route
from pydantic.alias_generators import to_camel, to_snake

from agentcontainer import errors
from agentcontainer.web.api import Endpoint, KeyApi
from tools.openapi import examples
from tools.openapi.failures import ErrorType, Failures
from tools.openapi.functions import Function
from tools.openapi.headers import references
from tools.openapi.schemas import Schemas, resolve, tidy

type Json = dict[str, Any]

ACCOUNT: Json = {
    "name": "AgentContainer-Account",
    "in": "header",
    "description": (
        "The account that the request means: a user's or an organization's id. If the session is "
        "for another one, nothing is done."
    ),
    "schema": {"type": "string"},
}


class Operation(NamedTuple):
    """One method of one path."""

    path: str
    method: str
    content: Json


def operations(
    function: Function, generated: Json, schemas: Schemas, failures: Failures
) -> Iterator[Operation]:
    """The function's operations, from what Powertools generates for it."""
    for (method, rule), endpoint in function.api.endpoints.items():
        [route] = [r for r in function.api.routes if (r.method, r.path) == (method, rule)]
        source = generated["paths"][re.sub(r"<(\w+)>", r"{\1}", rule)][method.lower()]
        path = re.sub(r"<(\w+)>", lambda name: f"{{{to_camel(name[1])}}}", rule)
        limited = isinstance(function.api, KeyApi)
        parameters = [_parameter(one) for one in source.get("parameters", ())]
        if not limited:
            parameters.append({"$ref": "#/components/parameters/Account"})
        content = {
            "tags": source["tags"],
            "operationId": source["operationId"],
            "summary": source["summary"],
            "description": _description(source["description"], endpoint),
            "parameters": parameters,
            "requestBody": _body(source.get("requestBody"), schemas),
            "responses": {
                **_success(source["responses"], endpoint, route, schemas, limited=limited),
                **failures.of(_errors(endpoint, route, limited=limited)),
            },
            "security": source["security"],
        }
        yield Operation(
            path, method.lower(), {name: value for name, value in content.items() if value}
        )


def _errors(endpoint: Endpoint, route: Route, *, limited: bool) -> list[ErrorType]:
    """What the route can answer because of what it reads, and what its handler declares."""
    dependant = route.dependant
    headers = _headers(route)
    found: list[tuple[object, ErrorType]] = [
        ("cursor" in {field.alias for field in dependant.query_params}, errors.InvalidCursor),
        (dependant.path_params, errors.NotFound),
        (not limited, errors.AccountMismatch),
        ("If-Match" in headers, errors.PreconditionFailed),
        (dependant.body_params, errors.PayloadTooLarge),
        (dependant.body_params, errors.UnsupportedMediaType),
        ("Idempotency-Key" in headers, errors.IdempotencyMismatch),
    ]
    return [*endpoint.errors, *(error for applies, error in found if applies)]


def _description(text: str, endpoint: Endpoint) -> str:
    demands = []
    if endpoint.scope:
        demands.append(f"The key needs the scope `{endpoint.scope}`.")
    if endpoint.manage:
        demands.append("In an organization, for admins only.")
    return "\n\n".join([text, *demands])


def _headers(route: Route) -> set[str]:
    """Names of the headers that a route reads, which Powertools writes in lower case."""
    return {field.alias.title() for field in route.dependant.header_params}


def _parameter(source: Json) -> Json:
    schema = tidy(source["schema"])
    # A parameter's own description is the one that is shown.
    description = source.get("description") or schema.get("description")
    schema.pop("description", None)
    name = source["name"]
    if source["in"] == "path":
        name = to_camel(name)
        description = f"The {to_snake(name).removesuffix('_id')}'s id."
    elif source["in"] == "header":
        name = name.title()
    example = examples.of_parameter(source["in"], name)
    return {
        "name": name,
        "in": source["in"],
        "description": description,
        **({"required": True} if source["required"] else {}),
        "schema": schema,
        **({} if example is None else {"example": example}),
    }


def _body(source: Json | None, schemas: Schemas) -> Json | None:
    if source is None:
        return None
    schema = tidy(source["content"]["application/json"]["schema"])
    return {"required": source.get("required", False), "content": _content(schema, schemas)}


def _content(schema: Json, schemas: Schemas) -> Json:
    example = examples.of_schema(schema, schemas)
    return {"application/json": {"schema": schema, "example": example}}


def _success(
    responses: Json, endpoint: Endpoint, route: Route, schemas: Schemas, *, limited: bool
) -> Json:
    [status] = [status for status in responses if status < "400"]
    names = ["Cache-Control", "X-Request-Id", *endpoint.headers]
    names += ["RateLimit", "RateLimit-Policy"] if limited else []
    if "Idempotency-Key" in _headers(route):
        names.append("Idempotent-Replayed")
    content = responses[status].get("content")
    if not content:
        return {status: {"description": "It is done.", "headers": references(names)}}
    schema = tidy(content["application/json"]["schema"])
    return {
        status: {
            "description": resolve(schema, schemas)["description"],
            "headers": references(names),
            "content": _content(schema, schemas),
        }
    }
