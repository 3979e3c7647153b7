from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentcontainer.dynamodb.conditions import ConditionFailed
from agentcontainer.dynamodb.table import Table
from agentcontainer.errors import IdempotencyMismatch
from agentcontainer.idempotency import Once, once, recall, record

NOW = datetime(2026, 3, 25, 9, 30, tzinfo=UTC)
DAY = timedelta(hours=24)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def request(**changes: Any) -> Once:
    """A request with an Idempotency-Key, and changes."""
    parts: dict[str, Any] = {
        "account_id": "user_1",
        "method": "POST",
        "path": "/dashboard/v1/api-keys",
        "key": "abc",
        "body": {"name": "CI"},
        "now": NOW,
    }
    return once(**parts | changes)


@pytest.fixture
def table(tables: Any) -> Table:
    """An empty table."""
    return Table("Keys")


def test_the_same_request_finds_what_was_made(table: Table) -> None:
    """For 24 hours, and then it is a new one."""
    assert recall(table, request()) is None
    table.transact(*record(request(), "key_1"))
    assert recall(table, request(now=NOW + DAY)) == "key_1"
    late = request(now=NOW + DAY + timedelta(milliseconds=1))
    assert recall(table, late) is None
    table.transact(*record(late, "key_2"))
    assert recall(table, late) == "key_2"


def test_a_record_is_written_once(table: Table) -> None:
    """Of many at once the transaction of one goes through."""
    table.transact(*record(request(), "key_1"))
    with pytest.raises(ConditionFailed):
        table.transact(*record(request(), "key_2"))
    assert recall(table, request()) == "key_1"


def test_another_body_under_the_same_key_is_told(table: Table) -> None:
    """Rather than answered with what it did not ask for."""
    table.transact(*record(request(), "key_1"))
    with pytest.raises(IdempotencyMismatch):
        recall(table, request(body={"name": "other"}))


@pytest.mark.parametrize(
    "other",
    [{"account_id": "user_2"}, {"method": "PUT"}, {"path": "/dashboard/v1/api-key"}, {"key": "ab"}],
)
def test_a_key_means_something_in_its_account_method_and_path_alone(
    table: Table, other: dict[str, str]
) -> None:
    """The same key elsewhere is another thing."""
    table.transact(*record(request(), "key_1"))
    assert recall(table, request(**other)) is None


@given(json_values)
def test_bodies_that_are_the_same_json_are_the_same_request(value: Any) -> None:
    """In any order of members, and with 5.0 for 5."""
    assert request(body=value) == request(body=disguised(value))
    assert request(body=[value]) != request(body=[value, value])


def disguised(value: Any) -> Any:
    """The same JSON value, written differently."""
    match value:
        case bool():
            return value
        case int() if abs(value) < 2**53:
            return float(value)
        case list():
            return [disguised(element) for element in value]
        case dict():
            return {name: disguised(value[name]) for name in reversed(value)}
    return value


def test_a_request_without_a_key_leaves_nothing(table: Table) -> None:
    """And finds nothing."""
    assert recall(table, None) is None
    assert record(None, "key_1") == []


def test_a_record_holds_neither_the_key_nor_the_body(table: Table, tables: Any) -> None:
    """Hashes, and the id of what was made."""
    secret = "do not keep this"  # noqa: S105 -- a mark to look for
    table.transact(*record(request(key=secret, body={"name": secret}), "key_1"))
    assert secret not in str(tables.scan(TableName="Keys")["Items"])
