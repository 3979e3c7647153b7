"""What each document says of its API that no handler knows."""

import re
from pathlib import Path
from typing import Any, NamedTuple

from agentcontainer.web.callers import Caller
from agentcontainer.web.key_caller import KeyCaller
from agentcontainer.web.session_caller import SessionCaller
from blueprint.page.files import AUTHENTICATION
from blueprint.paths import ROOT

_VERSION = "1.0.0"
_LOCAL = {
    # Redocly lets nobody write localhost here.
    "url": "http://127.0.0.1:{port}",
    "description": "The local run (`make run`).",
    "variables": {"port": {"default": "3000", "description": "`make run PORT=`"}},
}


def _public_description() -> str:
    """The chapter about authentication is a page of its own too, for customers."""
    text = (ROOT / "tools/openapi/public.md").read_text(encoding="utf-8")
    chapter = AUTHENTICATION.read_text(encoding="utf-8")
    below = re.sub(r"^#", "##", chapter, flags=re.MULTILINE)
    return text.replace("<!-- authentication -->\n", below)


class Described(NamedTuple):
    """An API and where its document stands."""

    path: Path
    kind: type[Caller[Any]]
    title: str
    summary: str
    description: str
    servers: list[dict[str, Any]]
    security_scheme: dict[str, str]

    @property
    def info(self) -> dict[str, Any]:
        """The document's `info`."""
        return {
            "title": self.title,
            "version": _VERSION,
            "summary": self.summary,
            "description": self.description,
            "contact": {"name": "AgentContainer", "url": "https://agentcontainer.com/support"},
            "license": {"name": "MIT", "identifier": "MIT"},
        }


PUBLIC = Described(
    path=ROOT / "functions/openapi/openapi.yaml",
    kind=KeyCaller,
    title="AgentContainer API",
    summary="Dispatch work to AI agents.",
    description=_public_description(),
    servers=[{"url": "https://api.agentcontainer.com", "description": "Production."}, _LOCAL],
    security_scheme={
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "ac_live_ and 38 characters",
        "description": "An API key, created on the Settings page of the dashboard.",
    },
)
DASHBOARD = Described(
    path=ROOT / "docs/dashboard-api.yaml",
    kind=SessionCaller,
    title="AgentContainer dashboard API",
    summary="Create, rotate and revoke the API keys of an account.",
    description=(ROOT / "tools/openapi/dashboard.md").read_text(encoding="utf-8"),
    servers=[
        {"url": "https://dashboard-api.agentcontainer.com", "description": "Production."},
        _LOCAL,
    ],
    security_scheme={
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A session token issued by Clerk, valid for one minute.",
    },
)
