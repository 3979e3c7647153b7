"""What the resolver asks of whoever a function answers to: `key_caller` and `session_caller`."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from agentcontainer.audit.event import Actor
from agentcontainer.auth.principal import KeyPrincipal, SessionPrincipal
from agentcontainer.auth.scopes import Scope
from agentcontainer.web.requests import printable

ACCOUNT = "AgentContainer-Account"
"""The header in which a request names the account that it means."""


class RouteRequirements(NamedTuple):
    """What a route demands of its caller, beyond a credential of the API's kind."""

    scope: Scope | None = None
    admin_only: bool = False
    enforce_limits: bool = True
    """Whether the key's addresses and rate limit apply."""


class Caller[P: (KeyPrincipal, SessionPrincipal)](Protocol):
    """Callers of one kind, whose principal is a `P`."""

    unauthorized: str
    """The text of the one 401."""
    security_scheme: str
    """Its name in the API's document."""

    def identify(self, context: Mapping[str, Any]) -> P | None:
        """The caller whom this API's authorizer admitted, or None."""

    def check(
        self,
        principal: P,
        requirements: RouteRequirements,
        event: Mapping[str, Any],
        headers: dict[str, str],
    ) -> None:
        """Raises for a caller who may not use the route, or not now; may add response headers."""

    def actor(self, principal: P, event: Mapping[str, Any]) -> Actor:
        """The caller, as audit events name it."""

    def headers(self) -> Mapping[str, str]:
        """Headers of every response, beside those that all functions send."""


def address(event: Mapping[str, Any]) -> str:
    """The IP address that the request came from."""
    found: str = event["requestContext"]["identity"]["sourceIp"]
    return found


def user_agent(event: Mapping[str, Any]) -> str | None:
    """The program that the request says it came from, fit to be shown."""
    found = event["requestContext"]["identity"]["userAgent"]
    return None if found is None else printable(found)
