"""The dashboard's page on the local run: its files, its configuration, what it lacks."""

from pathlib import Path

from blueprint.page.config import config_js
from blueprint.page.files import CONFIG, SCRIPTS_MISSING, kind, page_files
from local.clerk.users import ACME, ADMIN, MEMBER, PASSWORD
from local.http.messages import Answer, Headers, text


class Dashboard:
    """Serves the page's files; config.js is made for each request."""

    def __init__(self, files: Path, *, publishable_key: str, url: str) -> None:
        self._files = files.resolve()
        self._publishable_key = publishable_key
        self._url = url

    @property
    def notice(self) -> str | None:
        """What keeps the page from working, if anything does."""
        return None if (self._files / "vendor/ready").exists() else SCRIPTS_MISSING

    def answer(self, method: str, path: str, headers: Headers) -> Answer:
        """The answer to a request for a file; `/` is the page. `headers` go with every file."""
        address = path.lstrip("/")
        if method not in {"GET", "HEAD"}:
            return text(405, "GET only.\n")
        # As the distribution does: template.yaml.
        if address == "docs":
            return Answer(308, [("Location", "/docs/"), *headers])
        if address == CONFIG:
            return _file("text/javascript", self._config().encode(), headers)
        if not address or address.endswith("/"):
            address += "index.html"
        files = page_files(self._files)
        if file := files.get(address):
            return _file(kind(file), file.read_bytes(), headers)
        if file := files.get("404.html"):
            return _file(kind(file), file.read_bytes(), headers, status=404)
        return text(404, "There is no such page.\n")

    def _config(self) -> str:
        return config_js(
            publishable_key=self._publishable_key,
            clerk_proxy_url="/__clerk",
            # Whichever name of this machine the page was opened under.
            dashboard_url="/dashboard/v1",
            api_url=f"{self._url}/api/v1",
            sign_in_hint=(
                f"A local run: {ADMIN.email} is an admin of {ACME.name}, {MEMBER.email} a member. "
                f"Password: {PASSWORD}. Or sign up with any other address: the run prints the code."
            ),
            notice=self.notice,
        )


def _file(media_type: str, content: bytes, headers: Headers, status: int = 200) -> Answer:
    # Never kept, so that an edit is seen.
    sent = [("Content-Type", media_type), ("Cache-Control", "no-store"), *headers]
    return Answer(status, sent, content)
