import json
import threading
from collections.abc import Mapping
from typing import Any

import pytest

from local.functions.function_process import FunctionFailed
from local.logs.subscription import Subscription, read_filter
from tests.support.access_log import read_delivery

PATTERN = '{ $.keyId = "key_*" }'


class Recorder:
    """A function that keeps what it is told, and fails as often as it is told to."""

    def __init__(self, failures: int = 0) -> None:
        self.told: list[dict[str, Any]] = []
        self.attempts = 0
        self._failures = failures
        filter_ = read_filter(PATTERN)
        assert filter_
        self.subscription = Subscription("It", "Log", filter_, self.invoke)

    def invoke(self, event: Mapping[str, Any], patience: float | None = None) -> None:
        """As a function's."""
        assert patience is None
        self.attempts += 1
        if self.attempts <= self._failures:
            raise FunctionFailed("it was told to")
        self.told.append(read_delivery(event))

    @property
    def events(self) -> list[dict[str, Any]]:
        """All log events that it was told of."""
        return [event for told in self.told for event in told["logEvents"]]


def line(number: int, key_id: str = "key_1") -> str:
    """A line that can be told from others."""
    return json.dumps({"keyId": key_id, "n": number})


def test_row_66_every_line_that_passes_the_filter_is_delivered_once() -> None:
    """In as few deliveries as hold them, each with its own id; the rest when it is stopped."""
    recorder = Recorder()

    def write(thread: int) -> None:
        for number in range(100):
            recorder.subscription.put(line(thread * 100 + number))
            recorder.subscription.put(line(number, key_id="-"))
            recorder.subscription.put("no JSON")
            recorder.subscription.put('["key_1"]')

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    recorder.subscription.stop()
    numbers = [json.loads(event["message"])["n"] for event in recorder.events]
    assert sorted(numbers) == list(range(600))
    ids = [event["id"] for event in recorder.events]
    assert ids == sorted(set(ids))
    assert len(recorder.told) <= 5
    for told in recorder.told:
        assert (told["messageType"], told["logGroup"]) == ("DATA_MESSAGE", "Log")
        assert told["subscriptionFilters"] == ["It"]


def test_a_delivery_that_fails_comes_again() -> None:
    """The same one, as Lambda does it."""
    recorder = Recorder(failures=2)
    recorder.subscription.put(line(1))
    recorder.subscription.stop()
    assert recorder.attempts == 3
    assert [json.loads(event["message"])["n"] for event in recorder.events] == [1]


def test_one_that_fails_for_good_is_told_and_those_after_it_come(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Here is no queue for dead letters, but they are not lost without a word."""
    recorder = Recorder(failures=3)
    for number in range(251):
        recorder.subscription.put(line(number))
    recorder.subscription.stop()
    assert recorder.attempts == 4
    assert len(recorder.events) == 1
    assert "It: 250 lines of the access log could not be delivered" in capsys.readouterr().err


@pytest.mark.parametrize(
    "pattern", ["", "{ $.keyId = key_* }", "{ $.status = 401 }", '{ $.keyId = "*" && $.x = "y*" }']
)
def test_another_pattern_is_not_known(pattern: str) -> None:
    """Rather than taken for this one."""
    assert read_filter(pattern) is None
