from typing import Any, NamedTuple

from tools.dev.mutants.mutant import Mutant
from tools.dev.mutants.selection import Selection

KEYS = "tests/unit/agentcontainer/keys"
MUTANT = Mutant("agentcontainer.keys.limit.x_allows__mutmut_1", "agentcontainer.keys.limit", "", "")


class Item(NamedTuple):
    """As much of a test as is looked at."""

    nodeid: str


def selected(seconds: float, costs: dict[str, float], mutant: Mutant = MUTANT) -> list[str]:
    """What a mutant meets if all of these tests reach its function."""
    selection = Selection(seconds)
    for nodeid, cost in costs.items():
        item: Any = Item(nodeid)
        selection.add(item, {MUTANT.trampoline}, cost)
    return [item.nodeid for item in selection.tests(mutant)]


def test_the_modules_own_tests_come_first_whatever_they_cost() -> None:
    """They are the likeliest to notice."""
    costs = {"tests/unit/a.py::test_a": 0.1, f"{KEYS}/test_limit.py::test_l": 9.0}
    assert selected(1, costs) == [f"{KEYS}/test_limit.py::test_l", "tests/unit/a.py::test_a"]


def test_others_are_taken_while_there_is_time() -> None:
    """Those of the package before the rest, and the cheapest of each."""
    costs = {
        "tests/unit/a.py::test_a": 0.1,
        f"{KEYS}/test_store.py::test_dear": 0.6,
        f"{KEYS}/test_store.py::test_cheap": 0.3,
    }
    of_the_package = [f"{KEYS}/test_store.py::test_cheap", f"{KEYS}/test_store.py::test_dear"]
    assert selected(0.5, costs) == of_the_package[:1]
    assert selected(0.9, costs) == of_the_package
    assert selected(1.1, costs) == ["tests/unit/a.py::test_a", *of_the_package]


def test_tests_of_a_file_run_together() -> None:
    """Fixtures of a module are made once."""
    costs = {"a.py::test_1": 0.1, "b.py::test_2": 0.2, "a.py::test_3": 0.3}
    assert selected(1, costs) == ["b.py::test_2", "a.py::test_1", "a.py::test_3"]


def test_a_function_that_no_test_reaches_has_none() -> None:
    """And is said to be unreached."""
    other = MUTANT._replace(name="agentcontainer.keys.limit.x_forgotten__mutmut_1")
    assert selected(1, {"a.py::test_1": 0.1}, other) == []


def test_all_are_those_of_any_mutant() -> None:
    """Each of them once."""
    selection = Selection(1)
    used: Any = Item("a.py::test_1")
    unused: Any = Item("b.py::test_2")
    selection.add(used, {MUTANT.trampoline}, 0.2)
    selection.add(unused, (), 0.1)
    other = MUTANT._replace(name="agentcontainer.keys.limit.x_allows__mutmut_2")
    assert selection.all([MUTANT, other]) == [used]


def test_a_test_can_be_taken_out() -> None:
    """By its id, also after it was asked for."""
    selection = Selection(1)
    item: Any = Item("a.py::test_1")
    selection.add(item, {MUTANT.trampoline}, 0.2)
    assert selection.tests(MUTANT) == [item]
    selection.remove(["a.py::test_1"])
    assert selection.tests(MUTANT) == []
