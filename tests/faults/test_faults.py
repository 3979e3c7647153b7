from pathlib import Path

import pytest

from blueprint.paths import ROOT
from tests.faults.catalogue import ALL, BY_TESTS
from tests.faults.fault import Fault
from tests.faults.source_copy import SourceCopy


@pytest.mark.parametrize("fault", ALL, ids=lambda fault: fault.name)
def test_every_fault_can_be_planted(fault: Fault) -> None:
    """Its text stands once where it is looked for, and what takes its place is Python."""
    for edit in fault.edits:
        text = edit.apply(ROOT)
        if edit.file.endswith(".py"):
            compile(text, edit.file, "exec")


def test_every_fault_has_a_name_of_its_own() -> None:
    """By which its test is known."""
    assert len({fault.name for fault in ALL}) == len(ALL)
    assert all(fault.caught_by for fault in BY_TESTS)


@pytest.mark.prove
def test_a_copy_without_a_fault_passes(tmp_path: Path) -> None:
    """So that a failure with one says something."""
    tests = sorted({test for fault in BY_TESTS for test in fault.caught_by})
    done = SourceCopy(tmp_path).pytest(*tests)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.prove
@pytest.mark.parametrize("fault", BY_TESTS, ids=lambda fault: fault.name)
def test_every_fault_is_caught(fault: Fault, tmp_path: Path) -> None:
    """By one of the tests that it names, which fails and does not break."""
    copy = SourceCopy(tmp_path)
    fault.plant(copy.folder)
    done = copy.pytest(*fault.caught_by)
    assert done.returncode == 1, done.stdout + done.stderr
    print(done.stdout.splitlines()[-2])
