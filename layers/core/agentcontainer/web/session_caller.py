"""People on the dashboard's page, whose origin alone may read the responses."""

from collections.abc import Mapping
from typing import Any

from agentcontainer.audit.event import Actor
from agentcontainer.auth.principal import SessionPrincipal, session_principal
from agentcontainer.web.callers import ACCOUNT, RouteRequirements, address, user_agent
from agentcontainer.web.errors import INVALID_SESSION, AccountMismatch, not_an_admin
from agentcontainer.web.requests import check_headers, header


class SessionCaller:
    """Signed in with Clerk, on a page of `origin`."""

    unauthorized = INVALID_SESSION
    security_scheme = "sessionAuth"

    def __init__(self, origin: str) -> None:
        self._origin = origin

    def identify(self, context: Mapping[str, Any]) -> SessionPrincipal | None:
        """The person, by the context of an admitted session."""
        return session_principal(context)

    def check(
        self,
        principal: SessionPrincipal,
        requirements: RouteRequirements,
        event: Mapping[str, Any],
        headers: dict[str, str],  # noqa: ARG002 -- the protocol's
    ) -> None:
        """Raises AccountMismatch or Forbidden; InvalidRequest where two accounts are meant."""
        check_headers(event, [ACCOUNT])
        meant = header(event, ACCOUNT)
        # The active organization can have changed in another tab.
        if meant is not None and meant != principal.account_id:
            raise AccountMismatch
        if requirements.admin_only and not principal.may_manage:
            raise not_an_admin()

    def actor(self, principal: SessionPrincipal, event: Mapping[str, Any]) -> Actor:
        """The user."""
        return Actor("user", principal.user_id, address(event), user_agent(event))

    def headers(self) -> Mapping[str, str]:
        """CORS, for the page."""
        return {
            "Access-Control-Allow-Origin": self._origin,
            "Access-Control-Expose-Headers": "X-Request-Id, Retry-After, Idempotent-Replayed",
        }
