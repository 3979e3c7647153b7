"""Which tests a mutant has to pass, by what one run of all tests without a mutant has shown."""

import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator

import pytest

from tools.dev.mutants.mutant import Mutant


class Selection:
    """The tests that reach a function: all of its own module's file, and some of the others.

    Args:
        seconds: what the others may cost a mutant, in processor time. Those of the same package
            come before the rest, the cheapest first.

    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._costs: dict[pytest.Item, float] = {}
        self._reaching: dict[str, list[pytest.Item]] = defaultdict(list)

    def add(self, item: pytest.Item, functions: Iterable[str], cost: float) -> None:
        """A test that was run, with the functions that it called, as trampolines name them."""
        self._costs[item] = cost
        for function in functions:
            self._reaching[function].append(item)

    def remove(self, nodeids: Iterable[str]) -> None:
        """Takes tests out by their ids."""
        out = set(nodeids)
        for function, items in self._reaching.items():
            self._reaching[function] = [item for item in items if item.nodeid not in out]
        self._tests.cache_clear()

    def cost(self, item: pytest.Item) -> float:
        """What the test cost, in seconds of processor time."""
        return self._costs[item]

    def tests(self, mutant: Mutant) -> list[pytest.Item]:
        """In the order in which they should run."""
        return self._tests(mutant.trampoline, mutant.mirror)

    def all(self, mutants: Iterable[Mutant]) -> list[pytest.Item]:
        """Every test that is run for one of the mutants."""
        used = {item for mutant in mutants for item in self.tests(mutant)}
        return self._by_file([item for item in self._costs if item in used], "")

    @functools.cache  # noqa: B019 -- one selection lives as long as the process
    def _tests(self, function: str, mirror: str) -> list[pytest.Item]:
        reaching = self._reaching.get(function, [])
        own = [item for item in reaching if _file(item) == mirror]
        others = [item for item in reaching if _file(item) != mirror]
        package, _, _ = mirror.rpartition("/")
        near = [item for item in others if _file(item).startswith(package)]
        far = [item for item in others if not _file(item).startswith(package)]
        others = [*sorted(near, key=self.cost), *sorted(far, key=self.cost)]
        return self._by_file([*own, *self._affordable(others)], mirror)

    def _affordable(self, items: Iterable[pytest.Item]) -> Iterator[pytest.Item]:
        left = self._seconds
        for item in items:
            left -= self.cost(item)
            if left < 0:
                return
            yield item

    def _by_file(self, items: Iterable[pytest.Item], first: str) -> list[pytest.Item]:
        """File by file, as fixtures of a module want it: that one first, then the cheapest."""
        files: dict[str, list[pytest.Item]] = defaultdict(list)
        for item in items:
            files[_file(item)].append(item)
        ordered = sorted(files, key=lambda file: (file != first, sum(map(self.cost, files[file]))))
        return [item for file in ordered for item in files[file]]


def _file(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]
