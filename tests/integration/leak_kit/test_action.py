import json
import os
import subprocess
import sys
from pathlib import Path

import yaml

from blueprint.paths import ROOT
from tests.integration.leak_kit.conftest import Repository

ACTION = yaml.safe_load((ROOT / "leak-kit/action.yml").read_text())


def step(cwd: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Runs the step as a runner does: its script by bash, its inputs put into its environment."""
    [one] = ACTION["runs"]["steps"]
    values = {name: declared["default"] for name, declared in ACTION["inputs"].items()} | inputs
    environment = {
        name: values[expression.removeprefix("${{ inputs.").removesuffix(" }}")]
        for name, expression in one["env"].items()
    }
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    assert one["shell"] == "bash"
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", one["run"]],
        cwd=cwd,
        env=os.environ | environment | {"GITHUB_ACTION_PATH": str(ROOT / "leak-kit"), "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_step_fails_on_a_key_and_passes_without(repository: Repository, key: str) -> None:
    """By the exit status, with the place in the log."""
    repository.commit(settings="nothing")
    assert step(repository.folder).returncode == 0
    repository.commit(settings=key)
    done = step(repository.folder)
    assert done.returncode == 1
    assert "settings:1: AgentContainer API key" in done.stdout


def test_the_step_scans_history_when_asked(repository: Repository, key: str) -> None:
    """And only then."""
    repository.commit(settings=key)
    repository.commit(settings="nothing")
    assert step(repository.folder).returncode == 0
    assert step(repository.folder, history="true").returncode == 1


def test_the_step_writes_sarif_and_still_fails(repository: Repository, key: str) -> None:
    """The file can be uploaded; the job is red."""
    repository.commit(settings=key)
    assert step(repository.folder, sarif="keys.sarif").returncode == 1
    [run] = json.loads((repository.folder / "keys.sarif").read_text())["runs"]
    assert len(run["results"]) == 1


def test_no_input_is_taken_for_a_command(repository: Repository) -> None:
    """Whatever a caller lets others choose stays an argument."""
    for name in ("path", "history", "allow", "sarif"):
        step(repository.folder, **{name: "$(touch run); touch run; --version"})
        assert not (repository.folder / "run").exists()
    [one] = ACTION["runs"]["steps"]
    assert "${{" not in one["run"]


def test_a_workflow_s_strictest_reader_finds_nothing(tmp_path: Path) -> None:
    """zizmor, in what is offered; it does find an input that is pasted into the script."""
    zizmor = [str(Path(sys.executable).with_name("zizmor")), "--offline", "--persona=pedantic"]
    action = tmp_path / "action.yml"
    text = (ROOT / "leak-kit/action.yml").read_text()
    for content, found in ((text, False), (text.replace("$SCAN_PATH", "${{ inputs.path }}"), True)):
        action.write_text(content)
        done = subprocess.run([*zizmor, action], capture_output=True, text=True, check=False)
        assert ("template-injection" in done.stdout) == found, done.stdout
        assert (done.returncode != 0) == found, done.stdout + done.stderr
