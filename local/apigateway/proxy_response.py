"""What a function's result means as an HTTP answer: Lambda proxy integration, payload 1.0."""

import json
from collections.abc import Mapping
from typing import Any

from local.apigateway.gateway_responses import Failure
from local.http.messages import Answer, Headers

# Renamed or overwritten on the way out (API Gateway's important notes).
_REMAPPED = frozenset(
    {"authorization", "connection", "content-md5", "date", "max-forwards", "server", "user-agent"}
    | {"www-authenticate"}
)
_DROPPED = frozenset(
    {"content-length", "expect", "host", "proxy-authenticate", "te", "trailer"}
    | {"transfer-encoding", "upgrade"}
)
_MEMBERS = frozenset({"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"})


def read_answer(result: object) -> Answer:
    """The HTTP answer that a function's result means; Failure (502) where it means none."""
    if not isinstance(result, Mapping) or not result or not result.keys() <= _MEMBERS:
        raise Failure("INTEGRATION_FAILURE")
    try:
        status = int(result.get("statusCode", 200))
    except (TypeError, ValueError):
        raise Failure("INTEGRATION_FAILURE") from None
    body = result.get("body") or ""
    if not isinstance(body, str):
        body = json.dumps(body)
    headers = _headers(result.get("headers") or {}, result.get("multiValueHeaders") or {})
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", "application/json"))
    return Answer(status, headers, body.encode())


def _headers(single: Any, multiple: Any) -> Headers:
    """The lists first, then what stands in `headers` alone, in the lists' spelling of a name."""
    if not isinstance(single, Mapping) or not isinstance(multiple, Mapping):
        raise Failure("INTEGRATION_FAILURE")
    headers: Headers = []
    for name, values in multiple.items():
        if not isinstance(values, list):
            raise Failure("INTEGRATION_FAILURE")
        headers += [(name, _text(value)) for value in values]
    spelt: dict[str, str] = {name.lower(): name for name in multiple}
    for name, value in single.items():
        header = (spelt.get(name.lower()) or name, _text(value))
        headers += [header] if header not in headers else []
    return [
        (f"x-amzn-Remapped-{name}" if name.lower() in _REMAPPED else name, value)
        for name, value in headers
        if name.lower() not in _DROPPED
    ]


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
