import subprocess
import sys
from pathlib import Path

import yaml

from blueprint.paths import ROOT

WORKFLOW = ROOT / ".github/workflows/check.yml"


def findings(folder: Path) -> str:
    """What zizmor says of workflows, as their strictest reader; empty where it says nothing."""
    zizmor = str(Path(sys.executable).with_name("zizmor"))
    done = subprocess.run(
        [zizmor, "--offline", "--persona=pedantic", "--format=plain", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_the_workflow_gives_nothing_away() -> None:
    """No token, no action of others, no text of a stranger in a command."""
    assert findings(ROOT / ".github") == ""


def test_what_would_give_something_away_is_found(tmp_path: Path) -> None:
    """A permission, and an action that anybody could change."""
    workflow = tmp_path / ".github/workflows/check.yml"
    workflow.parent.mkdir(parents=True)
    text = WORKFLOW.read_text().replace("permissions: {}", "permissions: write-all")
    assert text != WORKFLOW.read_text()
    workflow.write_text(text)
    assert "excessive-permissions" in findings(tmp_path)


def test_the_workflow_runs_what_every_change_has_to_pass() -> None:
    """And ends by itself, where a test would not."""
    [job] = yaml.safe_load(WORKFLOW.read_text())["jobs"].values()
    assert job["timeout-minutes"] <= 30
    assert job["steps"][-1]["run"].endswith(" .ci/run")
