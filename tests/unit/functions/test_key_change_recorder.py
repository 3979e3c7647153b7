"""From a record of the stream to the line of the log."""

import json
from datetime import timedelta
from typing import Any

import pytest

from agentcontainer.clock import utc_now
from agentcontainer.dynamodb.item import decode_item
from agentcontainer.keys.change_line import is_line
from agentcontainer.keys.items import from_state
from agentcontainer.keys.key import Secret
from functions.api_keys.handler import handler as api_keys
from functions.key_change_recorder.handler import handler
from tests.support.events import CONTEXT, SOMEBODY, asking, body, event, key_store, session_event

EVENT = "key_change_recorder/key-revoked"


def test_a_record_becomes_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Who did what to which key, and how the key stands now; not what the caller sent along."""
    assert handler(event(EVENT), CONTEXT) == {"batchItemFailures": []}
    written = capsys.readouterr().out
    [line] = written.splitlines()
    found = json.loads(line)
    assert is_line(found)
    state, ended = from_state(found.pop("state"))
    assert ended == ()
    assert (state.id, state.revoked_reason, state.revision) == (found["keyId"], "requested", 2)
    assert found == {
        "level": "INFO",
        "timestamp": "2026-03-25T09:30:00.000Z",
        "v": 1,
        "id": "evt_01kmj2x7r0c9e4h2m6s8v0x2z4",
        "accountId": "user_demo",
        "keyId": "key_01m85vr6h38tnqq4q62bxttx2k",
        "action": "api_key.revoked",
        "actor": {"type": "user", "id": "user_demo"},
    }
    assert "Mozilla" not in written
    assert "198.51.100.7" not in written


def test_a_record_that_cannot_be_read_keeps_none_from_being_written(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It alone is told to be a failure, so that Lambda brings it again, and then reports it."""
    good, sent = event(EVENT)["Records"][0], event(EVENT)
    bad = event(EVENT)["Records"][0]
    bad["dynamodb"] |= {"NewImage": {"pk": {"S": "x"}}, "SequenceNumber": "2"}
    sent["Records"] = [good, bad, good]
    assert handler(sent, CONTEXT) == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [is_line(line) for line in lines] == [True, False, True]
    assert "KeyError" in lines[1]["stack"]


def test_the_event_is_as_the_product_writes_it(tables: Any) -> None:
    """Its image has the members, and the types, of an item that a real change has just stored."""
    session = session_event("api_keys/list")
    created = asking(session, "POST", "/dashboard/v1/api-keys", {"name": "CI"})
    key_id = body(api_keys(created, CONTEXT))["id"]
    api_keys(asking(session, "POST", f"/dashboard/v1/api-keys/{key_id}/revoke"), CONTEXT)
    items = tables.scan(TableName="Keys")["Items"]
    [stored] = [item for item in items if item.get("action") == {"S": "api_key.revoked"}]
    [record] = event(EVENT)["Records"]
    assert shape(record["dynamodb"]["NewImage"]) == shape(stored)


def test_a_state_is_the_key(tables: Any) -> None:
    """So that it can be put back as it was; with it the secrets that the change ended."""
    session = session_event("api_keys/list")
    sent = {
        "name": "CI",
        "allowedIps": ["192.0.2.1"],
        "rateLimit": {"requests": 1, "windowSeconds": 1},
    }
    created = body(api_keys(asking(session, "POST", "/dashboard/v1/api-keys", sent), CONTEXT))
    items = tables.scan(TableName="Keys")["Items"]
    [event_item] = [decode_item(item) for item in items if "state" in item]
    key = key_store().get("user_demo", created["id"])
    assert from_state(event_item["state"]) == (key, ())
    key_store().change(
        "user_demo",
        key.id,
        lambda found: found.rotate(utc_now(), Secret("b", "b"), grace=timedelta(0)),
        by=SOMEBODY,
        now=utc_now(),
    )
    items = map(decode_item, tables.scan(TableName="Keys")["Items"])
    [rotated] = [item["state"] for item in items if item.get("action") == "api_key.rotated"]
    assert from_state(rotated) == (key_store().get("user_demo", key.id), key.secrets)


def shape(typed: Any) -> Any:
    """Which members a typed item has, and of which type each is."""
    [(kind, value)] = typed.items() if len(typed) == 1 else [("M", typed)]
    return {name: shape(inner) for name, inner in value.items()} if kind == "M" else kind
