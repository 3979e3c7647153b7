import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from agentcontainer.keys import token
from blueprint.paths import ROOT


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`ac-scan`, installed with pip into an empty environment, from a copy that may be littered."""
    folder = tmp_path_factory.mktemp("installed")
    kit = shutil.copytree(ROOT / "leak-kit", folder / "leak-kit")
    options = ["--quiet", "--no-build-isolation", "--no-deps", "--no-index"]
    wheels = ["wheel", *options, "--wheel-dir", str(folder), str(kit)]
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    subprocess.run([*pip, *wheels], check=True)
    venv.create(folder / "venv", symlinks=True)
    [wheel] = folder.glob("ac_scan-*.whl")
    python = folder / "venv/bin/python"
    subprocess.run([*pip, "--python", python, "install", *options, wheel], check=True)
    return folder / "venv/bin/ac-scan"


def run(*command: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """With nothing of the environment that tests have."""
    return subprocess.run(
        command,
        input=stdin,
        env={"PATH": os.defpath},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_installed_command_finds_a_key_in_a_pipe(command: Path) -> None:
    """Alone in its environment."""
    done = run(command, "-", stdin=f"KEY={token.mint()}\n")
    assert done.returncode == 1
    assert done.stdout.startswith("standard input:1: ")
    assert run(command, "-", stdin="nothing\n").returncode == 0


def test_the_module_can_be_run(command: Path) -> None:
    """As `python -m ac_scan`, of the version that was installed."""
    done = run(command.with_name("python"), "-m", "ac_scan", "--version")
    assert done.stdout == run(command, "--version").stdout
