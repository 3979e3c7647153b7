"""DynamoDB Streams for the local run: what is written to a table is brought to functions.

As on AWS the writer waits for none of it, records come in the order of the writes, and a batch that
fails is brought again. Records are kept in memory alone, so a crash of the run loses those that
were under way, and a function that goes on failing loses the oldest; AWS keeps them for a day.
"""

import json
import threading
from collections import deque
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from local.functions.function import Invoke, TooLarge
from local.functions.function_process import FunctionFailed

type Record = Mapping[str, Any]

_MOST_WAITING = 10_000
_AGAIN_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Reader:
    """An event source mapping: a function, and which records of a table's stream it gets."""

    table: str
    invoke: Invoke
    patterns: tuple[Any, ...]
    batch_size: int
    waiting: deque[Record] = field(default_factory=lambda: deque(maxlen=_MOST_WAITING))

    def wants(self, record: Record) -> bool:
        """Whether any of the filters lets the record through; without filters all pass."""
        return not self.patterns or any(matches(pattern, record) for pattern in self.patterns)

    def read(self) -> bool:
        """Brings the function one batch; whether it took it."""
        batch = [self.waiting[n] for n in range(min(self.batch_size, len(self.waiting)))]
        with suppress(FunctionFailed, TooLarge):
            answer = self.invoke({"Records": batch})
            if not (answer or {}).get("batchItemFailures"):
                for _ in batch:
                    self.waiting.popleft()
                return True
        return False


class Streams:
    """The readers of all tables, on a thread that starts with the first record for one."""

    def __init__(self) -> None:
        self._readers: dict[str, Reader] = {}
        self._change = threading.Condition()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def connect(self, readers: Mapping[str, Reader]) -> None:
        """Takes the place of the readers before; what waits for one of the same name waits on."""
        with self._change:
            for name, reader in readers.items():
                if name in self._readers:
                    reader.waiting.extend(self._readers[name].waiting)
            self._readers = dict(readers)

    def bring(self, table: str, records: Iterable[Record]) -> None:
        """Hands on what was written to a table, and waits for nothing."""
        with self._change:
            for record in records:
                for reader in self._readers.values():
                    if reader.table == table and reader.wants(record):
                        reader.waiting.append(record)
            if self._thread is None and self._busy():
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()
            self._change.notify()

    def stop(self) -> None:
        """Brings what still waits, if the functions take it, and ends."""
        self._stopping.set()
        with self._change:
            self._change.notify()
        if self._thread:
            self._thread.join()

    def _run(self) -> None:
        while True:
            with self._change:
                while not self._stopping.is_set() and not self._busy():
                    self._change.wait()
                readers = self._busy()
            if self._stopping.is_set() and not readers:
                return
            # Without the lock: a function may take its time, and writers go on.
            taken = [reader.read() for reader in readers]
            if not all(taken):
                if self._stopping.is_set():
                    return
                self._stopping.wait(_AGAIN_SECONDS)

    def _busy(self) -> list[Reader]:
        return [reader for reader in self._readers.values() if reader.waiting]


def matches(pattern: Any, value: Any) -> bool:
    """Lambda's event filtering, as far as `local.apigateway.supported` lets a template use it."""
    if isinstance(pattern, dict):
        return isinstance(value, dict) and all(
            name in value and matches(inner, value[name]) for name, inner in pattern.items()
        )
    return any(_meets(rule, value) for rule in pattern)


def patterns(properties: Mapping[str, Any]) -> tuple[Any, ...]:
    """The filters of a translated event source mapping."""
    filters = properties.get("FilterCriteria", {}).get("Filters", ())
    return tuple(json.loads(each["Pattern"]) for each in filters)


def _meets(rule: Any, value: Any) -> bool:
    if isinstance(rule, dict):
        return isinstance(value, str) and value.startswith(rule["prefix"])
    return bool(rule == value)
