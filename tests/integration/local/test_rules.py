"""A template that breaks a rule of ours is refused before anything is served."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.source_copy import SourceCopy
from tests.support.product import start_and_fail


@pytest.fixture
def trapped(tmp_path: Path) -> Path:
    """A copy of the source, whose template keeps the authorizers' results."""
    tree = SourceCopy(tmp_path / "source").folder
    template = tree / "template.yaml"
    template.write_text(template.read_text().replace("ReauthorizeEvery: 0", "ReauthorizeEvery: 9"))
    return tree


def test_the_local_run_does_not_start(trapped: Path, tmp_path: Path) -> None:
    """`python -m local` says it on standard error, with status 1 and no traceback."""
    status, output = start_and_fail(tmp_path / "run", source=trapped)
    assert status == 1
    assert output.startswith("python -m local: template.yaml, line ")
    assert output.count("keeps its answers for 9 seconds") == 2
    assert "Traceback" not in output


def test_make_check_says_the_same(trapped: Path) -> None:
    """So that a trap is met before a run is started."""
    command = [sys.executable, "-m", "local.check"]
    done = subprocess.run(command, cwd=trapped, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "keeps its answers for 9 seconds" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
