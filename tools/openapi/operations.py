"""A route as the document has it, from what Powertools generates and what the handler declares."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic.alias_generators import to_camel, to_snake

from agentcontainer.errors import ChangedMeanwhile, IdempotencyMismatch, NotFound
from agentcontainer.web import errors
from agentcontainer.web.key_caller import KeyCaller
from agentcontainer.web.resolver import Api, Endpoint
from tools.openapi import examples
from tools.openapi.failures import ErrorType, Failures, UriTooLong
from tools.openapi.headers import references
from tools.openapi.schemas import Schemas, resolve, tidy

type Json = dict[str, Any]

_PARAMETER = re.compile(r"<(\w+)>")
_JSON = "application/json"

ACCOUNT: Json = {
    "name": "AgentContainer-Account",
    "in": "header",
    "description": (
        "The id of the user or organization that the request is meant for. If the session is for "
        "another account, nothing is done."
    ),
    "schema": {"type": "string"},
}


class Operation(NamedTuple):
    """One method of one path."""

    path: str
    method: str
    content: Json


class Operations:
    """The operations of one function's resolver."""

    def __init__(
        self, api: Api[Any], generated: Json, schemas: Schemas, failures: Failures
    ) -> None:
        self._api = api
        self._generated = generated
        self._schemas = schemas
        self._failures = failures
        self._limited = api.kind is KeyCaller

    def __iter__(self) -> Iterator[Operation]:
        for (method, rule), endpoint in self._api.endpoints.items():
            source = self._generated["paths"][_PARAMETER.sub(r"{\1}", rule)][method.lower()]
            path = _PARAMETER.sub(lambda name: f"{{{to_camel(name[1])}}}", rule)
            content = self._content(source, endpoint)
            present = {name: value for name, value in content.items() if value}
            yield Operation(path, method.lower(), present)

    def _content(self, source: Json, endpoint: Endpoint) -> Json:
        parameters = [_parameter(one) for one in source.get("parameters", ())]
        if not self._limited:
            parameters.append({"$ref": "#/components/parameters/Account"})
        return {
            "tags": source["tags"],
            "operationId": source["operationId"],
            "summary": source["summary"],
            "description": _description(source["description"], endpoint),
            "parameters": parameters,
            "requestBody": self._request(source.get("requestBody")),
            "responses": {
                **self._success(source["responses"], endpoint),
                **self._failures.of(self._errors(endpoint)),
            },
            "security": source["security"],
        }

    def _errors(self, endpoint: Endpoint) -> list[ErrorType]:
        """What the route can answer because of what it reads, and what its handler declares."""
        takes, headers = endpoint.route.dependant, _headers(endpoint)
        found: list[tuple[object, ErrorType]] = [
            ("cursor" in {field.alias for field in takes.query_params}, errors.InvalidCursor),
            (takes.path_params, NotFound),
            (takes.path_params, UriTooLong),
            (not self._limited, errors.AccountMismatch),
            ("If-Match" in headers, ChangedMeanwhile),
            (takes.body_params, errors.PayloadTooLarge),
            (takes.body_params, errors.UnsupportedMediaType),
            ("Idempotency-Key" in headers, IdempotencyMismatch),
        ]
        return [*endpoint.errors, *(error for applies, error in found if applies)]

    def _request(self, source: Json | None) -> Json | None:
        if source is None:
            return None
        content = self._body(source["content"][_JSON]["schema"])
        return {"required": source.get("required", False), "content": content}

    def _success(self, responses: Json, endpoint: Endpoint) -> Json:
        [(status, source)] = [(s, response) for s, response in responses.items() if s < "400"]
        names = ["Cache-Control", "X-Request-Id", *endpoint.headers]
        names += ["RateLimit", "RateLimit-Policy"] if self._limited else []
        names += ["Idempotent-Replayed"] if "Idempotency-Key" in _headers(endpoint) else []
        answer: Json = {"description": "Success, without a body.", "headers": references(names)}
        if source.get("content"):
            schema = source["content"][_JSON]["schema"]
            answer["description"] = resolve(tidy(schema), self._schemas)["description"]
            answer["content"] = self._body(schema)
        return {status: answer}

    def _body(self, schema: Json) -> Json:
        schema = tidy(schema)
        return {_JSON: {"schema": schema, "example": examples.of_schema(schema, self._schemas)}}


def _headers(endpoint: Endpoint) -> set[str]:
    """Names of the headers that a route reads, which Powertools writes in lower case."""
    return {field.alias.title() for field in endpoint.route.dependant.header_params}


def _description(text: str, endpoint: Endpoint) -> str:
    demands = []
    if endpoint.requirements.scope:
        demands.append(f"The key needs the scope `{endpoint.requirements.scope}`.")
    if endpoint.requirements.admin_only:
        demands.append("In an organization this is for admins.")
    return "\n\n".join([text, *demands])


def _parameter(source: Json) -> Json:
    schema = tidy(source["schema"])
    # Powertools says it twice; the parameter's own is the one that is shown.
    description = schema.pop("description", None)
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
        "description": source.get("description", description),
        **({"required": True} if source["required"] else {}),
        "schema": schema,
        **({} if example is None else {"example": example}),
    }
