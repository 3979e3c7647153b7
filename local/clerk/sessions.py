"""The browser's session: its tokens, its active organization, its end."""

import re
from typing import Any

from local.clerk import objects
from local.clerk.backend import Backend
from local.clerk.calls import Call, Route
from local.clerk.clients import Session
from local.clerk.errors import Rejected, not_found
from local.clerk.users import Organization


class Sessions:
    """Routes of `/client` and `/client/sessions`; a browser has one session at most."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    @property
    def routes(self) -> list[Route]:
        """What ClerkJS asks for at its start, and while somebody is signed in."""
        session = r"/client/sessions/(\w+)"
        return [
            ("GET|PUT|POST", "/client", self._client),
            ("DELETE", "/client|/client/sessions", self._sign_out),
            ("GET", session, self._get),
            ("POST", f"{session}/touch", self._touch),
            ("POST", f"{session}/tokens", self._token),
            ("POST", f"{session}/(?:end|remove)", self._end),
        ]

    def _client(self, call: Call, _: re.Match[str]) -> Any:
        return {"response": self._backend.client_object(call), "client": None}

    def _sign_out(self, call: Call, _: re.Match[str]) -> Any:
        call.browser.leave()
        return self._backend.respond(call, self._backend.client_object(call))

    def _get(self, call: Call, match: re.Match[str]) -> Any:
        self._session(call, match)
        return self._respond(call)

    def _touch(self, call: Call, match: re.Match[str]) -> Any:
        session = self._session(call, match)
        if call.has("active_organization_id"):
            active = self._organization(call, call.field("active_organization_id"))
            session.org_id = active.id if active else None
        session.last_active_at = objects.now()
        return self._respond(call)

    def _token(self, call: Call, match: re.Match[str]) -> Any:
        session = self._session(call, match)
        active = self._backend.organization(self._backend.user(call), session.org_id)
        if call.has("organization_id"):
            active = self._organization(call, call.field("organization_id"))
        return {"object": "token", "jwt": self._backend.mint(call, active)}

    def _end(self, call: Call, match: re.Match[str]) -> Any:
        self._session(call, match)
        ended = self._backend.session_object(call) | {"status": "ended"}
        call.browser.leave()
        return self._backend.respond(call, ended)

    def _session(self, call: Call, match: re.Match[str]) -> Session:
        session = self._backend.session(call)
        if session.id != match[1]:
            raise Rejected(401, "signed_out", "You are signed out.")
        return session

    def _organization(self, call: Call, wanted: str) -> Organization | None:
        """The organization that is meant, nothing for the personal account."""
        if not wanted:
            return None
        found = self._backend.organization(self._backend.user(call), wanted)
        if found is None:
            raise not_found("organization")
        return found

    def _respond(self, call: Call) -> Any:
        return self._backend.respond(call, self._backend.session_object(call))
