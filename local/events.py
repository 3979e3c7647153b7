"""What a function is sent, and what its answer means: Lambda proxy integration, payload 1.0."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from local.messages import Answer, Headers, Request
from local.responses import Failure
from local.template import ACCOUNT_ID, REGION

STAGE = "live"

# Renamed or overwritten on the way out (API Gateway's important notes).
_REMAPPED = frozenset(
    {"authorization", "connection", "content-md5", "date", "max-forwards", "server", "user-agent"}
    | {"www-authenticate"}
)
_DROPPED = frozenset(
    {"content-length", "expect", "host", "proxy-authenticate", "te", "trailer"}
    | {"transfer-encoding", "upgrade"}
)
# Never handed to a function.
_DROPPED_FROM_REQUEST = _DROPPED - {"content-length", "host"} | {
    "connection",
    "content-md5",
    "max-forwards",
    "server",
    "www-authenticate",
}
_ANSWER_MEMBERS = frozenset(
    {"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"}
)


@dataclass(frozen=True, slots=True)
class Call:
    """One request on its way through an API."""

    api_id: str
    request: Request
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    time: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def extended_request_id(self) -> str:
        """The id that a client cannot choose."""
        return self.request_id.replace("-", "")[:16] + "="

    @property
    def method_arn(self) -> str:
        """Verb and concrete path, without the query."""
        path = self.request.path.lstrip("/")
        api = f"arn:aws:execute-api:{REGION}:{ACCOUNT_ID}:{self.api_id}"
        return f"{api}/{STAGE}/{self.request.method}/{path}"

    @property
    def context(self) -> dict[str, str]:
        """What `$context` stands for in the templates of gateway responses."""
        return {
            "apiId": self.api_id,
            "httpMethod": self.request.method,
            "path": f"/{STAGE}{self.request.path}",
            "requestId": self.request_id,
            "stage": STAGE,
        }


def authorizer_event(call: Call, token: str) -> dict[str, str]:
    """The event of a TOKEN authorizer: exactly these three."""
    return {"type": "TOKEN", "authorizationToken": token, "methodArn": call.method_arn}


def proxy_event(
    call: Call,
    resource: str,
    path_parameters: Mapping[str, str],
    authorizer: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """The event of a proxy integration; empty maps are null, as AWS sends them."""
    request = call.request
    sent = [item for item in request.headers if item[0].lower() not in _DROPPED_FROM_REQUEST]
    headers = _grouped(sent + _forwarded(call))
    query = _grouped(parse_qsl(request.query, keep_blank_values=True))
    return {
        "resource": resource,
        "path": request.path,
        "httpMethod": request.method,
        "headers": _last(headers),
        "multiValueHeaders": headers or None,
        "queryStringParameters": _last(query),
        "multiValueQueryStringParameters": query or None,
        "pathParameters": dict(path_parameters) or None,
        "stageVariables": None,
        "requestContext": _request_context(call, resource, authorizer),
        # Without binary media types a body is text, and what is not UTF-8 does not survive.
        "body": request.body.decode(errors="replace") if request.body else None,
        "isBase64Encoded": False,
    }


def _forwarded(call: Call) -> Headers:
    """What the gateway adds; nothing here may be believed, for callers can send the same."""
    return [
        ("X-Amzn-Trace-Id", f"Root=1-{int(call.time.timestamp()):08x}-{uuid.uuid4().hex[:24]}"),
        ("X-Forwarded-For", call.request.source_ip),
        ("X-Forwarded-Port", "443"),
        ("X-Forwarded-Proto", "https"),
    ]


def _request_context(
    call: Call, resource: str, authorizer: Mapping[str, Any] | None
) -> dict[str, Any]:
    request = call.request
    host = request.header("host") or "localhost"
    context: dict[str, Any] = {
        "accountId": ACCOUNT_ID,
        "apiId": call.api_id,
        "deploymentId": "local",
        "domainName": host,
        "domainPrefix": host.partition(".")[0],
        "extendedRequestId": call.extended_request_id,
        "httpMethod": request.method,
        "identity": {
            "accessKey": None,
            "accountId": None,
            "caller": None,
            "cognitoAuthenticationProvider": None,
            "cognitoAuthenticationType": None,
            "cognitoIdentityId": None,
            "cognitoIdentityPoolId": None,
            "principalOrgId": None,
            "sourceIp": request.source_ip,
            "user": None,
            "userAgent": request.header("user-agent"),
            "userArn": None,
        },
        "path": f"/{STAGE}{request.path}",
        "protocol": request.protocol,
        "requestId": call.request_id,
        "requestTime": call.time.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "requestTimeEpoch": int(call.time.timestamp() * 1000),
        "resourceId": "local",
        "resourcePath": resource,
        "stage": STAGE,
    }
    if authorizer is not None:
        context["authorizer"] = dict(authorizer)
    return context


def read_answer(result: object) -> Answer:
    """The HTTP answer that a function's result means; Failure (502) where it means none."""
    if not isinstance(result, Mapping) or not result or not result.keys() <= _ANSWER_MEMBERS:
        raise Failure("INTEGRATION_FAILURE")
    try:
        status = int(result.get("statusCode", 200))
    except (TypeError, ValueError):
        raise Failure("INTEGRATION_FAILURE") from None
    body = result.get("body") or ""
    if not isinstance(body, str):
        body = json.dumps(body)
    headers = _answer_headers(result.get("headers") or {}, result.get("multiValueHeaders") or {})
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", "application/json"))
    return Answer(status, headers, body.encode())


def _answer_headers(single: object, multiple: object) -> Headers:
    if not isinstance(single, Mapping) or not isinstance(multiple, Mapping):
        raise Failure("INTEGRATION_FAILURE")
    headers = []
    for name, values in multiple.items():
        if not isinstance(values, list):
            raise Failure("INTEGRATION_FAILURE")
        headers += [(name, value) for value in values]
    headers += [item for item in single.items() if item not in headers]
    return [
        (f"x-amzn-Remapped-{name}" if name.lower() in _REMAPPED else name, _header_value(value))
        for name, value in headers
        if name.lower() not in _DROPPED
    ]


def _header_value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _grouped(pairs: Headers) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for name, value in pairs:
        groups.setdefault(name, []).append(value)
    return groups


def _last(groups: Mapping[str, list[str]]) -> dict[str, str] | None:
    return {name: values[-1] for name, values in groups.items()} or None
