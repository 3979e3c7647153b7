"""Every Python file is checked: no list of folders forgets one."""

import re
import subprocess
import tomllib
from pathlib import PurePosixPath

from blueprint.paths import ROOT

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]


def folders() -> set[str]:
    """The top folders in which git knows Python, or would take it."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return {PurePosixPath(name).parts[0] for name in listed.stdout.splitlines()}


def test_every_folder_is_formatted_and_linted() -> None:
    """`SOURCES` of the Makefile names them all."""
    sources = re.search(r"^SOURCES := (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert sources is not None
    assert set(sources[1].split()) == folders()


def test_every_folder_is_type_checked() -> None:
    """The `files` of mypy name them all."""
    assert set(SETTINGS["mypy"]["files"]) == folders()


def test_every_folder_is_under_the_import_contracts() -> None:
    """The layer and the leak kit by the names of their packages."""
    packages = set(SETTINGS["importlinter"]["root_packages"])
    assert packages == folders() - {"layers", "leak-kit"} | {"agentcontainer", "ac_scan"}


def test_every_function_has_tests_of_its_own() -> None:
    """Where somebody who changes it looks for them."""
    functions = [handler.parent.name for handler in ROOT.glob("functions/*/handler.py")]
    files = [ROOT / f"tests/unit/functions/test_{name}.py" for name in functions]
    missing = [str(file.relative_to(ROOT)) for file in files if not file.exists()]
    assert files
    assert not missing
