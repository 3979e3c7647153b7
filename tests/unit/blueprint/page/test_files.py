from pathlib import Path

import pytest

from blueprint.page.files import DOCUMENT, page_files
from blueprint.page.files import kind as kind_of
from blueprint.paths import ROOT


def test_the_site_is_the_folder_and_the_public_document() -> None:
    """Each file of ours by its address; the document from where PublicApi serves it, not a copy."""
    files = page_files()
    for name in ("index.html", "main.js", "icon.svg", "styles/page.css", "docs/index.html"):
        assert files[name] == ROOT / "dashboard" / name
    assert files["docs/openapi.yaml"] == DOCUMENT == ROOT / "functions/openapi/openapi.yaml"
    assert not (ROOT / "dashboard/docs/openapi.yaml").exists()


def test_what_is_ours_alone_is_not_on_the_site(tmp_path: Path) -> None:
    """Marks of `make setup`, hidden files, and what lies outside."""
    for name in ("site/vendor/ready", "site/vendor/x/pinned.txt", "site/.env", "site/a.js", "b.js"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert set(page_files(tmp_path / "site")) == {
        "a.js",
        "docs/authentication.md",
        "docs/openapi.yaml",
    }


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("index.html", "text/html"),
        ("main.js", "text/javascript"),
        ("page.css", "text/css"),
        ("icon.svg", "image/svg+xml"),
        ("inter.woff2", "font/woff2"),
        ("openapi.yaml", "application/yaml"),
        ("LICENSE", "text/plain"),
        ("unheard.of", "application/octet-stream"),
    ],
)
def test_every_file_says_what_it_is(name: str, kind: str) -> None:
    """The same wherever it is served, whatever the machine knows of types."""
    assert kind_of(Path(name)) == kind
