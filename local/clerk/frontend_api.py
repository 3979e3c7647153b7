"""Clerk's Frontend API on the local run, under /__clerk: what the real ClerkJS speaks to.

ClerkJS is told by its documented proxy setting that the Frontend API is here. It signs the two
people of `people.py` in, switches their organization, gives session tokens out and ends sessions.
What it does not know it refuses as Clerk would, in an error that Clerk's components show.

Browsers are told apart by a cookie that scripts cannot read, and no page of another origin is
answered, not even one of another port of this machine.
"""

import json
import re
import secrets
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from local.clerk import objects
from local.clerk.clients import Browser, Browsers
from local.clerk.instance import Clerk
from local.clerk.users import ORGANIZATIONS, PASSWORD, USERS, User, by_email, organizations_of
from local.http.messages import Answer, Request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PREFIX = "/__clerk"

_BODY_BYTES = 64 * 1024
_NO_PERSON = "Couldn't find your account."
_WRONG_PASSWORD = "Password is incorrect. Try again, or use another method."  # noqa: S105


class _Refused(Exception):
    """Answered with an error; `parameter` is the field that is to blame."""

    def __init__(self, status: int, code: str, message: str, parameter: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body = objects.errors(code, message, parameter)


@dataclass(frozen=True, slots=True)
class _Call:
    """A request of ClerkJS: it says GET and POST only, and means `method`."""

    method: str
    path: str
    form: Mapping[str, str]
    browser: Browser
    origin: str


type _Handler = Callable[[_Call, re.Match[str]], Any]


class FrontendApi:
    """Serves the browsers of the pages of some origins; what it remembers is in a file."""

    def __init__(self, clerk: Clerk, file: Path, origins: Iterable[str]) -> None:
        self._clerk = clerk
        self._origins = list(origins)
        self._browsers = Browsers(file, self._origins[0].rpartition(":")[2])
        self._lock = threading.Lock()
        self._routes: list[tuple[str, re.Pattern[str], _Handler]] = [
            (method, re.compile(path), handler)
            for method, path, handler in (
                ("GET", "/environment", self._environment),
                ("GET", "/client", self._client),
                ("PUT|POST", "/client", self._client),
                ("DELETE", "/client|/client/sessions", self._sign_out),
                ("POST", "/client/sign_ins", self._begin_sign_in),
                ("GET", r"/client/sign_ins/(\w+)", self._sign_in),
                ("POST", r"/client/sign_ins/(\w+)/attempt_first_factor", self._try_password),
                ("POST", r"/client/sessions/(\w+)/touch", self._touch),
                ("POST", r"/client/sessions/(\w+)/tokens", self._token),
                ("POST", r"/client/sessions/(\w+)/(?:end|remove)", self._end),
                ("GET", "/me", self._me),
                ("GET", "/me/organization_memberships", self._my_memberships),
                ("GET", "/me/organization_(?:invitations|suggestions)", self._none),
                ("GET", r"/organizations/(\w+)", self._organization),
                ("GET", r"/organizations/(\w+)/memberships", self._members),
                ("GET", r"/organizations/(\w+)/(?:membership_requests|invitations)", self._none),
            )
        ]

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answers one request."""
        request = Request.from_environ(environ)
        origin = request.header("Origin")
        if origin is not None and origin not in self._origins:
            answer = _answer(403, objects.errors("origin_invalid", "Another page's origin."))
            return answer.send(request.method, start_response)
        own = f"http://{(request.header('Host') or '').lower()}"
        with self._lock:
            browser, cookies = self._browsers.of(request.header("Cookie") or ""), []
            if browser is None:
                browser = Browser()
                cookies = [self._browsers.add(browser, PREFIX)]
            try:
                status, body = 200, self._serve(_read(request, browser, origin or own))
            except _Refused as refused:
                status, body = refused.status, refused.body
            self._browsers.keep()
        # ClerkJS reads from it whether there is anything to ask for.
        signed_in_since = objects.now() // 1000 if browser.user else 0
        cookies.append(f"__client_uat={signed_in_since}; Path=/; SameSite=Lax")
        return _answer(status, body, cookies).send(request.method, start_response)

    # --- Routes -----------------------------------------------------------------------------------

    def _serve(self, call: _Call) -> Any:
        for method, path, handler in self._routes:
            match = path.fullmatch(call.path)
            if match and call.method in method.split("|"):
                return handler(call, match)
        raise _Refused(404, "resource_not_found", "The local run's Clerk does not do this.")

    def _environment(self, call: _Call, _: re.Match[str]) -> Any:
        return objects.environment(call.origin + "/")

    def _client(self, call: _Call, _: re.Match[str]) -> Any:
        return {"response": self._client_of(call), "client": None}

    def _begin_sign_in(self, call: _Call, match: re.Match[str]) -> Any:
        who = by_email(call.form.get("identifier", ""))
        if who is None:
            raise _Refused(422, "form_identifier_not_found", _NO_PERSON, "identifier")
        call.browser.begin(who)
        if "password" in call.form:
            return self._try_password(call, match)
        return self._with_client(call, self._sign_in_of(call.browser))

    def _sign_in(self, call: _Call, _: re.Match[str]) -> Any:
        return self._with_client(call, self._sign_in_of(call.browser))

    def _try_password(self, call: _Call, _: re.Match[str]) -> Any:
        browser = call.browser
        who = USERS.get(browser.signing_in or "")
        given = call.form.get("password", "").encode()
        if who is None or not secrets.compare_digest(given, PASSWORD.encode()):
            raise _Refused(422, "form_password_incorrect", _WRONG_PASSWORD, "password")
        browser.enter(who)
        done = objects.sign_in(browser.sign_in_id or "", who, browser.session_id)
        return self._with_client(call, done)

    def _sign_out(self, call: _Call, _: re.Match[str]) -> Any:
        call.browser.leave()
        return self._with_client(call, self._client_of(call))

    def _touch(self, call: _Call, match: re.Match[str]) -> Any:
        who = self._session_owner(call, match[1])
        if "active_organization_id" in call.form:
            call.browser.org_id = _organization_id(who, call.form["active_organization_id"])
        return self._with_client(call, self._session_of(call, who))

    def _token(self, call: _Call, match: re.Match[str]) -> Any:
        who = self._session_owner(call, match[1])
        org_id = call.browser.org_id
        if "organization_id" in call.form:
            org_id = _organization_id(who, call.form["organization_id"])
        return {"object": "token", "jwt": self._mint(call, who, org_id)}

    def _end(self, call: _Call, match: re.Match[str]) -> Any:
        ended = self._session_of(call, self._session_owner(call, match[1]))
        call.browser.leave()
        return self._with_client(call, ended | {"status": "ended"})

    def _me(self, call: _Call, _: re.Match[str]) -> Any:
        return self._with_client(call, objects.user(_signed_in(call)))

    def _my_memberships(self, call: _Call, _: re.Match[str]) -> Any:
        who = _signed_in(call)
        mine = [objects.membership(one, who) for one in organizations_of(who)]
        return self._with_client(call, {"data": mine, "total_count": len(mine)})

    def _organization(self, call: _Call, match: re.Match[str]) -> Any:
        one = ORGANIZATIONS[_organization_id(_signed_in(call), match[1]) or ""]
        return self._with_client(call, objects.organization(one))

    def _members(self, call: _Call, match: re.Match[str]) -> Any:
        one = ORGANIZATIONS[_organization_id(_signed_in(call), match[1]) or ""]
        members = objects.memberships(one)
        return self._with_client(call, {"data": members, "total_count": len(members)})

    def _none(self, call: _Call, _: re.Match[str]) -> Any:
        _signed_in(call)
        return self._with_client(call, {"data": [], "total_count": 0})

    # --- Objects ----------------------------------------------------------------------------------

    def _with_client(self, call: _Call, response: Any) -> Any:
        """What ClerkJS expects of whatever may change the client."""
        return {"response": response, "client": self._client_of(call)}

    def _client_of(self, call: _Call) -> Any:
        who = call.browser.user
        sessions = [self._session_of(call, who)] if who else []
        return objects.client(call.browser.id, sessions, self._sign_in_of(call.browser))

    def _sign_in_of(self, browser: Browser) -> Any:
        who = USERS.get(browser.signing_in or "")
        return objects.sign_in(browser.sign_in_id or "", who, None) if who else None

    def _session_of(self, call: _Call, who: User) -> Any:
        browser = call.browser
        token = self._mint(call, who, browser.org_id)
        return objects.session(browser.session_id or "", who, browser.org_id, token)

    def _mint(self, call: _Call, who: User, org_id: str | None) -> str:
        role = ORGANIZATIONS[org_id].roles[who.id].removeprefix("org:") if org_id else None
        return self._clerk.session_token(
            who.id, org_id, role, session_id=call.browser.session_id, party=call.origin
        )

    def _session_owner(self, call: _Call, session_id: str) -> User:
        who = _signed_in(call)
        if session_id != call.browser.session_id:
            raise _Refused(401, "signed_out", "You are signed out.")
        return who


def _signed_in(call: _Call) -> User:
    if call.browser.user is None:
        raise _Refused(401, "signed_out", "You are signed out.")
    return call.browser.user


def _organization_id(who: User, wanted: str) -> str | None:
    """The organization that is meant, nothing for the personal account."""
    if not wanted:
        return None
    if wanted not in [one.id for one in organizations_of(who)]:
        raise _Refused(404, "resource_not_found", "There is no such organization.")
    return wanted


def _read(request: Request, browser: Browser, origin: str) -> _Call:
    """ClerkJS names the method that it means in the query, to stay clear of preflights."""
    query = dict(parse_qsl(request.query))
    if len(request.body) > _BODY_BYTES:
        raise _Refused(413, "request_body_invalid", "The request is too large.")
    form = dict(parse_qsl(request.body.decode(errors="replace"), keep_blank_values=True))
    path = request.path.removeprefix(PREFIX).removeprefix("/v1")
    method = query.get("_method", request.method) if request.method == "POST" else request.method
    return _Call(method.upper(), path, form, browser, origin)


def _answer(status: int, body: Any, cookies: Iterable[str] = ()) -> Answer:
    headers = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]
    headers += [("Set-Cookie", cookie) for cookie in cookies]
    return Answer(status, headers, json.dumps(body).encode())
