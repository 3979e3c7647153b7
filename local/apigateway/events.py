"""What functions are sent: by Lambda authorizers and by proxy integrations, payload 1.0."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from blueprint.template.translation import ACCOUNT_ID
from local.apigateway.calls import Call
from local.http.messages import Headers

# Never handed to a function (API Gateway's important notes).
_DROPPED = frozenset(
    {"connection", "content-md5", "expect", "max-forwards", "proxy-authenticate", "server", "te"}
    | {"trailer", "transfer-encoding", "upgrade", "www-authenticate"}
)
# However a client spells these, a function is sent them so (recorded on AWS).
_SPELT = {"authorization": "Authorization", "user-agent": "User-Agent"}


def token_event(call: Call, token: str) -> dict[str, str]:
    """The event of a TOKEN authorizer: exactly these three."""
    return {"type": "TOKEN", "authorizationToken": token, "methodArn": call.method_arn}


def request_event(call: Call, resource: str, path_parameters: Mapping[str, str]) -> dict[str, Any]:
    """The event of a REQUEST authorizer: the request without its body."""
    event = proxy_event(call, resource, path_parameters, None)
    del event["body"], event["isBase64Encoded"]
    return {"type": "REQUEST", "methodArn": call.method_arn, **event}


def proxy_event(
    call: Call,
    resource: str,
    path_parameters: Mapping[str, str],
    authorizer: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """The event of a proxy integration; empty maps are null, as AWS sends them."""
    request = call.request
    sent = [
        (_SPELT.get(name.lower(), name), value)
        for name, value in request.headers
        if name.lower() not in _DROPPED
    ]
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
        ("X-Amzn-Trace-Id", call.trace_id),
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
        "path": call.context["path"],
        "protocol": request.protocol,
        "requestId": call.request_id,
        "requestTime": call.at.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "requestTimeEpoch": int(call.at.timestamp() * 1000),
        "resourceId": "local",
        "resourcePath": resource,
        "stage": call.stage,
    }
    if authorizer is not None:
        context["authorizer"] = dict(authorizer)
    return context


def _grouped(pairs: Headers) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for name, value in pairs:
        groups.setdefault(name, []).append(value)
    return groups


def _last(groups: Mapping[str, list[str]]) -> dict[str, str] | None:
    return {name: values[-1] for name, values in groups.items()} or None
