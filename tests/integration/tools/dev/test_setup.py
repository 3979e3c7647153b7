"""`make setup` on machines with other Pythons, which stand in for them here."""

import shutil
import subprocess
from pathlib import Path

import pytest

from blueprint.paths import ROOT

# A virtual environment's Python: what it installs is a uv, which says how it was called.
VENV_PYTHON = """\
#!/bin/sh
[ "$1" = -c ] && exit 0
echo "pip $*" >>"$CALLS"
cp "$TOOLS/uv" "$(dirname "$0")/uv"
"""
UV = """\
#!/bin/sh
echo "uv $*" >>"$CALLS"
[ "$1" = venv ] || exit 0
[ -z "${NO_313:-}" ] || exit 2
for folder; do :; done
mkdir -p "$folder/bin" "$folder/lib/python3.13/site-packages"
cp "$TOOLS/venv-python" "$folder/bin/python"
"""
OTHER_PYTHON = """\
#!/bin/sh
[ "$1" = -c ] && exit 1
echo "python3 $*" >>"$CALLS"
mkdir -p "$4/bin"
cp "$TOOLS/venv-python" "$4/bin/python"
"""


class Machine:
    """A copy of what setup needs, and a PATH with these commands alone."""

    def __init__(self, folder: Path) -> None:
        self.tree, self._tools, self._path = (folder / name for name in ("tree", "tools", "bin"))
        self._calls = folder / "calls"
        self._calls.touch()
        shutil.copytree(ROOT / "requirements", self.tree / "requirements")
        (self.tree / "tools/dev").mkdir(parents=True)
        shutil.copy(ROOT / "tools/dev/setup.sh", self.tree / "tools/dev")
        self._path.mkdir()
        self._tools.mkdir()
        for name in ("sh", "dirname", "cp", "mkdir"):
            (self._path / name).symlink_to(str(shutil.which(name)))
        self._write(self._tools / "venv-python", VENV_PYTHON)
        self._write(self._tools / "uv", UV)

    def add(self, name: str, text: str) -> None:
        """Puts a command on PATH."""
        self._write(self._path / name, text)

    def setup(self, **environment: str) -> subprocess.CompletedProcess[str]:
        """What `make setup` runs."""
        given = {"PATH": self._path, "CALLS": self._calls, "TOOLS": self._tools}
        return subprocess.run(
            [self._path / "sh", "tools/dev/setup.sh"],
            cwd=self.tree,
            env={name: str(value) for name, value in given.items()} | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def calls(self) -> list[str]:
        """How the commands were called, without their options."""
        lines = (line.split() for line in self._calls.read_text().splitlines())
        return [" ".join(word for word in line if not word.startswith("-")) for line in lines]

    @staticmethod
    def _write(path: Path, text: str) -> None:
        path.write_text(text)
        path.chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """One without any Python."""
    return Machine(tmp_path)


def test_another_python_is_enough_to_fetch_313(machine: Machine) -> None:
    """It installs uv from the package index, with checked hashes, and uv fetches Python 3.13."""
    machine.add("python3", OTHER_PYTHON)
    done = machine.setup()
    assert done.returncode == 0, done.stderr
    assert machine.calls[:3] == [
        "python3 venv .venv-uv",
        "pip pip install requirements/uv.txt",
        "uv venv 3.13 .venv",
    ]
    assert "uv venv 3.13 .venv-sam" in machine.calls
    assert machine.calls.count("python3 venv .venv-uv") == 1


def test_a_uv_that_is_there_fetches_313(machine: Machine) -> None:
    """None is installed for it."""
    machine.add("uv", UV)
    assert machine.setup().returncode == 0
    assert machine.calls[0] == "uv venv 3.13 .venv"


@pytest.mark.parametrize("commands", ["none", "python3", "uv"])
def test_where_313_cannot_be_had_a_sentence_says_what_to_do(
    machine: Machine, commands: str
) -> None:
    """As the last thing that is said."""
    for name, text in {"python3": OTHER_PYTHON, "uv": UV}.items():
        if name == commands:
            machine.add(name, text)
    done = machine.setup(NO_313="1")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("Python 3.13 was not found. Install it")


def test_setting_up_says_what_it_is_doing(machine: Machine) -> None:
    """Before each part that takes a while, so that a first `make run` does not look stuck."""
    machine.add("uv", UV)
    assert [line.split()[0] for line in machine.setup().stdout.splitlines()] == [
        "Setting",
        "Installing",
    ]
