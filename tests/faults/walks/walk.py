"""A walk: what is added often, place by place, and the test that names each.

CONTRIBUTING.md tells the walks too, and a test compares.
"""

from typing import NamedTuple

from tests.faults.fault import Edit

DOCUMENTS = "tools.openapi --check"
"""What fails where a document is not made anew: a module of ours with its arguments."""


class Step(NamedTuple):
    """One place: edits, or the module that makes what is generated."""

    name: str
    told_by: str
    """A test, or a module with its arguments, that fails where this is left out."""
    says: str
    """What its output then matches: the place."""
    edits: tuple[Edit, ...] = ()
    module: str = ""
    within: str = ""
    """The step whose text this one's stands in: without that one, this one is left out too."""
    walk: str = ""
    """The walk that has these places, where CONTRIBUTING.md names it and not them."""


class Walk(NamedTuple):
    """The steps of an addition, by their heading in CONTRIBUTING.md."""

    heading: str
    steps: tuple[Step, ...]
    also: tuple[str, ...] = ()
    """More tests that pass once every step is done."""

    def without(self, left_out: Step) -> tuple[Step, ...]:
        """The others, but for those that cannot be done without it."""
        return tuple(s for s in self.steps if s != left_out and s.within != left_out.name)

    @property
    def checks(self) -> list[str]:
        """Everything that tells of a place, each once."""
        return list(dict.fromkeys([*(step.told_by for step in self.steps), *self.also]))
