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
    "CacheControl": _header("Nobody keeps the answer.", "no-store", always=True, const="no-store"),
    "ETag": _header("Names the agent's state, for `If-Match`.", '"3"', always=True),
    "GatewayRequestId": _header("The request's id, where API Gateway itself answers.", _REQUEST_ID),
    "HandlerRequestId": _header(
        "The request's id, unless API Gateway itself answers.", _REQUEST_ID
    ),
    "IdempotentReplayed": _header(
        "There where the request had been done before: nothing was done now.",
        "true",
        const="true",
    ),
    "Location": _header(
        "Where the new thing is.", "/api/v1/agents/agt_01kmj58ne0e7x2h9s4n6b8q1zt", always=True
    ),
    "RateLimit": _header(
        "Where the key has a rate limit: `r` requests are left for `t` seconds "
        "(draft-ietf-httpapi-ratelimit-headers-10).",
        '"key";r=58;t=41',
        pattern='^"key";r=[0-9]+;t=[0-9]+$',
    ),
    "RateLimitPolicy": _header(
        "The key's rate limit: `q` requests in every window of `w` seconds.",
        '"key";q=60;w=60',
        pattern='^"key";q=[0-9]+;w=[0-9]+$',
    ),
    "RequestId": _header(
        "The request's id: name it when you ask for help.", _REQUEST_ID, always=True
    ),
    "RetryAfter": _header(
        "After how many seconds to try again.", "41", always=True, pattern=_WHOLE
    ),
    "WWWAuthenticate": _header(
        "Which credential is asked for.",
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
