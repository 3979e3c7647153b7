import tomllib
from collections.abc import Iterator

import pytest
from _pytest.mark import ParameterSet

from blueprint.paths import ROOT
from tests.faults import wrong_imports
from tests.faults.source_copy import SourceCopy
from tests.faults.wrong_imports import WrongImport

CONTRACTS = {
    contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> SourceCopy:
    """A copy of the source, of which each test takes back what it changed."""
    return SourceCopy(tmp_path_factory.mktemp("imports"))


@pytest.fixture
def planted(copy: SourceCopy, wrong: WrongImport) -> Iterator[SourceCopy]:
    """The copy with an import in it that does not belong there."""
    path = copy.folder / wrong.file
    before = path.read_bytes() if path.exists() else None
    wrong.plant(copy.folder)
    yield copy
    path.unlink()
    if before is not None:
        path.write_bytes(before)


def broken(copy: SourceCopy) -> set[str]:
    """The names of the contracts that `make contracts` calls broken."""
    done = copy.python("-c", "from importlinter.cli import lint_imports_command as run; run()")
    assert "Contracts:" in done.stdout, done.stdout + done.stderr
    # Long names are wrapped.
    said = " ".join(done.stdout.partition("Broken contracts")[0].split())
    found = {name for name in CONTRACTS if f"{name} BROKEN" in said}
    assert bool(found) == (done.returncode != 0), done.stdout
    return found


def test_every_contract_is_tried() -> None:
    """By one import at least that it has to refuse."""
    assert {wrong.breaks for wrong in wrong_imports.ALL} == CONTRACTS


def test_the_copy_as_it_is_breaks_no_contract(copy: SourceCopy) -> None:
    """So that one which is broken says something."""
    assert broken(copy) == set()


def tried() -> Iterator[ParameterSet]:
    """One of each contract in every run, the others in the long one."""
    contracts: set[str] = set()
    for wrong in wrong_imports.ALL:
        marks = [pytest.mark.prove] if wrong.breaks in contracts else []
        contracts.add(wrong.breaks)
        yield pytest.param(wrong, id=wrong.name, marks=marks)


@pytest.mark.parametrize("wrong", list(tried()))
def test_a_wrong_import_breaks_its_contract(planted: SourceCopy, wrong: WrongImport) -> None:
    """Wherever it stands, in a module of today or in a new one."""
    assert wrong.breaks in broken(planted)
