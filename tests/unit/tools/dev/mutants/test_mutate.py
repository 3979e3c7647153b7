from tools.dev.mutants.mutate import MutatedModule, mutate

CODE = '''
from typing import NamedTuple, override

class Base:
    def name(self) -> str:
        return "base"

class Limit(Base):
    """A class with all that has a decorator."""

    def __init__(self, most: int) -> None:
        self.most = most

    @property
    def following(self) -> int:
        """What is too much."""
        return self.most + 1

    @property
    @override
    def kind(self) -> str:
        return "limit"

    @override
    def name(self) -> str:
        return "limit"

    @staticmethod
    def unit() -> str:
        return "day"

class Pair(NamedTuple):
    left: int

    @property
    def double(self) -> int:
        return self.left * 2

def allows(given: int, most: int = 10) -> bool:
    return given <= most
'''


def mutated() -> MutatedModule:
    """All mutants of the code above."""
    return mutate("agentcontainer.keys.limit", CODE)


def test_functions_and_methods_have_mutants() -> None:
    """Also static ones, properties, and methods that override another."""
    assert {mutant.function for mutant in mutated().mutants} == {
        "Base.name",
        "Limit.__init__",
        "Limit.following",
        "Limit.kind",
        "Limit.name",
        "Limit.unit",
        "Pair.double",
        "allows",
    }


def test_without_a_mutant_the_module_does_what_it_did() -> None:
    """Properties are properties still."""
    module: dict[str, object] = {"__name__": "agentcontainer.keys.limit"}
    exec(mutated().code, module)  # noqa: S102 -- what a module is
    shown = eval("[Limit(3).following, Limit(3).kind, Pair(4).double, allows(10)]", module)  # noqa: S307
    assert shown == [4, "limit", 8, True]
    assert eval("Limit.following.__doc__", module) == "What is too much."  # noqa: S307


def test_a_mutant_shows_its_change() -> None:
    """As lines of the function, under the function's own name."""
    [change] = [mutant.change for mutant in mutated().mutants if " < " in mutant.change]
    assert change == "-     return given <= most\n+     return given < most"


def test_a_mutant_knows_the_tests_of_its_module() -> None:
    """Tests mirror the source's paths."""
    mutant = mutated().mutants[0]
    assert mutant.mirror == "tests/unit/agentcontainer/keys/test_limit.py"
    assert mutant.trampoline == "agentcontainer.keys.limit.xǁBaseǁname"
