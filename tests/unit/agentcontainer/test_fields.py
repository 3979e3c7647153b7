"""No field of a record is lost in silence: it is stored and shown, or named here with a reason."""

from collections.abc import Iterator, Mapping
from copy import replace
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic.alias_generators import to_camel

from agentcontainer.agents.agent import Agent, Configuration, Version
from agentcontainer.agents.store import AgentStore
from agentcontainer.audit.event import Actor, AuditEvent, Change
from agentcontainer.audit.store import AuditLog
from agentcontainer.auth.principal import key_context, key_principal
from agentcontainer.dynamodb.table import Table
from agentcontainer.keys import verification
from agentcontainer.keys.diff import changes
from agentcontainer.keys.items import from_item, from_state, to_state
from agentcontainer.keys.key import ApiKey, KeyChanges, Secret
from agentcontainer.keys.token import fingerprint
from agentcontainer.keys.verification import DISABLED, Lookup, RateLimit
from agentcontainer.web.schemas import Key
from functions.agents.handler import AgentObject
from functions.api_keys import handler
from functions.api_keys.handler import AuditEventObject, CreateKey, UpdateKey
from tests.support.events import (
    CONTEXT,
    SOMEBODY,
    asking,
    body,
    key_store,
    session_event,
    store_key,
)

NOW = datetime(2026, 3, 25, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
SECRET = Secret("a" * 64, "ac_live_aaaa...aaaa", LATER)
OLDER = Secret("b" * 64, "ac_live_bbbb...bbbb", LATER)

type Record = Any
type Reasons = Mapping[str, str]

KEY = ApiKey(
    id="key_01m85vr6h38tnqq4q62bxttx21",
    account_id="org_1",
    name="CI",
    scopes=("agents:read",),
    secrets=(SECRET, OLDER),
    created_at=NOW,
    created_by="user_1",
    allowed_ips=("192.0.2.1",),
    rate_limit=RateLimit(10, 60),
    expires_at=LATER,
)
OTHER_KEY: dict[str, Any] = {
    "id": "key_01m85vr6h38tnqq4q62bxttx22",
    "account_id": "org_2",
    "name": "Deployment",
    "scopes": ("agents:read", "agents:write"),
    "secrets": (Secret("c" * 64, "ac_live_cccc...cccc", LATER), OLDER),
    "created_at": NOW + timedelta(seconds=1),
    "created_by": "user_2",
    "allowed_ips": ("192.0.2.2",),
    "rate_limit": RateLimit(11, 61),
    "expires_at": LATER - timedelta(days=1),
    "disabled": True,
    "revoked_at": NOW,
    "revoked_reason": "leaked",
    "revoked_note": "found in a log",
    "last_used_at": NOW,
    "last_uses": {fingerprint(SECRET.digest): NOW},
    "counted": False,
    "revision": 2,
}
RECORDED = "the usage recorder writes it, and no change of the key"
NOT_STORED = {"last_used_at": RECORDED, "last_uses": RECORDED}
NEVER_CHANGES = "it is the same for life"
NOT_IN_DIFF = {
    "id": NEVER_CHANGES,
    "account_id": NEVER_CHANGES,
    "created_at": NEVER_CHANGES,
    "created_by": NEVER_CHANGES,
    "revoked_at": "it is the event's own time",
    "last_used_at": "a use is no change",
    "last_uses": "a use is no change",
    "counted": "it is for the account's counter alone",
    "revision": "it is for the store alone",
}
NOT_SHOWN = {
    "account_id": "it is the caller's own",
    "revoked_note": "the revocation's event shows it",
    "counted": "it is for the account's counter alone",
    "revision": "it is for the store alone",
}
NOT_CREATED = {
    **dict.fromkeys(("id", "secrets", "created_at"), "it is made for each key"),
    **dict.fromkeys(("account_id", "created_by"), "the session says it"),
    **dict.fromkeys(("disabled", "revoked_at", "revoked_reason", "revoked_note"), "it comes later"),
    **dict.fromkeys(("last_used_at", "last_uses", "counted", "revision"), "it is counted"),
}
NOT_UPDATED = NOT_CREATED | {
    "disabled": "`enabled` says it",
    "expires_at": "a rotation renews the key",
}
OWNERS = "it is for the owner, and no request depends on it"
NOT_VERIFIED = dict.fromkeys(
    (
        *("name", "created_at", "created_by", "revoked_reason", "revoked_note"),
        *("last_used_at", "last_uses", "counted", "revision"),
    ),
    OWNERS,
)

CONFIGURATION = Configuration("Be brief.", "claude-sonnet-4.6", "acme/python:1", "pi", True, 60)  # noqa: FBT003 -- all of its fields
AGENT = Agent(
    id="agt_01m85vr6h38tnqq4q62bxttx21",
    account_id="org_1",
    name="analyst",
    description="Looks at numbers.",
    version=Version(
        id="agv_01m85vr6h38tnqq4q62bxttx21", number=1, created_at=NOW, configuration=CONFIGURATION
    ),
    created_at=NOW,
    updated_at=NOW,
)
OTHER_AGENT: dict[str, Any] = {
    "id": "agt_01m85vr6h38tnqq4q62bxttx22",
    "account_id": "org_2",
    "name": "clerk",
    "description": None,
    "version": replace(AGENT.version, number=2),
    "created_at": LATER,
    "updated_at": LATER,
    "archived_at": LATER,
    "revision": 2,
}
AGENT_NOT_SHOWN = {
    "account_id": "it is the caller's own",
    "revision": "the ETag shows it",
}

EVENT = AuditEvent(
    id="evt_01m85vr6h38tnqq4q62bxttx21",
    account_id="org_1",
    key_id="key_01m85vr6h38tnqq4q62bxttx21",
    action="api_key.updated",
    actor=Actor("user", "user_1", "192.0.2.1", "a browser"),
    changes={"name": Change("CI", "Deployment")},
    created_at=NOW,
)
OTHER_EVENT: dict[str, Any] = {
    "id": "evt_01m85vr6h38tnqq4q62bxttx22",
    "account_id": "org_2",
    "key_id": None,
    "action": "api_key.revoked",
    "actor": Actor("key", "key_01m85vr6h38tnqq4q62bxttx22", "192.0.2.2", "a program"),
    "changes": {"note": Change(None, "found")},
    "created_at": LATER,
}
EVENT_NOT_SHOWN = {"account_id": "it is the caller's own"}

LOOKUP = Lookup(KEY.id, "org_1", "active", ("agents:read",), 1, ("192.0.2.1",), RateLimit(1, 2))
OTHER_LOOKUP: dict[str, Any] = {
    "key_id": "key_01m85vr6h38tnqq4q62bxttx22",
    "account_id": "org_2",
    "status": DISABLED,
    "scopes": ("agents:write",),
    "expires_at": 2,
    "allowed_ips": (),
    "rate_limit": RateLimit(2, 3),
}
DECIDED = "the authorizer decides by it, and hands on nothing of a key that it refuses"
NOT_HANDED_ON = {"status": DECIDED, "expires_at": DECIDED}

RECORDS = {
    ApiKey: OTHER_KEY,
    Agent: OTHER_AGENT,
    AuditEvent: OTHER_EVENT,
    Lookup: OTHER_LOOKUP,
}


def names(record: Any) -> list[str]:
    """The fields of a dataclass or a NamedTuple."""
    return [one.name for one in fields(record)] if is_dataclass(record) else [*record._fields]


def defaults(record: Record) -> Iterator[str]:
    """The fields that have their default's value, in whatever the record is made of."""
    if is_dataclass(record):
        known = {one.name: one.default for one in fields(record) if one.default is not MISSING}
    else:
        known = getattr(record, "_field_defaults", {})
    found = {name: getattr(record, name) for name in known}
    yield from (name for name, value in found.items() if value == known[name])
    if is_dataclass(record) or hasattr(record, "_fields"):
        parts = [getattr(record, name) for name in names(type(record))]
    elif isinstance(record, Mapping):
        parts = list(record.values())
    else:
        parts = list(record) if isinstance(record, tuple) else []
    for part in parts:
        yield from defaults(part)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_every_field_is_tried(record: type) -> None:
    """With a value that is not its default, in whatever it is made of."""
    other = RECORDS[record]
    assert other.keys() == set(names(record))
    assert not [name for value in other.values() for name in defaults(value)]


def with_other(record: Record, name: str) -> Record:
    """The record with another value of a field."""
    changed = {name: RECORDS[type(record)][name]}
    other = replace(record, **changed)
    assert other != record
    return other


def check(name: str, exempt: Reasons, place: str, *, shows: bool) -> None:
    """Fails for what is not there without a reason, and for a reason that nothing needs."""
    assert shows == (name not in exempt), (
        f"{name} is said not to be in {place}: {exempt[name]}"
        if name in exempt
        else f"{name} is forgotten in {place}"
    )


@pytest.mark.parametrize("name", OTHER_KEY)
@pytest.mark.usefixtures("tables")
def test_a_field_of_a_key_is_stored(name: str) -> None:
    """When it is created, when it is changed, and in the state that its event keeps."""
    store, other = key_store(), with_other(KEY, name)
    store_key(store, other)
    found = store.get(other.account_id, other.id)
    check(name, NOT_STORED, "keys/items.py", shows=getattr(found, name) == getattr(other, name))
    state, ended = from_state(to_state(KEY, other))
    check(name, NOT_STORED, "keys/items.py", shows=getattr(state, name) == getattr(other, name))
    assert set(KEY.secrets) - set(ended) <= set(other.secrets)


@pytest.mark.parametrize(
    "name",
    sorted(OTHER_KEY.keys() - NOT_STORED.keys() - {"id", "account_id", "counted", "revision"}),
)
@pytest.mark.usefixtures("tables")
def test_a_change_of_a_field_is_stored(name: str) -> None:
    """By the transaction that every change is."""
    store = key_store()
    store_key(store, KEY)
    store.change(KEY.account_id, KEY.id, lambda key: with_other(key, name), by=SOMEBODY, now=NOW)
    found = store.get(KEY.account_id, KEY.id)
    assert getattr(found, name) == OTHER_KEY[name]


@pytest.mark.parametrize("name", OTHER_KEY)
def test_a_change_of_a_key_is_in_its_event(name: str) -> None:
    """With the value before and after."""
    # Without an older token, which would end too.
    before = replace(KEY, secrets=(SECRET,))
    shows = bool(changes(before, with_other(before, name), NOW))
    check(name, NOT_IN_DIFF, "keys/diff.py", shows=shows)


@pytest.mark.parametrize("name", OTHER_KEY)
def test_a_key_shows_its_fields(name: str) -> None:
    """To whoever manages it."""
    before, after = (Key.of(key, NOW) for key in (KEY, with_other(KEY, name)))
    check(name, NOT_SHOWN, "web/schemas.py", shows=before != after)


@pytest.mark.parametrize("name", OTHER_KEY)
def test_what_is_not_a_callers_to_choose_is_named(name: str) -> None:
    """Everything else can be chosen for a new key, and changed later."""
    for model, exempt in ((CreateKey, NOT_CREATED), (UpdateKey, NOT_UPDATED)):
        place = f"{model.__name__} of functions/api_keys/handler.py"
        check(name, exempt, place, shows=name in model.model_fields)
    place = "KeyChanges of keys/key.py"
    check(name, NOT_UPDATED, place, shows=name in KeyChanges.__annotations__)


def shown(name: str) -> tuple[str, Any]:
    """A member of the key object, and the value in it of the other key."""
    member = to_camel(name)
    return member, Key.of(with_other(KEY, name), NOW).model_dump(mode="json")[member]


def asked(method: str, path: str, sent: object = None) -> dict[str, Any]:
    """What a person is answered who manages keys."""
    request = asking(session_event("api_keys/list"), method, f"/dashboard/v1/api-keys{path}", sent)
    return body(handler.handler(request, CONTEXT))


@pytest.mark.parametrize("name", sorted(OTHER_KEY.keys() - NOT_CREATED.keys()))
@pytest.mark.usefixtures("tables")
def test_a_new_key_is_as_its_creator_chose(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads it later finds the same."""
    monkeypatch.setattr(handler, "utc_now", lambda: NOW)
    member, value = shown(name)
    made = asked("POST", "", {"name": "CI", member: value})
    found = asked("GET", f"/{made['id']}")
    assert found[member] == value, f"create_api_key of functions/api_keys/handler.py loses {name}"


@pytest.mark.parametrize("name", sorted(OTHER_KEY.keys() - NOT_UPDATED.keys()))
@pytest.mark.usefixtures("tables")
def test_a_key_is_as_it_was_changed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads it later finds the same."""
    monkeypatch.setattr(handler, "utc_now", lambda: NOW)
    member, value = shown(name)
    made = asked("POST", "", {"name": "CI"})
    asked("PATCH", f"/{made['id']}", {member: value})
    found = asked("GET", f"/{made['id']}")
    places = "UpdateKey.changes of functions/api_keys/handler.py or ApiKey.edit of keys/key.py"
    assert found[member] == value, f"{places} loses {name}"


STORED = {
    "id": "key_01m85vr6h38tnqq4q62bxttx21",
    "accountId": "org_1",
    "name": "CI",
    "scopes": ["agents:read"],
    "secrets": [
        {"digest": "a" * 64, "hint": "ac_live_aaaa...aaaa", "expiresAt": 1777023000000},
        {"digest": "b" * 64, "hint": "ac_live_bbbb...bbbb", "expiresAt": 1777023000000},
    ],
    "createdAt": 1774431000000,
    "createdBy": "user_1",
    "allowedIps": ["192.0.2.1"],
    "rateLimit": [10, 60],
    "expiresAt": 1777023000000,
    "disabled": False,
    "revokedAt": None,
    "revokedReason": None,
    "revokedNote": None,
    "counted": True,
    "revision": 1,
}
STORED_LOOKUP = {
    "v": 1,
    "keyId": "key_01m85vr6h38tnqq4q62bxttx21",
    "accountId": "org_1",
    "status": "active",
    "scopes": ["agents:read"],
    "expiresAt": 1,
    "allowedIps": ["192.0.2.1"],
    "rateLimit": [1, 2],
}
"""As the first release stored them. They stay so: what is added later has to do without."""


def test_what_is_stored_already_is_still_read() -> None:
    """A field that an item lacks has its default."""
    assert from_item(STORED) == KEY
    assert from_state(STORED | {"ended": []}) == (KEY, ())
    assert verification.from_item(STORED_LOOKUP) == LOOKUP


@pytest.mark.parametrize("name", OTHER_KEY)
def test_the_authorizer_sees_what_a_request_depends_on(name: str) -> None:
    """Of each of the key's tokens."""
    after = with_other(KEY, name).lookups()
    check(name, NOT_VERIFIED, "keys/verification.py", shows=after != KEY.lookups())


@pytest.mark.parametrize("name", OTHER_LOOKUP)
def test_a_field_of_a_verification_record_is_stored(name: str) -> None:
    """As it was."""
    other = with_other(LOOKUP, name)
    assert verification.from_item(verification.to_item("a" * 64, other)) == other


@pytest.mark.parametrize("name", OTHER_LOOKUP)
def test_a_handler_gets_what_the_authorizer_saw(name: str) -> None:
    """Through the gateway's strings."""
    before, after = (
        key_principal(key_context(lookup, "a" * 64))
        for lookup in (LOOKUP, with_other(LOOKUP, name))
    )
    check(name, NOT_HANDED_ON, "auth/principal.py", shows=before != after)


@pytest.mark.parametrize("name", OTHER_AGENT)
@pytest.mark.usefixtures("tables")
def test_a_field_of_an_agent_is_stored(name: str) -> None:
    """As it was, when it is created."""
    store, other = AgentStore(Table("Agents")), with_other(AGENT, name)
    store.create(other)
    assert store.get(other.account_id, other.id) == other
    assert store.version(other.account_id, other.id, other.version.id) == other.version


@pytest.mark.parametrize("name", OTHER_AGENT)
def test_an_agent_shows_its_fields(name: str) -> None:
    """To whoever may read agents."""
    before, after = (AgentObject.of(agent) for agent in (AGENT, with_other(AGENT, name)))
    check(name, AGENT_NOT_SHOWN, "functions/agents/handler.py", shows=before != after)


OTHER_CONFIGURATION: dict[str, Any] = {
    "base_prompt": "Be thorough.",
    "default_model": "claude-opus-4.6",
    "container_image": "acme/python:2",
    "agent_runtime": "another",
    "default_internet_access": False,
    "default_max_runtime_seconds": 61,
}


@pytest.mark.parametrize("name", Configuration._fields)
def test_an_agent_shows_its_configuration(name: str) -> None:
    """All of it."""
    other = CONFIGURATION._replace(**{name: OTHER_CONFIGURATION[name]})
    changed = replace(AGENT, version=replace(AGENT.version, configuration=other))
    assert AgentObject.of(changed) != AgentObject.of(AGENT)


@pytest.mark.parametrize("name", OTHER_EVENT)
@pytest.mark.usefixtures("tables")
def test_a_field_of_an_event_is_stored(name: str) -> None:
    """As it was."""
    table, other = Table("Keys"), with_other(EVENT, name)
    log = AuditLog(table, timedelta(days=400))
    table.transact(log.put(other, {}))
    found, _ = log.page(other.account_id, NOW, key_id=other.key_id, after=None, limit=1)
    assert found == [other]


@pytest.mark.parametrize("name", OTHER_EVENT)
def test_an_event_shows_its_fields(name: str) -> None:
    """To whoever may read events."""
    before, after = (AuditEventObject.of(event) for event in (EVENT, with_other(EVENT, name)))
    check(name, EVENT_NOT_SHOWN, "functions/api_keys/handler.py", shows=before != after)
