import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from blueprint.paths import ROOT
from tests.support import suite

PLANTED = """
from tests.support.response_coverage import recorder

def test_one():
    recorder.saw("GET", "/api/v1/account", 418)

def test_other():
    recorder.saw("GET", "/api/v1/account", 200)
"""


@pytest.fixture
def left(tmp_path: Path) -> Path:
    """What two workers leave, of which one has seen what no document has."""
    (tmp_path / "test_planted.py").write_text(PLANTED)
    options = ["-p", "tests.support.suite_plugin", "-n", "2", "--rootdir", str(tmp_path)]
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, *options, str(tmp_path)]
    paths = os.pathsep.join(map(str, (ROOT, ROOT / "layers/core", ROOT / "leak-kit/src")))
    environment = os.environ | {suite.FOLDER: str(tmp_path), "PYTHONPATH": paths}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    return tmp_path


def test_what_any_worker_saw_is_judged(left: Path) -> None:
    """An undocumented response on one of them fails the suite, by its route and status."""
    [run] = suite.runs(left)
    assert run.outcomes["passed"] == 2
    judged = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-m",
            "whole",
            "tests/suite/test_responses.py",
        ],
        cwd=ROOT,
        env=os.environ | {suite.FOLDER: str(left)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert judged.returncode == 1
    assert re.search(r"not documented:\nE +GET /api/v1/account 418\n", judged.stdout)


def test_runs_add_up_to_one_line_in_pytests_form() -> None:
    """Each outcome that there was, and the time of all."""
    runs = [
        suite.Run("a", {"passed": 2, "deselected": 9, "warnings": 1}, []),
        suite.Run("b", {"passed": 1, "failed": 1, "error": 2}, []),
    ]
    line = suite.summary(runs, 61.5)
    assert line.strip("=") == " 1 failed, 3 passed, 2 errors in 61.50s (0:01:01) "
    assert suite.summary([], 1).strip("=") == " no tests ran in 1.00s "
    assert [run.failed for run in runs] == [False, True]
