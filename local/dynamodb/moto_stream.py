"""The changes of a table of moto's, as records of a stream."""

import copy
import itertools
from collections import defaultdict
from typing import Any


class MotoStream:
    """What moto adds a table's changes to, in place of its own list, which only ever grows."""

    def __init__(self, table: Any, view: str) -> None:
        self.records: list[dict[str, Any]] = []
        self._table = table
        self._view = view
        self._numbers = itertools.count(1)

    def add(self, old: Any, new: Any) -> None:
        """One change: the item before and after, None where there is none."""
        from moto.dynamodb.models.table import StreamRecord  # noqa: PLC0415 -- slow import

        event = "INSERT" if old is None else "REMOVE" if new is None else "MODIFY"
        made = StreamRecord(self._table, self._view, event, old, new, next(self._numbers))
        record: dict[str, Any] = made.to_json()
        at = record["dynamodb"]["ApproximateCreationDateTime"]
        record["dynamodb"]["ApproximateCreationDateTime"] = int(at.timestamp())
        self.records.append(record)

    def take(self) -> list[dict[str, Any]]:
        """The changes since the last time."""
        taken, self.records = self.records, []
        return taken

    def copy(self) -> "MotoStream":
        """As a failed transaction goes back to: without what it would have added."""
        kept = copy.copy(self)
        kept.records = list(self.records)
        return kept


def copy_to_go_back_to(table: Any, _memo: object) -> Any:
    """A table as a transaction of moto's keeps it, in case that it fails.

    moto would copy every value of every item, once for each write: half a second and many megabytes
    of garbage at a few hundred keys. A write replaces values and never reaches into one, unless an
    expression has a path of several names, which none of ours has; so the values can be shared.
    """
    kept = copy.copy(table)
    kept.stream_shard = table.stream_shard and table.stream_shard.copy()
    kept.items = defaultdict(dict)
    for partition, items in table.items.items():
        kept.items[partition] = {key: _copy_item(item) for key, item in items.items()}
    return kept


def _copy_item(item: Any) -> Any:
    kept = copy.copy(item)
    kept.attrs = type(item.attrs)()
    # As a plain dict: its own way of setting adds up the sizes of all values each time.
    dict.update(kept.attrs, item.attrs)
    return kept
