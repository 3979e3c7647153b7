from datetime import date
from pathlib import Path

import pytest

from blueprint.errors import Refusal
from tools.release.number import main, number

TODAY = date(2026, 3, 25)
CHANGELOG = """\
# Changelog

## Unreleased

### Added
- A thing.

## 1.0.0 - 2026-01-01
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """What a release rewrites."""
    for folder in ("functions/openapi", "docs/released"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG)
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "1.0.0"\n')
    (tmp_path / "functions/openapi/openapi.yaml").write_text("openapi: 3.1.0\n")
    return tmp_path


def test_what_is_unreleased_gets_its_number(project: Path) -> None:
    """In the changelog, with the day, and in the project; the document becomes the released one."""
    number(project, "1.1.0", TODAY)
    told = (project / "CHANGELOG.md").read_text()
    assert "## Unreleased\n\n## 1.1.0 - 2026-03-25\n\n### Added\n- A thing.\n" in told
    assert 'version = "1.1.0"' in (project / "pyproject.toml").read_text()
    assert (project / "docs/released/openapi.yaml").read_text() == "openapi: 3.1.0\n"


@pytest.mark.parametrize("version", ["", "1.1", "v1.1.0", "1.01.0", "1.0.0", "1.1.0\n"])
def test_a_number_that_is_none_or_taken_changes_nothing(project: Path, version: str) -> None:
    """It is named instead."""
    with pytest.raises(Refusal):
        number(project, version, TODAY)
    assert (project / "CHANGELOG.md").read_text() == CHANGELOG


def test_nothing_is_no_release(project: Path) -> None:
    """A number stands for a change."""
    number(project, "1.1.0", TODAY)
    with pytest.raises(Refusal, match="nothing under"):
        number(project, "1.2.0", TODAY)


def test_a_mistake_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    """With what to write."""
    assert main([""]) == 1
    assert capsys.readouterr().err.startswith("make release VERSION=1.2.0: ")
