"""Which method of which resource serves a request, as API Gateway decides it.

It looks for a (resource, method) pair: a literal segment before a `{parameter}` before a greedy
`{parameter+}`, and where the best resource lacks the method, the next one that has it. So a
catch-all also receives wrong methods on known paths.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from blueprint.template.translation import TemplateError

ANY = "ANY"
METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})

_ANY_METHOD = "x-amazon-apigateway-any-method"
_INTEGRATION = "x-amazon-apigateway-integration"
_FUNCTION = re.compile(r":function:(\w+)(:\w+)?(/invocations)?$")


@dataclass(frozen=True, slots=True)
class Lambda:
    """A proxy integration: the function (logical id) gets the request and gives the answer."""

    function: str
    timeout_seconds: float = 29
    """How long the gateway waits; the function goes on without it."""


@dataclass(frozen=True, slots=True)
class Mock:
    """An answer that the gateway makes itself, for a preflight."""

    status: int
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class Route:
    """A method of a resource; `authorizer` is None where everybody may call it."""

    resource: str
    integration: Lambda | Mock
    authorizer: str | None


class Router:
    """The routes of one API, from the OpenAPI body of its translation."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self._resources = sorted(
            (
                (
                    _segments(path),
                    {_method(name): _route(path, o) for name, o in operations.items()},
                )
                for path, operations in body["paths"].items()
            ),
            key=lambda resource: [_rank(segment) for segment in resource[0]],
        )

    def match(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """The route and its path parameters, still percent-encoded; None if nothing serves it."""
        if method not in METHODS:
            return None
        segments = _segments(path)
        for template, routes in self._resources:
            parameters = _match(template, segments)
            route = routes.get(method) or routes.get(ANY)
            if parameters is not None and route:
                return route, parameters
        return None

    def __iter__(self) -> Iterator[tuple[str, Route]]:
        """Every method (`ANY` for all) with its route."""
        for _, routes in self._resources:
            yield from routes.items()


def _method(name: str) -> str:
    return ANY if name == _ANY_METHOD else name.upper()


def _segments(path: str) -> list[str]:
    """A trailing slash makes no difference to what serves a path."""
    return path.strip("/").split("/") if path.strip("/") else []


def _rank(segment: str) -> int:
    if segment.endswith("+}"):
        return 2
    return 1 if segment.startswith("{") else 0


def _is(template: str, segment: str) -> bool:
    """Whether a segment is the one of a template: what needs no encoding may have one.

    RFC 3986, 2.3. Nobody has tried it on AWS; `make smoke` does.
    """
    return template == segment or ("%" in segment and template == unquote(segment))


def _match(template: list[str], path: list[str]) -> dict[str, str] | None:
    parameters: dict[str, str] = {}
    for position, segment in enumerate(template):
        if _rank(segment) == 2:  # noqa: PLR2004 -- greedy: takes the rest, which is not nothing
            rest = "/".join(path[position:])
            return {**parameters, segment[1:-2]: rest} if rest else None
        if position >= len(path):
            return None
        if _rank(segment) == 1 and path[position]:
            parameters[segment[1:-1]] = path[position]
        elif not _is(segment, path[position]):
            return None
    return parameters if len(path) == len(template) else None


def _route(path: str, operation: Mapping[str, Any]) -> Route:
    integration = operation[_INTEGRATION]
    match integration["type"]:
        case "aws_proxy":
            timeout = integration.get("timeoutInMillis", 29_000) / 1000
            serves: Lambda | Mock = Lambda(function_of(integration["uri"]), timeout)
        case "mock":
            serves = _mock(integration["responses"]["default"])
        case other:
            raise TemplateError(
                f"{path}: the local gateway does not know integrations of type {other}"
            )
    return Route(path, serves, _authorizer(operation))


def _authorizer(operation: Mapping[str, Any]) -> str | None:
    names = [name for scheme in operation.get("security", ()) for name in scheme]
    return names[0] if names and names[0] != "NONE" else None


def _mock(response: Mapping[str, Any]) -> Mock:
    headers = {
        name.removeprefix("method.response.header."): value.strip("'")
        for name, value in response["responseParameters"].items()
    }
    body = response["responseTemplates"]["application/json"]
    return Mock(int(response["statusCode"]), headers, body)


def function_of(uri: str) -> str:
    """The logical id in the address by which API Gateway invokes a function."""
    match = _FUNCTION.search(uri)
    if match is None:
        raise TemplateError(f"the local gateway does not know what {uri} invokes")
    return match[1]
