"""The headers of answers: what each says, and which answers have it."""

from collections.abc import Iterable
from typing import Any


def _header(description: str, example: str, *, always: bool = False, **schema: Any) -> Any:
    return {
        "description": description,
        **({"required": True} if always else {}),
        "schema": {"type": "string", **schema},
        "example": example,
    }


_REQUEST_ID = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"
_WHOLE = r"^[0-9]+$"

# By the name of the component. Some answers come from a handler or from API Gateway before it; the
# gateway names the request in a header of its own, so that of the two neither is always there.
HEADERS: dict[str, Any] = {
    "CacheControl": _header(
        "The response must not be stored.", "no-store", always=True, const="no-store"
    ),
    "ETag": _header("Identifies the agent's current state, for `If-Match`.", '"3"', always=True),
    "GatewayRequestId": _header("The request's id, if API Gateway itself responds.", _REQUEST_ID),
    "HandlerRequestId": _header(
        "The request's id, unless API Gateway itself responds.", _REQUEST_ID
    ),
    "IdempotentReplayed": _header(
        "Present when the request had already been processed; nothing was done this time.",
        "true",
        const="true",
    ),
    "Location": _header(
        "The path of the new resource.",
        "/api/v1/agents/agt_01kmj58ne0e7x2h9s4n6b8q1zt",
        always=True,
    ),
    "RateLimit": _header(
        "Present if the key has a rate limit: `r` requests are left in the current window, which "
        "ends in `t` seconds (draft-ietf-httpapi-ratelimit-headers-10).",
        '"key";r=58;t=41',
        pattern='^"key";r=[0-9]+;t=[0-9]+$',
    ),
    "RateLimitPolicy": _header(
        "Present if the key has a rate limit: `q` requests in each window of `w` seconds.",
        '"key";q=60;w=60',
        pattern='^"key";q=[0-9]+;w=[0-9]+$',
    ),
    "RequestId": _header(
        "The request's id. Give it when you ask for help.", _REQUEST_ID, always=True
    ),
    "RetryAfter": _header("Seconds to wait before retrying.", "41", always=True, pattern=_WHOLE),
    "WWWAuthenticate": _header(
        "The credential that is required.",
        'Bearer realm="AgentContainer"',
        always=True,
        const='Bearer realm="AgentContainer"',
    ),
}
_COMPONENTS = {
    "Cache-Control": "CacheControl",
    "ETag": "ETag",
    "Idempotent-Replayed": "IdempotentReplayed",
    "Location": "Location",
    "RateLimit": "RateLimit",
    "RateLimit-Policy": "RateLimitPolicy",
    "Retry-After": "RetryAfter",
    "WWW-Authenticate": "WWWAuthenticate",
    "X-Request-Id": "RequestId",
}


def references(names: Iterable[str], *, gateway: bool = False) -> dict[str, Any]:
    """References to headers by their names in HTTP; `gateway`: the gateway may answer so too."""
    components = {name: _COMPONENTS[name] for name in names}
    if gateway:
        components |= {"X-Request-Id": "HandlerRequestId", "x-amzn-RequestId": "GatewayRequestId"}
    return {
        name: {"$ref": f"#/components/headers/{component}"}
        for name, component in sorted(components.items(), key=lambda pair: pair[0].lower())
    }
