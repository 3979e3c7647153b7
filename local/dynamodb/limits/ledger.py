"""What passed a proxy: operations, units and bytes, in all and while somebody looks."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple


class Entry(NamedTuple):
    """One request, and what came of it."""

    operation: str
    reads: float
    """Read units."""
    writes: float
    """Write units."""
    sent: int
    """Bytes of the request's body."""
    received: int
    """Bytes of the response's body."""
    error: str | None
    """The code of the error, or None."""


class Window:
    """The requests of a time, in the order of their ends."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    @property
    def operations(self) -> Counter[str]:
        """How many requests there were, by their operation."""
        return Counter(entry.operation for entry in self.entries)

    @property
    def errors(self) -> Counter[str]:
        """How many requests ended with an error, by its code."""
        return Counter(entry.error for entry in self.entries if entry.error)

    @property
    def reads(self) -> float:
        """Read units in all."""
        return sum(entry.reads for entry in self.entries)

    @property
    def writes(self) -> float:
        """Write units in all."""
        return sum(entry.writes for entry in self.entries)

    @property
    def received(self) -> int:
        """Bytes that the responses held."""
        return sum(entry.received for entry in self.entries)


class Ledger:
    """Notes requests for whoever looks; keeps nothing while nobody does but counts."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._windows: list[Window] = []
        self.operations: Counter[str] = Counter()
        """How many requests there ever were, by their operation."""

    def record(self, entry: Entry) -> None:
        """Notes one request that has ended."""
        with self._lock:
            self.operations[entry.operation] += 1
            for window in self._windows:
                window.entries.append(entry)

    @contextmanager
    def window(self) -> Iterator[Window]:
        """What passes while the block runs."""
        window = Window()
        with self._lock:
            self._windows.append(window)
        try:
            yield window
        finally:
            with self._lock:
                self._windows.remove(window)
