from contextlib import ExitStack
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.dynamodb.limits.charges import Charge
from local.dynamodb.limits.checker import Target
from local.dynamodb.limits.contention import (
    READS_A_SECOND,
    WRITES_A_SECOND,
    Conflicts,
    Throughput,
)
from local.dynamodb.limits.errors import AwsError
from tests.support.tables_in_memory import key

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["TransactWriteItems", "TransactGetItems", "UpdateItem", "GetItem"]),
        st.sets(st.sampled_from("abc"), min_size=1),
    ),
    max_size=8,
)
TRANSACTION, READING = "TransactWriteItems", "TransactGetItems"
WRITES = ["PutItem", "UpdateItem", "DeleteItem"]


def target(pk: str) -> Target:
    """An item that is named."""
    return Target("Put", "Keys", key(pk), {})


def claimed(conflicts: Conflicts, operation: str, *pks: str) -> dict[str, Any]:
    """What a request is told; nothing where it may pass."""
    try:
        with conflicts.claim(operation, [target(pk) for pk in pks]):
            return {}
    except AwsError as error:
        return error.json()


def test_transactions_on_one_item_conflict() -> None:
    """The second is cancelled, with a reason at the place of the item; afterwards it may pass."""
    conflicts = Conflicts()
    with conflicts.claim(TRANSACTION, [target("a"), target("b")]):
        for operation in (TRANSACTION, READING):
            told = claimed(conflicts, operation, "c", "a")
            assert told["__type"].endswith("#TransactionCanceledException")
            assert [reason["Code"] for reason in told["CancellationReasons"]] == [
                "None",
                "TransactionConflict",
            ]
        assert not claimed(conflicts, TRANSACTION, "c")
    assert not claimed(conflicts, TRANSACTION, "a", "b")


@pytest.mark.parametrize("write", WRITES)
def test_a_write_conflicts_with_a_transaction_and_with_nothing_else(write: str) -> None:
    """Whichever of them comes first."""
    conflicts = Conflicts()
    with conflicts.claim(TRANSACTION, [target("a")]):
        told = claimed(conflicts, write, "a")
        assert told["__type"].endswith("#TransactionConflictException")
        assert not claimed(conflicts, write, "b")
        assert not claimed(conflicts, "GetItem", "a")
    with conflicts.claim(write, [target("a")]):
        assert claimed(conflicts, TRANSACTION, "a")
        assert not claimed(conflicts, write, "a")
    assert not claimed(conflicts, TRANSACTION, "a")


@given(steps=STEPS)
def test_nothing_stays_claimed(steps: list[tuple[str, set[str]]]) -> None:
    """Whatever overlaps, and whatever of it was refused."""
    conflicts = Conflicts()
    with ExitStack() as open_claims:
        for operation, pks in steps:
            claim = conflicts.claim(operation, [target(pk) for pk in sorted(pks)])
            try:
                open_claims.enter_context(claim)
            except AwsError:
                continue
    assert not claimed(conflicts, TRANSACTION, "a", "b", "c")


def test_it_can_be_switched_off() -> None:
    """For a test that is about something else."""
    conflicts = Conflicts()
    conflicts.enabled = False
    with conflicts.claim(TRANSACTION, [target("a")]):
        assert not claimed(conflicts, TRANSACTION, "a")


class Clock:
    """A time that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Now."""
        return self.now


def admitted(throughput: Throughput, units: int, pk: str = "a", operation: str = "PutItem") -> Any:
    """What a write of so many units is told; nothing where it may pass."""
    charges = [Charge("Keys", pk, writes=units)]
    try:
        throughput.admit(operation, [target(pk)], [("Keys", pk)], charges)
    except AwsError as error:
        return error.json()
    return {}


def test_a_partition_writes_1000_units_a_second() -> None:
    """The next one passes when time has brought some back; other partitions have their own."""
    clock = Clock()
    throughput = Throughput(clock)
    assert not admitted(throughput, WRITES_A_SECOND)
    told = admitted(throughput, 1)
    assert told["__type"].endswith("#ThrottlingException")
    [reason] = told["throttlingReasons"]
    assert reason["reason"] == "TableWriteKeyRangeThroughputExceeded"
    assert not admitted(throughput, 1, "b")
    clock.now += 0.5
    assert not admitted(throughput, WRITES_A_SECOND // 2)
    assert admitted(throughput, 1)


def test_a_partition_reads_3000_units_a_second() -> None:
    """What is read is known afterwards, so the next one waits for it."""
    clock = Clock()
    throughput = Throughput(clock)
    throughput.consume([Charge("Keys", "a", reads=2 * READS_A_SECOND)])
    for seconds in (0, 0.9):
        clock.now += seconds
        with pytest.raises(AwsError, match="ThrottlingException"):
            throughput.admit("Query", [], [("Keys", "a")], [])
    clock.now += 0.2
    throughput.admit("Query", [], [("Keys", "a")], [])


def test_a_throttled_transaction_is_cancelled() -> None:
    """By the reason of on-demand tables."""
    throughput = Throughput(Clock())
    assert not admitted(throughput, WRITES_A_SECOND)
    told = admitted(throughput, 2, operation=TRANSACTION)
    assert [reason["Code"] for reason in told["CancellationReasons"]] == ["ThrottlingError"]


def test_one_item_can_be_made_hot() -> None:
    """Alone, whatever its partition has left, for as long as a test wants."""
    throughput = Throughput(Clock())
    throughput.enabled = False
    with throughput.throttle(target("a").identity):
        assert admitted(throughput, 1)
        assert not admitted(throughput, 5 * WRITES_A_SECOND, "b")
    assert not admitted(throughput, 1)
