import re
import shutil
import subprocess
from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import Path

import pytest

from blueprint.paths import ROOT
from tests.faults.source_copy import SourceCopy
from tests.faults.walks.catalogue import WALKS
from tests.faults.walks.places import READERS
from tests.faults.walks.walk import DOCUMENTS, Step, Walk

CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
COMMANDS = {
    "": "",
    "tools.openapi": "`make openapi`",
    "tools.dev.resources": "`python -m tools.dev.resources`",
}
"""What a reader types for a module."""
STEPS = [(walk, step) for walk in WALKS for step in walk.steps]

each_walk = pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.heading)
each_step = pytest.mark.parametrize(
    ("walk", "step"), STEPS, ids=[f"{walk.heading}: {step.name}" for walk, step in STEPS]
)


def edit(steps: Iterable[Step], tree: Path) -> None:
    """Does the steps that are edits."""
    for step in steps:
        for one in step.edits:
            one.plant(tree)


def files(steps: Iterable[Step]) -> set[str]:
    """What the steps edit or make."""
    return {one.file for step in steps for one in step.edits}


@each_step
def test_every_step_can_be_taken_and_left_out(walk: Walk, step: Step, tmp_path: Path) -> None:
    """Each text stands once where it is looked for, and what comes of it is Python."""
    taken = walk.without(step)
    for file in files(taken):
        if (ROOT / file).exists():
            (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / file, tmp_path / file)
    edit(taken, tmp_path)
    for made in tmp_path.rglob("*.py"):
        compile(made.read_text(encoding="utf-8"), made, "exec")


@each_walk
def test_every_step_has_a_name_of_its_own(walk: Walk) -> None:
    """By which its test is known, and one that stands within another names that one."""
    names = [step.name for step in walk.steps]
    assert len(set(names)) == len(names)
    assert {step.within for step in walk.steps} <= {"", *names}
    assert all(bool(step.edits) != bool(step.module) for step in walk.steps)


def told(heading: str) -> str:
    """The list of CONTRIBUTING.md under a heading."""
    found = re.search(rf"(?ms)^### {heading}\n(.*?)(?=^#|\Z)", CONTRIBUTING)
    assert found, f"CONTRIBUTING.md has no {heading}"
    return found[1]


def means(named: str, file: str) -> bool:
    """Whether a path of a text, whose beginning may be left out, is that of a file."""
    return fnmatch(file, named) or fnmatch(file, f"*/{named}")


@each_walk
def test_contributing_names_the_places_of_the_walk(walk: Walk) -> None:
    """All of them, what generates the rest, and no other."""
    text = told(walk.heading)
    named = set(re.findall(r"`([\w./*-]+\.\w+)`", text))
    edited = files(step for step in walk.steps if not step.walk)
    assert not [file for file in edited if not any(means(one, file) for one in named)]
    assert not [one for one in named if not any(means(one, file) for file in edited)]
    for step in walk.steps:
        assert COMMANDS[step.module] in text
        assert step.walk in text


def run(copy: SourceCopy, checks: Iterable[str]) -> list[subprocess.CompletedProcess[str]]:
    """The checks in the copy: tests together, each module by itself."""
    tests = [check for check in checks if check.startswith("tests/")]
    modules = [check.split() for check in checks if check not in tests]
    done = [copy.python("-m", *module) for module in modules]
    # All of what an assertion compares.
    return [*done, copy.pytest("-o", "verbosity_assertions=2", *tests)] if tests else done


def take(steps: Iterable[Step], folder: Path, *, make: bool = True) -> tuple[SourceCopy, str]:
    """A copy with the steps done, and what the generators said."""
    copy = SourceCopy(folder)
    edit(steps, folder)
    made = [copy.python("-m", step.module) for step in steps if step.module and make]
    return copy, "".join(one.stdout + one.stderr for one in made)


@pytest.mark.prove
@each_walk
def test_whoever_takes_every_step_is_through(walk: Walk, tmp_path: Path) -> None:
    """What would tell of one that is left out is content; so are formatter and linter."""
    copy, said = take(walk.steps, tmp_path)
    python = sorted(file for file in files(walk.steps) if file.endswith(".py"))
    linted = [copy.python("-m", "ruff", *how, *python) for how in (["check"], ["format", "--diff"])]
    for done in (*run(copy, walk.checks), *linted):
        assert done.returncode == 0, said + done.stdout + done.stderr


@pytest.mark.prove
@each_step
def test_a_place_that_is_forgotten_is_named(walk: Walk, step: Step, tmp_path: Path) -> None:
    """By the test, or the command, that the step says."""
    copy, said = take(walk.without(step), tmp_path, make=step.told_by.startswith(READERS))
    [done] = run(copy, [step.told_by])
    said += done.stdout + done.stderr
    # A test that fails and does not break; the documents' command counts.
    assert done.returncode == 1 or (done.returncode and step.told_by == DOCUMENTS), said
    assert re.search(step.says, said), said
