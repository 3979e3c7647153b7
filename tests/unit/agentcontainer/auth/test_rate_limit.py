from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agentcontainer.auth.rate_limit import RateCounter, Window
from agentcontainer.dynamodb.table import Table
from agentcontainer.errors import StoreUnavailable
from agentcontainer.keys.verification import RateLimit

NOW = datetime(2026, 3, 25, 9, 30, 10, tzinfo=UTC)
LIMIT = RateLimit(3, 60)


@pytest.fixture
def counter(tables: Any) -> RateCounter:
    """A counter on an empty table."""
    return RateCounter(Table("Keys"))


def test_as_many_requests_as_the_limit_pass_in_a_window(counter: RateCounter) -> None:
    """Then none, until the next window begins; windows are aligned to the epoch."""
    windows = [counter.consume("key_1", LIMIT, NOW) for _ in range(5)]
    assert [window.admitted for window in windows] == [True, True, True, False, False]
    assert [window.remaining for window in windows] == [2, 1, 0, 0, 0]
    assert {window.seconds_left for window in windows} == {50}
    last = counter.consume("key_1", LIMIT, NOW + timedelta(seconds=49, milliseconds=999))
    assert last == Window(admitted=False, remaining=0, seconds_left=1)
    assert counter.consume("key_1", LIMIT, NOW + timedelta(seconds=50)) == Window(
        admitted=True, remaining=2, seconds_left=60
    )


def test_keys_do_not_spend_each_others(counter: RateCounter) -> None:
    """Each has windows of its own."""
    for _ in range(3):
        counter.consume("key_1", LIMIT, NOW)
    assert counter.consume("key_2", LIMIT, NOW).admitted


def test_looking_spends_nothing(counter: RateCounter) -> None:
    """However often, also where nothing was spent yet."""
    counter.consume("key_1", LIMIT, NOW)
    for _ in range(5):
        assert counter.peek("key_1", LIMIT, NOW) == Window(
            admitted=True, remaining=2, seconds_left=50
        )
    assert counter.peek("key_2", LIMIT, NOW) == Window(admitted=True, remaining=3, seconds_left=50)


def test_a_limit_that_is_lowered_holds_at_once(counter: RateCounter) -> None:
    """What was spent of the window stays spent."""
    for _ in range(3):
        counter.consume("key_1", RateLimit(10, 60), NOW)
    assert not counter.consume("key_1", RateLimit(3, 60), NOW).admitted
    assert counter.peek("key_1", RateLimit(2, 60), NOW) == Window(
        admitted=True, remaining=0, seconds_left=50
    )


@pytest.mark.parametrize("seconds", [60, 86_400])
def test_a_window_is_forgotten_some_time_after_its_end(
    counter: RateCounter, tables: Any, seconds: int
) -> None:
    """DynamoDB deletes it; not while a slow clock may still count in it."""
    window = counter.consume("key_1", RateLimit(3, seconds), NOW)
    [item] = tables.scan(TableName="Keys")["Items"]
    end = int(NOW.timestamp()) + window.seconds_left
    assert end + 600 < int(item["ttl"]["N"]) < end + 86400


def test_a_dead_store_fails_the_count_and_not_the_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that is not counted is not admitted; one that is refused anyway is refused."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1")
    counter = RateCounter(Table("Keys"))
    with pytest.raises(StoreUnavailable):
        counter.consume("key_1", LIMIT, NOW)
    assert counter.peek("key_1", LIMIT, NOW) is None
