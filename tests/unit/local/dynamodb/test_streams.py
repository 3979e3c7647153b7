import threading
from collections.abc import Mapping
from typing import Any

import pytest

from local.dynamodb.streams import Reader, Streams, matches
from local.functions.function_process import FunctionFailed
from tests.support.product import eventually

INSERTED_A = {"eventName": ["INSERT"], "sk": [{"prefix": "a#"}]}


def record(sk: str, event: str = "INSERT") -> dict[str, str]:
    """What was written."""
    return {"eventName": event, "sk": sk}


class Function:
    """Remembers what it was sent, and fails as long as it is told to."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.batches: list[int] = []
        self.fails: Any = None

    def __call__(self, event: Mapping[str, Any], patience: float | None = None) -> Any:
        """As `Invoke`."""
        assert patience is None
        self.batches.append(len(event["Records"]))
        if isinstance(self.fails, Exception):
            raise self.fails
        if self.fails:
            return {"batchItemFailures": [{"itemIdentifier": "1"}]}
        self.taken += [each["sk"] for each in event["Records"]]
        return {"batchItemFailures": []}


def streams(function: Function, batch_size: int = 100) -> Streams:
    """One function on the stream of one table."""
    made = Streams()
    made.connect({"It": Reader("Keys", function, (INSERTED_A,), batch_size)})
    return made


@pytest.mark.parametrize(
    ("pattern", "value", "outcome"),
    [
        ({}, {"a": 1}, True),
        ({"a": [1, 2]}, {"a": 2, "b": 3}, True),
        ({"a": [1]}, {"a": 2}, False),
        ({"a": [1]}, {}, False),
        ({"a": {"b": ["x"]}}, {"a": {"b": "x"}}, True),
        ({"a": {"b": ["x"]}}, {"a": "x"}, False),
        ({"a": [{"prefix": "x"}, "y"]}, {"a": "xyz"}, True),
        ({"a": [{"prefix": "x"}, "y"]}, {"a": "y"}, True),
        ({"a": [{"prefix": "x"}]}, {"a": 5}, False),
    ],
)
def test_a_filter_lets_through_what_lambda_would(pattern: Any, value: Any, outcome: Any) -> None:
    """All named members, by any of the rules of each."""
    assert matches(pattern, value) is outcome


def test_a_function_gets_what_its_filter_lets_through_in_order() -> None:
    """Of its own table, in batches that are not larger than it says."""
    function = Function()
    reading = streams(function, batch_size=2)
    reading.bring("Keys", [record("a#1"), record("b#1"), record("a#2", "MODIFY"), record("a#3")])
    reading.bring("Agents", [record("a#4")])
    reading.bring("Keys", [record("a#5")])
    reading.stop()
    assert function.taken == ["a#1", "a#3", "a#5"]
    assert max(function.batches) <= 2


@pytest.mark.parametrize("fails", [FunctionFailed("it raised"), True])
def test_what_a_function_fails_on_is_brought_again(fails: Any) -> None:
    """Whether it raised or named a record, until it takes it; nothing is lost or out of order."""
    function = Function()
    function.fails = fails
    reading = streams(function)
    reading.bring("Keys", [record("a#1")])
    eventually(lambda: bool(function.batches))
    reading.bring("Keys", [record("a#2")])
    function.fails = None
    eventually(lambda: function.taken == ["a#1", "a#2"])
    reading.stop()


def test_stopping_does_not_wait_for_a_function_that_fails() -> None:
    """It is tried once more, and then that is that."""
    function = Function()
    function.fails = True
    reading = streams(function)
    reading.bring("Keys", [record("a#1")])
    stopped = threading.Thread(target=reading.stop)
    stopped.start()
    stopped.join(5)
    assert not stopped.is_alive()


def test_what_waits_survives_an_edit_of_the_template() -> None:
    """The new reader of the same name goes on with it."""
    old, new = Function(), Function()
    old.fails = True
    reading = streams(old)
    reading.bring("Keys", [record("a#1")])
    eventually(lambda: bool(old.batches))
    reading.connect({"It": Reader("Keys", new, (INSERTED_A,), 100)})
    eventually(lambda: new.taken == ["a#1"])
    reading.stop()
