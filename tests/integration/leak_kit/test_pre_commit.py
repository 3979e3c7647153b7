import os
import subprocess
import sys
from pathlib import Path

import pytest

from blueprint.paths import ROOT
from tests.integration.leak_kit.conftest import Repository


@pytest.fixture
def hook(repository: Repository, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """What pre-commit says of a staged file, with the hook from this checkout."""
    repository.git("add", "--all")
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", "try-repo", ROOT, "ac-scan", "--verbose"],
        cwd=repository.folder,
        env=os.environ | {"PRE_COMMIT_HOME": str(tmp_path / "pre-commit")},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def staged(repository: Repository, key: str) -> None:
    """A key in a file that is UTF-16, which pre-commit takes for binary."""
    (repository.folder / "settings.ps1").write_bytes(f"$key = '{key}'\r\n".encode("utf-16"))


@pytest.fixture
def clean(repository: Repository) -> None:
    """A file without one."""
    (repository.folder / "settings.ps1").write_text("$key = $env:KEY")


@pytest.mark.usefixtures("staged")
def test_the_hook_stops_a_commit_with_a_key(
    request: pytest.FixtureRequest,
) -> None:
    """It tells where."""
    done = request.getfixturevalue("hook")
    assert done.returncode == 1
    assert "settings.ps1:1: AgentContainer API key ac_live_" in done.stdout


@pytest.mark.usefixtures("clean")
def test_the_hook_lets_a_commit_pass(request: pytest.FixtureRequest) -> None:
    """And was run."""
    done = request.getfixturevalue("hook")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 scanned" in done.stdout
