import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from blueprint.paths import ROOT
from tests.faults.source_copy import SourceCopy


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The tool, the documents and a changelog that announces no break, to be changed."""
    folder = SourceCopy(tmp_path).folder
    changelog = folder / "CHANGELOG.md"
    changelog.write_text(changelog.read_text().replace("### Breaking", "### Announced"))
    # Nor is there one: what is announced today is what was released.
    shutil.copy(folder / "functions/openapi/openapi.yaml", folder / "docs/released/openapi.yaml")
    return folder


def check(project: Path) -> subprocess.CompletedProcess[str]:
    """What `make check` runs."""
    command = [sys.executable, "-m", "tools.compatibility"]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)


def test_the_document_keeps_what_the_released_one_promised() -> None:
    """Or the changelog says so."""
    done = check(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_break_fails_until_the_changelog_says_so(project: Path) -> None:
    """With the operation, what breaks, and what to do."""
    document = project / "functions/openapi/openapi.yaml"
    document.write_text(document.read_text().replace("maxLength: 32000", "maxLength: 31000"))
    done = check(project)
    assert done.returncode == 2
    assert "POST /api/v1/agents: body: basePrompt: maxLength 32000 does not keep to 31000\n" in (
        done.stdout
    )
    assert "### Breaking" in done.stdout
    changelog = project / "CHANGELOG.md"
    said = "## Unreleased\n\n### Breaking\n- Prompts: `POST /api/v1/agents`.\n"
    changelog.write_text(changelog.read_text().replace("## Unreleased\n", said, 1))
    assert "PATCH" in check(project).stdout
    assert "POST /api/v1/agents:" not in check(project).stdout
