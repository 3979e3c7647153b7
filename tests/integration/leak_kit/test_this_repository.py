import subprocess
from pathlib import Path

import pytest

from blueprint.paths import ROOT
from tests.integration.leak_kit.kit import ac_scan

ALLOWED = ROOT / "tests/data/known-keys.txt"


def test_this_repository_holds_no_key_that_is_not_known() -> None:
    """Every file that git has or would take; the known ones were never issued."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    files = [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    done = ac_scan("--allow", ALLOWED, *files, cwd=ROOT)
    assert done.returncode == 0, done.stdout
    assert len(files) > 500
    assert f"{len(files)} scanned" in done.stderr


@pytest.mark.prove
def test_its_history_holds_none_either(tmp_path: Path) -> None:
    """Of the commit that is checked out: a clone has nothing that others are trying out."""
    clone = ["git", "clone", "--quiet", "--bare", "--single-branch", f"file://{ROOT}", "clone.git"]
    subprocess.run(clone, cwd=tmp_path, check=True)
    done = ac_scan("--history", "--allow", ALLOWED, tmp_path / "clone.git")
    assert done.returncode == 0, done.stdout + done.stderr
