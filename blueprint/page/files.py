"""What the page's site consists of: the local run serves this list, and publishing uploads it."""

import mimetypes
from collections.abc import Iterator
from pathlib import Path

from blueprint.paths import ROOT

FOLDER = ROOT / "dashboard"
VENDORED = FOLDER / "vendor"
"""What `make setup` fetches for the page, with npm."""

SCRIPTS_MISSING = (
    "The dashboard's page lacks its scripts: npm was not found, or could not fetch them. The API "
    "works without them. Install npm (any Node from 18), run 'make setup', and load the page again."
)

CONFIG = "config.js"
"""The one address that is no file: it is made for each stack, by `blueprint.page.config`."""

DOCUMENT = ROOT / "functions/openapi/openapi.yaml"
DOCUMENT_ADDRESS = "docs/openapi.yaml"
"""Where the reference reads the public document: at the page's own origin, from the one copy."""

AUTHENTICATION = ROOT / "docs/authentication.md"
AUTHENTICATION_ADDRESS = "docs/authentication.md"
"""The chapter that customers read first, as text."""

_OURS_ALONE = {"pinned.txt", "ready"}
_OF_OTHER_FOLDERS = {DOCUMENT_ADDRESS: DOCUMENT, AUTHENTICATION_ADDRESS: AUTHENTICATION}
_KINDS = {
    "LICENSE": "text/plain",
    ".md": "text/markdown",
    ".js": "text/javascript",
    ".yaml": "application/yaml",
}


def page_files(folder: Path = FOLDER) -> dict[str, Path]:
    """Every file of the site by its address, which begins without a slash.

    A folder's page is its index.html, which `/` at the end of an address stands for.
    """
    return dict(_own(folder)) | _OF_OTHER_FOLDERS


def kind(file: Path) -> str:
    """The file's Content-Type."""
    known = _KINDS.get(file.name) or _KINDS.get(file.suffix)
    return known or mimetypes.guess_type(file.name)[0] or "application/octet-stream"


def _own(folder: Path) -> Iterator[tuple[str, Path]]:
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.name.startswith(".") and file.name not in _OURS_ALONE:
            yield file.relative_to(folder).as_posix(), file
