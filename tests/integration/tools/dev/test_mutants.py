"""A small project with a layer of one module, of which the tests miss something."""

import shutil
from pathlib import Path

import pytest

from blueprint.paths import ROOT
from tools.dev.mutants.mutant import Result, Status
from tools.dev.mutants.plan import Plan, read_results
from tools.dev.mutants.trial import plant, try_all

CODE = """
import functools

def allows(given: int) -> bool:
    return given < 10

def countdown(start: int) -> int:
    while start > 0:
        start -= 1
    return start

@functools.cache
def known() -> int:
    return found()

def found() -> int:
    return 3

def forgotten() -> int:
    return 4
"""
TESTS = """
import pytest
from agentcontainer.keys import limit

@pytest.fixture(scope="session")
def most() -> int:
    return 20

def test_allows(most):
    assert limit.allows(5)
    assert not limit.allows(most)

def test_countdown():
    assert limit.countdown(3) == 0

def test_known():
    assert limit.known() == 3

runs = []

def test_that_passes_once():
    runs.append(limit.allows(9) and not limit.allows(10))
    assert runs == [True]
"""


def make_project(tmp_path: Path) -> Path:
    """The project, with the tools in it."""
    keys = tmp_path / "layers/core/agentcontainer/keys"
    tests = tmp_path / "tests/unit/agentcontainer/keys"
    keys.mkdir(parents=True)
    tests.mkdir(parents=True)
    (keys / "__init__.py").touch()
    (keys.parent / "__init__.py").touch()
    (keys / "limit.py").write_text(CODE)
    (tests / "test_limit.py").write_text(TESTS)
    (tmp_path / "pyproject.toml").write_text(
        '[tool.pytest.ini_options]\nmarkers = ["prove", "alone"]\n'
        '[tool.mutmut]\nsource_paths = ["layers"]\n'
    )
    for folder in ("blueprint", "tools"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A project that a test may change."""
    return make_project(tmp_path)


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> list[Result]:
    """Every mutant of the project, tried."""
    tree = make_project(tmp_path_factory.mktemp("project"))
    results = tree / "results.json"
    plan = Plan(plant(tree, ["keys"]), jobs=2, seconds=5, results=str(results))
    assert try_all(tree, plan, "tests/unit") == 0
    return read_results(results)


def test_what_tests_miss_survives(tried: list[Result]) -> None:
    """The bound that none of them tries; nothing else does."""
    found: dict[Status, set[tuple[str, str]]] = {}
    for result in tried:
        changed = result.mutant.change.splitlines()[-1].removeprefix("+").strip()
        found.setdefault(result.status, set()).add((result.mutant.function, changed))
    assert found["survived"] == {
        ("allows", "return given <= 10"),
        ("allows", "return given < 11"),
    }
    assert found["unreached"] == {("forgotten", "return 5")}
    assert found["timeout"] >= {("countdown", "start += 1")}
    # A value that is known from before the mutant would hide it.
    assert ("found", "return 4") in found["killed"]
    assert found.keys() == {"survived", "unreached", "timeout", "killed"}


def test_a_killed_mutant_names_the_test(tried: list[Result]) -> None:
    """By its id, as pytest shows it."""
    [result] = [result for result in tried if result.mutant.function == "found"]
    assert result.killer == "tests/unit/agentcontainer/keys/test_limit.py::test_known"


def test_a_test_that_passes_once_kills_nothing(tried: list[Result]) -> None:
    """In a fork it runs for the second time, and fails with any mutant; it is left out."""
    assert not [result for result in tried if "passes_once" in result.killer]


def test_nothing_is_tried_while_a_test_fails(tree: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Such a test would kill every mutant that it reaches."""
    file = tree / "tests/unit/agentcontainer/keys/test_limit.py"
    file.write_text(TESTS + "\ndef test_wrong():\n    assert limit.known() == 5\n")
    plan = Plan(plant(tree, ["keys"]), jobs=1, seconds=5, results=str(tree / "results.json"))
    assert try_all(tree, plan, "tests/unit") != 0
    assert "test_wrong" in capfd.readouterr().err
    assert not (tree / "results.json").exists()


def test_the_original_is_not_tested(tree: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The environment has a path to it, which a copy without a layer of its own would take."""
    plan = Plan(plant(tree, ["keys"]), jobs=1, seconds=5, results=str(tree / "results.json"))
    shutil.rmtree(tree / "layers")
    assert try_all(tree, plan, "tests/unit") != 0
    assert "the copy would test" in capfd.readouterr().err
