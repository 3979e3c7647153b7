import json
from datetime import date
from typing import Any

import pytest

from agentcontainer.clock import to_millis
from agentcontainer.dynamodb.item import encode_item
from agentcontainer.dynamodb.table import Table
from agentcontainer.errors import StoreUnavailable
from agentcontainer.usage.store import UsageStore
from functions.usage_recorder import handler as recorder
from tests.support.access_log import ACCOUNT_ID, AT, KEY_ID, delivery, line, read_delivery
from tests.support.event_fixtures import store_what_they_are_about
from tests.support.events import CONTEXT, event, key_store, stored

pytestmark = pytest.mark.usefixtures("tables")


def record(sent: dict[str, Any]) -> None:
    """Has a delivery recorded."""
    recorder.handler(sent, CONTEXT)


def counted(owner: str) -> dict[str, int]:
    """What is counted of an owner's day."""
    [day] = UsageStore(Table("Keys")).days(owner, date(2026, 3, 25), 1)
    return {name: n for name, n in day.counts.items() if name not in {"pk", "sk", "ttl"}}


def last_used(key_id: str = KEY_ID) -> int | None:
    """When the key was last used, in epoch milliseconds."""
    at = key_store().get(ACCOUNT_ID, key_id).last_used_at
    return None if at is None else to_millis(at)


def test_a_delivery_is_counted_and_its_last_use_noted() -> None:
    """For the key and its account; what is cut off is passed over, a refusal is no use."""
    store_what_they_are_about()
    record(event("usage_recorder/delivery"))
    expected = {"accepted": 1, "rateLimited": 1, "refused": 1, "refusedRevoked": 1}
    assert counted(KEY_ID) == counted(ACCOUNT_ID) == expected
    assert last_used() == AT + 1333


def test_row_66_a_delivery_that_comes_again_changes_nothing() -> None:
    """Whole, and after others."""
    store_what_they_are_about()
    record(delivery([line(time=AT + 5)]))
    record(delivery([line(time=AT + 9)], first_id=1))
    before = stored()
    record(delivery([line(time=AT + 5)]))
    assert stored() == before
    assert last_used() == AT + 9


def test_row_66_a_check_of_the_subscription_is_nothing() -> None:
    """CloudWatch sends one when it begins."""
    before = stored()
    record(event("usage_recorder/control-message"))
    record(delivery([line()], kind="CONTROL_MESSAGE"))
    assert stored() == before


def test_outcomes_are_metrics_without_keys(capsys: pytest.CaptureFixture[str]) -> None:
    """Counted once, however often a delivery comes."""
    sent = delivery([line(), line(), line(status=503)])
    record(sent)
    record(sent)
    lines = [json.loads(text) for text in capsys.readouterr().out.splitlines()]
    assert {line["outcome"]: line["Requests"] for line in lines} == {"accepted": 2, "failed": 1}
    assert len(lines) == 2
    for each in lines:
        [metric] = each["_aws"]["CloudWatchMetrics"]
        assert metric["Dimensions"] == [["outcome"]]
        assert KEY_ID not in json.dumps(each)


def test_lines_that_are_not_understood_are_warned_of(
    capsys: pytest.CaptureFixture[str], resources: dict[str, dict[str, Any]]
) -> None:
    """By their number alone, for what stands in them is unknown; an alarm watches it."""
    record(delivery([line(), "a secret", line(v=2)]))
    *_, warning = map(json.loads, capsys.readouterr().out.splitlines())
    assert (warning["warning"], warning["error"]) == ("UNREADABLE_LINES", "2 of 3")
    assert counted(KEY_ID) == {"accepted": 1}
    alarm = resources["UsageUnreadableAlarm"]["Properties"]
    assert alarm["MetricName"] == "Warnings"
    assert alarm["Dimensions"] == [{"Name": "warning", "Value": warning["warning"]}]


@pytest.mark.parametrize(
    ("keys", "size", "units"),
    [(1, 1, 7000), (1, 100, 70), (40, 100, 1240)],
)
def test_what_a_thousand_requests_are_written_with(
    tables: Any, keys: int, size: int, units: int
) -> None:
    """As DynamoDB bills: a unit an item, two in a transaction. docs/operations.md has it."""
    written = 0

    def count(params: dict[str, Any], model: Any, **_: Any) -> None:
        nonlocal written
        written += 2 * len(params["TransactItems"]) if "TransactItems" in params else 1

    events = recorder.table._client.meta.events  # noqa: SLF001 -- where every call passes
    ids = [f"key_{number:026d}" for number in range(keys)]
    requests = max(size, 50)
    messages = [line(keyId=ids[number % keys]) for number in range(requests)]
    # Of keys that are there, whose last use is one write.
    for key_id in ids:
        item = {"pk": f"account#{ACCOUNT_ID}", "sk": f"key#{key_id}", "id": key_id}
        tables.put_item(TableName="Keys", Item=encode_item(item))
    events.register("provide-client-params.dynamodb", count)
    try:
        for number in range(0, requests, size):
            at = AT + number
            moved = [text.replace(str(AT), str(at)) for text in messages[number : number + size]]
            record(delivery(moved, first_id=1000 + number))
    finally:
        events.unregister("provide-client-params.dynamodb", count)
    assert written * 1000 / requests == units


def test_what_cannot_be_stored_is_a_fault(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """So Lambda delivers it again; then the part that was counted is known, by the metric too."""
    store_what_they_are_about()
    sent = delivery([line()])

    def fails(*_: object) -> None:
        raise StoreUnavailable

    with monkeypatch.context() as broken:
        broken.setattr(recorder.keys, "advance", fails)
        with pytest.raises(StoreUnavailable):
            record(sent)
    assert last_used() is None
    record(sent)
    assert last_used() == AT
    assert counted(KEY_ID) == {"accepted": 1}
    lines = [json.loads(text) for text in capsys.readouterr().out.splitlines()]
    assert [(line["outcome"], line["Requests"]) for line in lines] == [("accepted", 1)]


def test_a_delivery_that_cannot_be_opened_is_a_fault() -> None:
    """It is a dead letter then, and not lost without a word."""
    with pytest.raises(Exception, match="gzip"):
        record({"awslogs": {"data": "AAAA"}})


def test_the_event_is_about_the_key_of_the_other_events() -> None:
    """Made of lines as the template writes them."""
    messages = [
        each["message"] for each in read_delivery(event("usage_recorder/delivery"))["logEvents"]
    ]
    assert json.loads(messages[0])["keyId"] == KEY_ID
    assert (
        json.loads(messages[0])["fingerprint"]
        == (event("account/get")["requestContext"]["authorizer"]["fingerprint"])
    )
