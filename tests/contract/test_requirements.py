"""Exact versions with hashes, the same in the tests as in what is deployed."""

import re
import tomllib
from pathlib import Path

import pytest

from blueprint.paths import ROOT

LAYER = ROOT / "layers/dependencies/requirements.txt"
FILES = [*sorted((ROOT / "requirements").glob("*.txt")), LAYER]


def versions(file: Path) -> dict[str, str]:
    """Package and version of each line."""
    return dict(re.findall(r"^([\w.-]+)==(\S+)", file.read_text(), re.MULTILINE))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_package_has_a_version_and_hashes(file: Path) -> None:
    """And no line names an index: installers use the one they are set up with."""
    text = file.read_text()
    assert versions(file)
    assert "://" not in text
    assert not re.search(r"^--", text, re.MULTILINE)
    for entry in re.split(r"\n(?=\S)", text.strip()):
        assert re.match(r"[\w.-]+==\S+", entry), entry
        assert "--hash=sha256:" in entry


def test_tests_meet_the_versions_that_are_deployed() -> None:
    """The layer's packages are among the development ones, each in the same version."""
    developed = versions(ROOT / "requirements/dev.txt")
    for package, version in versions(LAYER).items():
        assert developed[package] == version


def test_every_direct_dependency_is_locked() -> None:
    """`make lock` was run after the last change of pyproject.toml."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    files = {"layer": LAYER, "dev": FILES[0], "sam": FILES[1], "uv": FILES[2]}
    assert files["dev"].name == "dev.txt"
    for group, file in files.items():
        locked = versions(file)
        for requirement in groups[group]:
            if isinstance(requirement, str):
                name = re.match(r"[\w-]+", requirement)
                assert name is not None
                assert name[0] in locked
