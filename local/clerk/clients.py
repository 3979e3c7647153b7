"""The browsers that Clerk's part of the local run knows, by a cookie that scripts cannot read."""

import json
import secrets
from dataclasses import asdict, dataclass, field
from http.cookies import CookieError, SimpleCookie
from pathlib import Path

from local import private_file
from local.clerk.objects import new_id
from local.clerk.users import USERS, User

_MOST = 1000


@dataclass(slots=True)
class Browser:
    """What is remembered of one browser: who is signed in, or is about to be."""

    id: str = field(default_factory=lambda: new_id("client"))
    session_id: str | None = None
    user_id: str | None = None
    org_id: str | None = None
    sign_in_id: str | None = None
    signing_in: str | None = None

    @property
    def user(self) -> User | None:
        """Whose session it has."""
        return USERS.get(self.user_id) if self.user_id and self.session_id else None

    def begin(self, who: User) -> None:
        """Somebody has given an address, and owes the password."""
        self.signing_in, self.sign_in_id = who.id, new_id("sia")

    def enter(self, who: User) -> None:
        """The password was right."""
        self.session_id, self.user_id = new_id("sess"), who.id
        self.org_id = self.signing_in = None

    def leave(self) -> None:
        """Ends its session."""
        self.session_id = self.user_id = self.org_id = self.signing_in = self.sign_in_id = None


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

    def keep(self) -> None:
        """Writes them down, if there is news."""
        kept = json.dumps({s: asdict(b) for s, b in self._known.items() if b.user})
        if kept != self._kept:
            private_file.write(self._file, kept)
            self._kept = kept


def _read(file: Path) -> dict[str, Browser]:
    """None, if the file is not there or cannot be read: then everybody signs in again."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        return {secret: Browser(**browser) for secret, browser in kept.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
