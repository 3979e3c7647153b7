"""A request's query and body, checked before Powertools and pydantic see them."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from agentcontainer import strict_json
from agentcontainer.errors import Detail, InvalidRequest, PayloadTooLarge, UnsupportedMediaType
from agentcontainer.keys.token import redact

MAX_BODY_BYTES = 256 * 1024
_MAX_DETAILS = 20
_MAX_ECHO = 200
_JSON = re.compile(r'application/json(\s*;\s*charset="?utf-8"?)?', re.IGNORECASE)


def check_query(event: Mapping[str, Any], known: Iterable[str]) -> None:
    """Raises InvalidRequest for parameters that the route does not know, or that stand twice."""
    names = set(known)
    given = event.get("multiValueQueryStringParameters") or {}
    problems = [
        Detail("query", _printable(name), "unknown", "This route has no such parameter.")
        for name in given
        if name not in names
    ] + [
        Detail("query", name, "repeated", "Give this parameter once.")
        for name, values in given.items()
        if name in names and len(values) > 1
    ]
    if problems:
        raise InvalidRequest(details=problems[:_MAX_DETAILS])


def check_body(event: dict[str, Any]) -> None:
    """Raises PayloadTooLarge or UnsupportedMediaType for a body that is not to be read."""
    body = event.get("body") or ""
    if event.get("isBase64Encoded"):
        raise UnsupportedMediaType("Send the body as JSON text in UTF-8.")
    if len(body.encode(errors="surrogatepass")) > MAX_BODY_BYTES:
        raise PayloadTooLarge(f"The body is larger than {MAX_BODY_BYTES} bytes.")
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    if body and not _JSON.fullmatch(headers.get("content-type", "").strip()):
        raise UnsupportedMediaType("Send the body as JSON, with Content-Type: application/json.")
    # Powertools compares with this one spelling, also where there is no body to describe.
    event["headers"] = headers | {"content-type": "application/json"}


def read_body(text: str) -> dict[str, Any]:
    """The JSON object of a body; InvalidRequest for all else."""
    try:
        value = strict_json.loads(text)
    except strict_json.MalformedJson as malformed:
        raise _malformed(str(malformed)) from None
    if not isinstance(value, dict):
        raise _malformed("a JSON object is needed")
    return value


def invalid_request(problems: Iterable[Mapping[str, Any]]) -> InvalidRequest:
    """What pydantic found wrong, in our words."""
    # "Or null" is how an optional parameter is declared here, not something to send.
    details = [_detail(problem) for problem in problems if problem["type"] != "none_required"]
    return InvalidRequest(details=details[:_MAX_DETAILS])


def _malformed(reason: str) -> InvalidRequest:
    return InvalidRequest(details=[Detail("body", "", "malformed", reason)])


def _detail(problem: Mapping[str, Any]) -> Detail:
    location, *field = problem["loc"]
    if location == "query":
        # Behind the parameter's name stand the branches of its type.
        field = field[:1]
    match problem["type"]:
        case "extra_forbidden":
            code, message = "unknown", "There is no such member."
        case "value_error":
            code, message = "invalid", problem["msg"].removeprefix("Value error, ")
        case other:
            code, message = other, problem["msg"]
    return Detail(str(location), _printable(".".join(map(str, field))), code, _printable(message))


def _printable(text: str) -> str:
    """Callers' text as it may be echoed: no token, no lone surrogate, of bounded length."""
    return redact(text).encode(errors="replace").decode()[:_MAX_ECHO]
