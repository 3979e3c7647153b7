from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agentcontainer.audit.event import Actor, AuditEvent, Change
from agentcontainer.audit.store import AuditLog
from agentcontainer.dynamodb.table import Table
from agentcontainer.ids import new_id

NOW = datetime(2026, 3, 25, 9, 30, tzinfo=UTC)
RETENTION = timedelta(days=400)


def event(n: int, account: str = "user_1", key: str = "key_1") -> AuditEvent:
    """The nth event."""
    at = NOW + timedelta(seconds=n)
    return AuditEvent(
        id=new_id("evt", at),
        account_id=account,
        key_id=key,
        action="api_key.updated",
        actor=Actor("user", account, "192.0.2.1", "a browser"),
        changes={"name": Change(None, "CI"), "scopes": Change(["agents:read"], [])},
        created_at=at,
    )


@pytest.fixture
def log(tables: Any) -> AuditLog:
    """A log on an empty table."""
    return AuditLog(Table("Keys"), RETENTION)


def write(log: AuditLog, *events: AuditEvent) -> None:
    """Records events."""
    for recorded in events:
        Table("Keys").transact(log.put(recorded, {"revision": 1}))


def test_events_are_read_newest_first_as_they_were_recorded(log: AuditLog) -> None:
    """Of one account alone, in pages that lose nothing."""
    events = [event(n) for n in range(5)]
    write(log, *events, event(9, account="user_2"))
    first, last = log.page("user_1", NOW, key_id=None, after=None, limit=3)
    rest, end = log.page("user_1", NOW, key_id=None, after=last, limit=3)
    assert first + rest == events[::-1]
    assert end is None


def test_one_keys_events_can_be_read_alone(log: AuditLog) -> None:
    """Whatever lies between them."""
    events = [event(n, key=f"key_{n % 2}") for n in range(6)]
    write(log, *events)
    found, _ = log.page("user_1", NOW, key_id="key_1", after=None, limit=20)
    assert found == events[::-1][::2]


def test_an_event_is_not_shown_after_its_time(log: AuditLog, tables: Any) -> None:
    """DynamoDB deletes late; whoever asks is not to notice."""
    write(log, event(0))
    [item] = tables.scan(TableName="Keys")["Items"]
    assert int(item["ttl"]["N"]) == int((NOW + RETENTION).timestamp())
    moment = timedelta(milliseconds=1)
    before = log.page("user_1", NOW + RETENTION - moment, key_id=None, after=None, limit=20)
    after = log.page("user_1", NOW + RETENTION, key_id=None, after=None, limit=20)
    assert (len(before[0]), len(after[0])) == (1, 0)
