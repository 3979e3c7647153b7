"""The browsers that Clerk's part of the local run knows, by a cookie that scripts cannot read."""

import json
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from http.cookies import CookieError, SimpleCookie
from pathlib import Path

from local import private_file
from local.clerk import objects
from local.clerk.codes import Code
from local.clerk.objects import new_id

_MOST = 1000


@dataclass(slots=True)
class Session:
    """Somebody who is signed in; `agent` and `address` are those of the browser's last sign-in."""

    user_id: str
    agent: str = ""
    address: str = ""
    id: str = field(default_factory=lambda: new_id("sess"))
    org_id: str | None = None
    created_at: int = field(default_factory=objects.now)
    last_active_at: int = field(default_factory=objects.now)


@dataclass(slots=True)
class SignIn:
    """An attempt to sign in: somebody gave an address, and owes a password or an e-mail's code."""

    user_id: str
    id: str = field(default_factory=lambda: new_id("sia"))
    status: str = "needs_first_factor"
    code: Code | None = None


@dataclass(slots=True)
class SignUp:
    """An attempt to sign up. Of the password nothing but its hash is held, even in memory."""

    id: str = field(default_factory=lambda: new_id("sua"))
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    password_hash: str = ""
    code: Code | None = None


@dataclass(slots=True)
class Browser:
    """What is remembered of one browser: who is signed in, or is about to be.

    `code` is the last one that was sent to an address which somebody signed in wants to add.
    """

    id: str = field(default_factory=lambda: new_id("client"))
    session: Session | None = None
    sign_in: SignIn | None = None
    sign_up: SignUp | None = None
    code: tuple[str, Code] | None = None

    def enter(self, session: Session) -> None:
        """Begins a session; every attempt at one is over."""
        self.session = session
        self.sign_in = self.sign_up = self.code = None

    def leave(self) -> None:
        """Ends its session."""
        self.session = self.sign_in = self.sign_up = self.code = None


class Browsers:
    """All of them; those that are signed in are kept in a file, across restarts."""

    def __init__(self, file: Path, port: str) -> None:
        self._file = file
        # Cookies do not tell ports apart, and two runs are to stay signed in side by side.
        self._cookie = f"__client_{port}"
        self._known = _read(file)
        self._kept = ""

    def of(self, cookies: str) -> Browser | None:
        """The browser that sends these cookies, if it is known."""
        try:
            cookie = SimpleCookie(cookies).get(self._cookie)
        except CookieError:
            return None
        return self._known.get(cookie.value) if cookie else None

    def add(self, browser: Browser, path: str) -> str:
        """The cookie by which a browser is known from now on, for addresses below `path`."""
        while len(self._known) >= _MOST:
            del self._known[next(iter(self._known))]
        secret = secrets.token_urlsafe(24)
        self._known[secret] = browser
        return f"{self._cookie}={secret}; Path={path}; HttpOnly; SameSite=Lax"

    def with_sessions_of(self, user_id: str) -> Iterator[tuple[Browser, Session]]:
        """The browsers in which a user is signed in."""
        for browser in list(self._known.values()):
            if browser.session and browser.session.user_id == user_id:
                yield browser, browser.session

    def end_sessions_of(self, user_id: str, *, but: Browser | None = None) -> None:
        """Signs a user out everywhere, but in one browser if that is given."""
        for browser, _ in self.with_sessions_of(user_id):
            if browser is not but:
                browser.leave()

    def keep(self) -> None:
        """Writes the sessions down, if there is news."""
        kept = json.dumps(
            {
                secret: {"id": browser.id, "session": asdict(browser.session)}
                for secret, browser in self._known.items()
                if browser.session
            }
        )
        if kept != self._kept:
            private_file.write(self._file, kept)
            self._kept = kept


def _read(file: Path) -> dict[str, Browser]:
    """None, if the file is not there or cannot be read: then everybody signs in again."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        return {
            secret: Browser(browser["id"], Session(**browser["session"]))
            for secret, browser in kept.items()
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}
