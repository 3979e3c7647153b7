"""Programs, which sign in with an API key."""

from collections.abc import Mapping
from typing import Any

from agentcontainer.audit.event import Actor
from agentcontainer.auth.principal import KeyPrincipal, key_principal
from agentcontainer.auth.rate_limit import RateCounter, Window
from agentcontainer.clock import utc_now
from agentcontainer.keys.networks import allows
from agentcontainer.web.callers import RouteRequirements, address, user_agent
from agentcontainer.web.errors import (
    INVALID_KEY,
    Forbidden,
    RateLimited,
    missing_scope,
    wrong_address,
)


class KeyCaller:
    """Checks come in this order: status (the authorizer's), address, scope, rate.

    A request that one of them rejects costs nothing of what comes after it. `counter` counts the
    requests of limited keys.
    """

    unauthorized = INVALID_KEY
    security_scheme = "bearerAuth"

    def __init__(self, counter: RateCounter) -> None:
        self._counter = counter

    def identify(self, context: Mapping[str, Any]) -> KeyPrincipal | None:
        """The program, by the context of an admitted key."""
        return key_principal(context)

    def check(
        self,
        principal: KeyPrincipal,
        requirements: RouteRequirements,
        event: Mapping[str, Any],
        headers: dict[str, str],
    ) -> None:
        """Raises Forbidden or RateLimited; `headers` tell how the key stands in its window."""
        forbidden = _forbidden(principal, requirements, event)
        if principal.rate_limit is not None:
            counts = forbidden is None and requirements.enforce_limits
            window = self._count(principal, headers, consume=counts)
            if window is not None and counts and not window.admitted:
                raise RateLimited(window.seconds_left)
        if forbidden is not None:
            raise forbidden

    def actor(self, principal: KeyPrincipal, event: Mapping[str, Any]) -> Actor:
        """The key."""
        return Actor("key", principal.key_id, address(event), user_agent(event))

    def headers(self) -> Mapping[str, str]:
        """None: what they are told of their limit depends on the request."""
        return {}

    def _count(
        self, principal: KeyPrincipal, headers: dict[str, str], *, consume: bool
    ) -> Window | None:
        """In the fields of draft-ietf-httpapi-ratelimit-headers-10."""
        limit, now = principal.rate_limit, utc_now()
        assert limit is not None  # noqa: S101 -- for the type checker
        headers["RateLimit-Policy"] = f'"key";q={limit.requests};w={limit.window_seconds}'
        count = self._counter.consume if consume else self._counter.peek
        window = count(principal.key_id, limit, now)
        if window is not None:
            headers["RateLimit"] = f'"key";r={window.remaining};t={window.seconds_left}'
        return window


def _forbidden(
    principal: KeyPrincipal, requirements: RouteRequirements, event: Mapping[str, Any]
) -> Forbidden | None:
    networks = principal.allowed_ips if requirements.enforce_limits else ()
    if networks and not allows(networks, address(event)):
        return wrong_address()
    if requirements.scope and requirements.scope not in principal.scopes:
        return missing_scope(requirements.scope)
    return None
