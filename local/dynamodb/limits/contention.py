"""What DynamoDB refuses because of other requests: conflicts of transactions, and throttling.

Sources: "Transaction conflict handling in DynamoDB" and "Throughput quotas" (3,000 read units and
1,000 write units a second and partition) of the Developer Guide, and ThrottlingReason and
TransactionCanceledException of the API reference. A partition is taken for what one partition key
names: the narrowest that DynamoDB makes.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, NamedTuple

from local.dynamodb.limits.charges import Charge
from local.dynamodb.limits.checker import Target
from local.dynamodb.limits.errors import AwsError, Reason, cancelled

READS_A_SECOND: Final = 3000
WRITES_A_SECOND: Final = 1000

_TRANSACTION = "TransactWriteItems"
_TRANSACTIONS = frozenset({_TRANSACTION, "TransactGetItems"})
_WRITES = frozenset({"DeleteItem", "PutItem", "UpdateItem", _TRANSACTION})
_CONFLICT = Reason("TransactionConflict", "Transaction is ongoing for the item")
_THROTTLED = Reason(
    "ThrottlingError",
    "Throughput exceeds the current capacity of your table or index. DynamoDB is automatically "
    "scaling your table or index so please try again shortly. If exceptions persist, check if you "
    "have a hot key: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
    "bp-partition-key-design.html",
)


class Conflicts:
    """The items that are being written, by transactions and by writes of their own."""

    def __init__(self) -> None:
        self.enabled = True
        self._lock = threading.Lock()
        self._in_transactions: Counter[Hashable] = Counter()
        self._in_writes: Counter[Hashable] = Counter()

    @contextmanager
    def claim(self, operation: str, named: Sequence[Target]) -> Iterator[None]:
        """Holds what is written while the block runs; AwsError if another request is in the way.

        A transaction that writes is in the way of every other write of its items, and every write
        is in the way of a transaction, also of one that reads. Other reads and writes of their own
        are not in each other's way.
        """
        items = [target.identity for target in named]
        held = {_TRANSACTION: self._in_transactions}.get(operation, self._in_writes)
        if operation not in _WRITES:
            items, held = [], Counter()
        with self._lock:
            if self.enabled:
                self._raise_on_conflict(operation, named)
            held.update(items)
        try:
            yield
        finally:
            with self._lock:
                _release(held, items)

    def _raise_on_conflict(self, operation: str, named: Sequence[Target]) -> None:
        in_transactions = [target.identity in self._in_transactions for target in named]
        if operation in _TRANSACTIONS:
            in_writes = [target.identity in self._in_writes for target in named]
            busy = [any(both) for both in zip(in_transactions, in_writes, strict=True)]
            if any(busy):
                raise cancelled([_CONFLICT if is_busy else Reason() for is_busy in busy])
        elif operation in _WRITES and any(in_transactions):
            raise AwsError("TransactionConflictException", _CONFLICT.message or "")


def _release(held: Counter[Hashable], items: Sequence[Hashable]) -> None:
    held.subtract(items)
    for item in set(items):
        if not held[item]:
            del held[item]


class _Bucket(NamedTuple):
    units: float
    at: float


class Throughput:
    """What is left of each partition's units, and the items that a test makes too hot."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.enabled = True
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[tuple[str, str, str], _Bucket] = {}
        self._hot: set[Hashable] = set()

    @contextmanager
    def throttle(self, *items: Hashable) -> Iterator[None]:
        """Refuses requests that name one of these items (`keys.identity`) while the block runs."""
        self._hot |= set(items)
        try:
            yield
        finally:
            self._hot -= set(items)

    def admit(
        self,
        operation: str,
        named: Sequence[Target],
        partitions: Sequence[tuple[str, str]],
        writes: Sequence[Charge],
    ) -> list[Target]:
        """Takes the units of a write; AwsError if a partition has none left, or an item is hot.

        Of a batch of reads that is so of all; where it is so of some keys, these are returned.
        """
        kind = "Write" if writes else "Read"
        is_throttled = self._throttled(kind, named, partitions)
        if operation == "BatchGetItem" and not all(is_throttled):
            return [target for target, each in zip(named, is_throttled, strict=True) if each]
        if any(is_throttled):
            raise _throttled(operation, kind, is_throttled, named)
        self.consume(writes)
        return []

    def _throttled(
        self, kind: str, named: Sequence[Target], partitions: Sequence[tuple[str, str]]
    ) -> list[bool]:
        """Of each partition, and with it of each item, whether it takes no request now."""
        with self._lock:
            is_empty = [self.enabled and self._left(kind, *each) <= 0 for each in partitions]
        for at, target in enumerate(named):
            is_empty[at] |= target.identity in self._hot
        return is_empty

    def consume(self, charges: Iterable[Charge]) -> None:
        """Takes units, more than there are if need be: what was read is known afterwards alone."""
        with self._lock:
            for charge in charges:
                for kind, units in (("Read", charge.reads), ("Write", charge.writes)):
                    left = self._left(kind, charge.table, charge.partition) - units
                    where = kind, charge.table, charge.partition
                    self._buckets[where] = _Bucket(left, self._clock())

    def _left(self, kind: str, table: str, partition: str) -> float:
        most = READS_A_SECOND if kind == "Read" else WRITES_A_SECOND
        now = self._clock()
        bucket = self._buckets.get((kind, table, partition), _Bucket(most, now))
        return min(most, bucket.units + most * (now - bucket.at))


def _throttled(
    operation: str, kind: str, which: Sequence[bool], named: Sequence[Target]
) -> AwsError:
    if operation in _TRANSACTIONS:
        return cancelled([_THROTTLED if each else Reason() for each in which])
    tables = {target.table for target in named} or {""}
    reasons = [
        {"reason": f"Table{kind}KeyRangeThroughputExceeded", "resource": f"table/{table}"}
        for table in sorted(tables)
    ]
    return AwsError("ThrottlingException", _THROTTLED.message or "", throttlingReasons=reasons)
