"""A real browser on the dashboard's page, and what it saw."""

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import Any, override

from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from local.clerk.users import ADMIN, PASSWORD
from tests.support.product import Product

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
"""Debian's, unless the environment names another. Nothing is downloaded."""

TIMEOUT = 20_000
"""Milliseconds that anything may take on a machine that does other work too."""

expect.set_options(timeout=TIMEOUT)

# Where Chromium itself calls home, whatever it is told. The page's policy lets it ask none of them.
_BROWSERS_OWN = re.compile(r"\b(google|googleapis)\.com[:/]")

_WATCH = """
  window.violations = [];
  document.addEventListener('securitypolicyviolation', (event) => {
    window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
  });
"""


class Outside:
    """A proxy for all that is not this machine: it answers nothing, and remembers who was asked."""

    def __init__(self) -> None:
        asked: list[str] = []

        class Handler(BaseRequestHandler):
            @override
            def handle(self) -> None:
                first = self.request.recv(4096).split(b"\r\n")[0].decode(errors="replace")
                if not _BROWSERS_OWN.search(first):
                    asked.append(first)

        self.asked = asked
        self._server = ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Ends it."""
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def chromium(outside: Outside) -> Iterator[Browser]:
    """Chromium without a window; what it asks of other machines goes to `outside`."""
    with sync_playwright() as playwright:
        browser = _launch(playwright, outside)
        yield browser
        browser.close()


def _launch(playwright: Playwright, outside: Outside) -> Browser:
    return playwright.chromium.launch(
        executable_path=CHROMIUM,
        # Root, as on a builder, has no sandbox.
        args=["--no-sandbox", "--disable-quic"],
        proxy={"server": outside.url, "bypass": "localhost,127.0.0.1,[::1]"},
    )


class Tab:
    """A page of the dashboard in a context of its own, with all that went wrong in it."""

    def __init__(self, browser: Browser, product: Product, **how: Any) -> None:
        how.setdefault("viewport", {"width": 1200, "height": 820})
        self.product = product
        self.url: str = product.description["url"]
        self.context: BrowserContext = browser.new_context(**how)
        self.context.set_default_timeout(TIMEOUT)
        self.context.add_init_script(_WATCH)
        self.said: list[str] = []
        self.faults: list[str] = []
        self.requested: list[str] = []
        self.context.on("request", lambda request: self.requested.append(request.url))
        self.context.on("console", lambda message: self._hear(message.type, message.text))
        self.context.on("weberror", lambda error: self.faults.append(str(error.error)))
        self.page: Page = self.context.new_page()

    def _hear(self, kind: str, text: str) -> None:
        self.said.append(text)
        # The browser's own note of an answer such as 409, which tests ask for.
        if kind == "error" and not text.startswith("Failed to load resource"):
            self.faults.append(text)

    def close(self) -> None:
        """Closes it, and fails if anything went wrong that no test asked for."""
        violations = [
            violation
            for page in self.context.pages
            if page.url.startswith("http")
            for violation in page.evaluate("window.violations ?? []")
        ]
        self.context.close()
        own = re.compile(rf"(blob:)?{re.escape(self.url)}/|data:")
        assert [url for url in self.requested if not own.match(url)] == []
        assert violations == [], violations
        assert self.faults == [], self.faults

    # --- What people do ---------------------------------------------------------------------------

    def open(self, address: str = "/") -> Page:
        """Opens the page."""
        self.page.goto(self.url + address)
        return self.page

    def sign_in(self, email: str = ADMIN.email, password: str = PASSWORD) -> None:
        """Fills Clerk's own form, which has to be in view."""
        self.page.locator("input[name=identifier]").fill(email)
        self.page.locator("input[name=password]").fill(password)
        self.page.get_by_role("button", name="Continue", exact=True).click()

    def sign_up(self, email: str, password: str) -> Page:
        """Fills Clerk's own forms as somebody new, with the code that the run prints."""
        self.open()
        self.page.locator("input[name=identifier]").fill(email)
        self.page.get_by_role("button", name="Continue", exact=True).click()
        self.page.get_by_role("heading", name="Create your account").wait_for()
        self.page.locator("input[name=password]").fill(password)
        self.page.get_by_role("button", name="Continue", exact=True).click()
        self.type_code(email)
        self.page.get_by_role("heading", name="API keys").wait_for()
        return self.page

    def signed_up(self, email: str, password: str) -> Page:
        """Opens the page as somebody who signed up a while ago."""
        path = f"{self.url}/__clerk/v1/client/sign_ups"
        form: dict[str, str | float | bool] = {"email_address": email, "password": password}
        attempt = self.context.request.post(path, form=form).json()["response"]["id"]
        self.context.request.post(f"{path}/{attempt}/prepare_verification")
        [code] = self.product.mailed_codes(email)
        verify = f"{path}/{attempt}/attempt_verification"
        assert self.context.request.post(verify, form={"code": code}).ok
        self.open()
        self.page.get_by_role("heading", name="API keys").wait_for()
        return self.page

    def type_code(self, email: str, sent: int = 1) -> None:
        """Types the code that the run has printed; `sent` is which one to the address it is."""
        box = self.page.get_by_role("textbox", name="Enter verification code")
        box.wait_for()
        box.press_sequentially(self.product.mailed_codes(email, sent)[-1])

    def signed_in(
        self,
        email: str = ADMIN.email,
        org: str = "",
        address: str = "/",
        password: str = PASSWORD,
    ) -> Page:
        """Opens the page as somebody who signed in a while ago."""
        api = f"{self.url}/__clerk/v1"
        form: dict[str, str | float | bool] = {"identifier": email, "password": password}
        answer = self.context.request.post(f"{api}/client/sign_ins", form=form)
        session_id = answer.json()["response"]["created_session_id"]
        if org:
            touch = f"{api}/client/sessions/{session_id}/touch"
            self.context.request.post(touch, form={"active_organization_id": org})
        self.open(address)
        self.page.get_by_role("heading", level=1).wait_for()
        return self.page

    def sign_out_elsewhere(self) -> None:
        """Ends the session without the page's knowing."""
        self.context.request.post(f"{self.url}/__clerk/v1/client/sessions?_method=DELETE")

    def open_account(self, part: str) -> Locator:
        """Clerk's dialog about whoever is signed in, at one of its parts."""
        self.page.get_by_role("button", name="Open user menu").click()
        self.page.get_by_role("button", name="Manage account").click()
        self.page.get_by_role("button", name=part, exact=True).click()
        return self.dialog()

    def open_switcher(self) -> Locator:
        """Clerk's list of accounts."""
        self.page.get_by_role("button", name="Open organization switcher").click()
        return self.dialog()

    def open_organization(self, part: str) -> Locator:
        """Clerk's dialog about the active organization, at one of its parts."""
        self.open_switcher().get_by_role("button", name="Manage", exact=True).click()
        self.dialog().get_by_role("button", name=part, exact=True).click()
        return self.dialog()

    def row(self, name: str) -> Locator:
        """The row of a key."""
        button = self.page.get_by_role("button", name=name, exact=True)
        return self.page.get_by_role("row").filter(has=button)

    def choose(self, name: str, action: str) -> None:
        """Picks an action from a key's menu."""
        self.page.get_by_role("button", name=f"Actions for {name}", exact=True).click()
        self.page.get_by_role("menuitem", name=action).click()

    def dialog(self) -> Locator:
        """The dialog that is open."""
        return self.page.get_by_role("dialog")

    def create(self, name: str) -> str:
        """Makes a key; its token, with the dialog that shows it still open."""
        self.page.get_by_role("button", name="New key").click()
        self.dialog().get_by_role("textbox", name="Name").fill(name)
        self.dialog().get_by_role("button", name="Create key").click()
        return self.shown_token()

    def shown_token(self) -> str:
        """The token that the open dialog shows."""
        return self.dialog().get_by_role("group", name="the secret").inner_text()

    def store(self) -> None:
        """Says that the token is stored, and closes its dialog."""
        self.dialog().get_by_label("I have stored it").check()
        self.dialog().get_by_role("button", name="Done").click()
        self.dialog().wait_for(state="detached")
