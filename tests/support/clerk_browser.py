"""A browser that speaks to the local run's Clerk as ClerkJS does, without a process."""

import json
import re
import time
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from werkzeug.test import Client

from agentcontainer.auth.clerk import Session, SessionVerifier
from local.clerk.frontend_api import FrontendApi
from local.clerk.instance import Clerk
from local.clerk.users import ADMIN, PASSWORD

if TYPE_CHECKING:
    from local.clerk.events import Event

ORIGIN = "http://localhost:3000"
OTHER_NAME = "http://127.0.0.1:3000"


class LocalClerk:
    """The local run's Clerk with its files in a folder, its e-mails and its events."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clerk = _clerk()
        self.mails: list[tuple[str, str]] = []
        self.events: list[Event] = []
        self.start()

    def start(self) -> None:
        """Starts it, or starts it again."""
        self.api = FrontendApi(
            self.clerk,
            self.folder,
            [ORIGIN, OTHER_NAME],
            lambda address, text: self.mails.append((address, text)),
            self.events.append,
        )

    def serve(self, environ: Any, start_response: Any) -> Any:
        """Answers a request, whichever start it was."""
        return self.api(environ, start_response)

    def browser(self) -> "Browser":
        """A new browser, in which nobody is signed in."""
        return Browser(self)

    def code(self, email: str) -> str:
        """The code of the last e-mail to an address."""
        [*_, text] = [text for address, text in self.mails if address == email]
        found = re.match(r"\d{6}\b", text)
        assert found, text
        return found[0]

    def stored(self) -> str:
        """All that it wrote."""
        return "".join(file.read_text() for file in self.folder.glob("*.json"))


@cache
def _clerk() -> Clerk:
    """One for all tests: reading a key takes longer than most of them."""
    with TemporaryDirectory() as folder:
        return Clerk(Path(folder, "key.pem"), ORIGIN)


class Browser:
    """A browser with cookies of its own, on a page of ours."""

    def __init__(self, local: LocalClerk) -> None:
        self.local = local
        self.client = Client(local.serve)

    def ask(self, method: str, path: str, origin: str | None = ORIGIN, **form: Any) -> Any:
        """Status and JSON of an answer to what ClerkJS would send."""
        headers = {"Host": "localhost:3000"} | ({"Origin": origin} if origin else {})
        if method == "GET":
            address = f"/__clerk/v1{path}?{urlencode(form, doseq=True)}"
            response = self.client.get(address, headers=headers)
        else:
            address = f"/__clerk/v1{path}?{urlencode({'_method': method})}"
            response = self.client.post(address, headers=headers, data=form)
        return response.status_code, response.json

    def done(self, method: str, path: str, **form: Any) -> Any:
        """What `ask` responds with, where it works."""
        status, answer = self.ask(method, path, **form)
        assert status == 200, answer
        return answer["response"]

    def rejected(self, method: str, path: str, **form: Any) -> tuple[int, str, str | None]:
        """Status, code and field of what does not work."""
        status, answer = self.ask(method, path, **form)
        assert status >= 400, answer
        [error] = answer["errors"]
        assert error["message"] == error["long_message"]
        return status, error["code"], error["meta"].get("param_name")

    def sign_in(self, email: str = ADMIN.email, password: str = PASSWORD) -> Any:
        """The session of somebody, in the two steps of Clerk's form."""
        begun = self.done("POST", "/client/sign_ins", identifier=email)
        path = f"/client/sign_ins/{begun['id']}/attempt_first_factor"
        status, done = self.ask("POST", path, strategy="password", password=password)
        assert status == 200, done
        [session] = done["client"]["sessions"]
        assert done["response"]["created_session_id"] == session["id"]
        return session

    def begin_sign_up(self, email: str, password: str = "analytical engine") -> str:  # noqa: S107
        """The address of an attempt to sign up, for which an e-mail's code is on its way."""
        attempt = self.done("POST", "/client/sign_ups", email_address=email, password=password)
        path = f"/client/sign_ups/{attempt['id']}"
        self.done("POST", f"{path}/prepare_verification", strategy="email_code")
        return path

    def sign_up(self, email: str, password: str = "analytical engine") -> Any:  # noqa: S107
        """A new user, who is signed in."""
        path = self.begin_sign_up(email, password)
        code = self.local.code(email)
        done = self.done("POST", f"{path}/attempt_verification", strategy="email_code", code=code)
        assert done["status"] == "complete"
        return self.session()["user"]

    def session(self) -> Any:
        """The session that the browser has, if any."""
        response = self.done("GET", "/client")
        return next(iter(response["sessions"]), None)

    def verified(self, token: str, party: str = ORIGIN) -> Session:
        """What the deployed verifier takes a token for."""
        clerk = self.local.clerk
        verifier = SessionVerifier(json.loads(clerk.jwks), clerk.issuer, [party])
        return verifier.verify(token, now=time.time())
