"""Clerk's Frontend API on the local run, under /__clerk: what the real ClerkJS speaks to.

ClerkJS is told by its documented proxy setting that the Frontend API is here. People sign up and
in, change their profile and password, end sessions, make organizations, invite and remove members,
and delete what is theirs (sign_up.py, sign_in.py, me.py, organizations.py). What it does not know
it rejects as Clerk would, in an error that Clerk's components show.

Browsers are told apart by a cookie that scripts cannot read, and no page of another origin is
answered, not even one of another port of this machine.
"""

import json
import logging
import re
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local.clerk import calls, objects
from local.clerk.backend import Backend, Deliver
from local.clerk.calls import PREFIX, Call, Handler
from local.clerk.clients import Browser, Browsers
from local.clerk.directory import Directory
from local.clerk.environment import environment
from local.clerk.errors import Rejected
from local.clerk.events import Event, Listener
from local.clerk.instance import Clerk
from local.clerk.me import Me
from local.clerk.organizations import MyOrganizations, Organizations
from local.clerk.sessions import Sessions
from local.clerk.sign_in import SignIns
from local.clerk.sign_up import SignUps
from local.http.messages import Answer, Request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_AVATAR = Answer(
    200,
    [("Content-Type", "image/svg+xml"), ("Cache-Control", "no-store")],
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40" fill="#fff">'
    b'<path fill="#64748b" d="M0 0h40v40H0z"/><circle cx="20" cy="15" r="7"/>'
    b'<path d="M6 40c0-9 6-14 14-14s14 5 14 14z"/></svg>',
)
_LOGGER = logging.getLogger(__name__)


def _nobody(_: Event) -> None:
    """Hears nothing."""


class FrontendApi:
    """Serves the browsers of the pages of some origins; what it remembers is in files of a folder.

    `deliver` takes the e-mails, `listener` hears what Clerk would send webhooks about.
    """

    def __init__(
        self,
        clerk: Clerk,
        data: Path,
        origins: Iterable[str],
        deliver: Deliver,
        listener: Listener = _nobody,
    ) -> None:
        self._origins = list(origins)
        self._directory = Directory(data / "clerk-users.json")
        port = self._origins[0].rpartition(":")[2]
        self._browsers = Browsers(data / "clerk-browsers.json", port)
        self._listener = listener
        self._lock = threading.Lock()
        backend = Backend(clerk, self._directory, self._browsers, deliver)
        self._routes: list[tuple[str, re.Pattern[str], Handler]] = [
            (method, re.compile(path), handler)
            for method, path, handler in (
                ("GET", "/environment", _environment),
                *Sessions(backend).routes,
                *SignIns(backend).routes,
                *SignUps(backend).routes,
                *Me(backend).routes,
                *Organizations(backend).routes,
                *MyOrganizations(backend).routes,
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
        if request.path == objects.AVATAR:
            return _AVATAR.send(request.method, start_response)
        own = f"http://{(request.header('Host') or '').lower()}"
        with self._lock:
            browser, cookies = self._browsers.of(request.header("Cookie") or ""), []
            if browser is None:
                browser = Browser()
                cookies = [self._browsers.add(browser, PREFIX)]
            status, body = self._respond(request, browser, origin or own)
            self._directory.keep()
            self._browsers.keep()
            events = self._directory.take_events()
        for event in events:
            self._tell(event)
        # ClerkJS reads from it whether there is anything to ask for.
        signed_in_since = objects.now() // 1000 if browser.session else 0
        cookies.append(f"__client_uat={signed_in_since}; Path=/; SameSite=Lax")
        return _answer(status, body, cookies).send(request.method, start_response)

    def _tell(self, event: Event) -> None:
        """The change is done, whatever the listener makes of it."""
        try:
            self._listener(event)
        except Exception:
            _LOGGER.exception("The listener failed for %s", event.type)

    def _respond(self, request: Request, browser: Browser, origin: str) -> tuple[int, Any]:
        try:
            return 200, self._serve(calls.read(request, browser, origin))
        except Rejected as rejected:
            return rejected.status, rejected.body

    def _serve(self, call: Call) -> Any:
        for method, path, handler in self._routes:
            match = path.fullmatch(call.path)
            if match and call.method in method.split("|"):
                return handler(call, match)
        raise Rejected(404, "resource_not_found", "The local run's Clerk does not do this.")


def _environment(call: Call, _: re.Match[str]) -> Any:
    return environment(call.origin + "/")


def _answer(status: int, body: Any, cookies: Iterable[str] = ()) -> Answer:
    headers = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]
    headers += [("Set-Cookie", cookie) for cookie in cookies]
    return Answer(status, headers, json.dumps(body).encode())
