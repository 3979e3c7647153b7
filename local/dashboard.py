"""The dashboard's page on the local run: its files, its configuration, what it lacks."""

import mimetypes
from pathlib import Path

from local.messages import Answer, Headers, text
from local.page_config import config_js
from local.people import ACME, ADMIN, MEMBER, PASSWORD

MISSING = (
    "The dashboard's page lacks its scripts: npm was not found, or could not fetch them. The API "
    "works without them. Install npm (any Node from 18), run 'make setup', and load the page again."
)


class Dashboard:
    """Serves the page's files; config.js is made for each request."""

    def __init__(self, files: Path, *, publishable_key: str, url: str) -> None:
        self._files = files.resolve()
        self._publishable_key = publishable_key
        self._url = url

    @property
    def notice(self) -> str | None:
        """What keeps the page from working, if anything does."""
        return None if (self._files / "vendor/ready").exists() else MISSING

    def answer(self, method: str, path: str, headers: Headers) -> Answer:
        """The answer to a request for a file; `/` is the page. `headers` go with every file."""
        file = (self._files / path.lstrip("/")).resolve()
        if file == self._files:
            file /= "index.html"
        if method not in {"GET", "HEAD"}:
            return text(405, "GET only.\n")
        if file == self._files / "config.js":
            kind, content = "text/javascript", self._config().encode()
        elif file.is_relative_to(self._files) and file.is_file():
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            content = file.read_bytes()
        else:
            return text(404, "There is no such page.\n")
        # Never kept, so that an edit is seen.
        own = [("Content-Type", kind), ("Cache-Control", "no-store")]
        return Answer(200, own + headers, content)

    def _config(self) -> str:
        return config_js(
            publishable_key=self._publishable_key,
            clerk_proxy_url="/__clerk",
            # Whichever name of this machine the page was opened under.
            dashboard_url="/dashboard/v1",
            api_url=f"{self._url}/api/v1",
            sign_in_hint=(
                f"A local run: {ADMIN.email} is an admin of {ACME.name}, {MEMBER.email} a member. "
                f"Password: {PASSWORD}"
            ),
            notice=self.notice,
        )
