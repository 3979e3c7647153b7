"""What is known of one mutant, and how its tests ended."""

from typing import Literal, NamedTuple

type Status = Literal["killed", "timeout", "crashed", "survived", "unreached"]

KILLED: tuple[Status, ...] = ("killed", "timeout", "crashed")
"""A loop without an end or a crash of the interpreter is as good as a failed test."""


class Mutant(NamedTuple):
    """A function with one change in it."""

    name: str
    """By which mutmut's trampoline chooses it: module, function and number."""
    module: str
    function: str
    """The function's name within its module."""
    change: str
    """The lines that differ, as `diff` shows them."""

    @property
    def trampoline(self) -> str:
        """The name that mutmut gives the function, whichever of its mutants is active."""
        return self.name.partition("__mutmut_")[0]

    @property
    def mirror(self) -> str:
        """The file of the module's own tests."""
        *packages, name = self.module.split(".")
        return "/".join(["tests", "unit", *packages, f"test_{name}.py"])


class Result(NamedTuple):
    """How the tests ended that reach a mutant."""

    mutant: Mutant
    status: Status
    killer: str
    """The test that failed first; empty where none did."""
    tests: int
    """How many tests reach the function."""
    seconds: float
