from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from agentcontainer.accounts import store as module
from agentcontainer.accounts.store import Accounts
from agentcontainer.audit.store import AuditLog
from agentcontainer.dynamodb.conditions import ConditionFailed, Update
from agentcontainer.dynamodb.item import decode_item
from agentcontainer.dynamodb.table import Table
from agentcontainer.errors import AccountClosed, FinalState, KeyLimitReached, StoreUnavailable
from agentcontainer.idempotency import once
from agentcontainer.ids import new_id
from agentcontainer.keys import verification
from agentcontainer.keys.key import ApiKey, Secret
from agentcontainer.keys.store import KeyStore
from agentcontainer.keys.verification import Verdict
from tests.support.events import SOMEBODY, key_store, store_key

NOW = datetime(2026, 3, 25, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
USER = "user_1"


@pytest.fixture
def store(tables: Any) -> KeyStore:
    """A store on empty tables, where two keys fill an account."""
    return key_store(2)


@pytest.fixture
def accounts(store: KeyStore) -> Accounts:
    """The accounts of the same table."""
    table = Table("Keys")
    return Accounts(table, AuditLog(table, timedelta(days=400)), store)


def key(**changes: Any) -> ApiKey:
    """A valid key with changes."""
    return replace(
        ApiKey(
            id=new_id("key", NOW),
            account_id=USER,
            name="CI",
            scopes=("agents:read",),
            secrets=(Secret(new_id("digest", NOW), "ac_live_neww...neww"),),
            created_at=NOW,
            created_by=USER,
        ),
        **changes,
    )


def change(store: KeyStore, stored: ApiKey, decide: Callable[[ApiKey], ApiKey]) -> ApiKey:
    """Changes a key."""
    return store.change(USER, stored.id, decide, by=SOMEBODY, now=NOW).value


def counters(tables: Any) -> dict[str, Any]:
    """The account's counter item."""
    item_key = {"pk": {"S": f"account#{USER}"}, "sk": {"S": "counters"}}
    return decode_item(tables.get_item(TableName="Keys", Key=item_key)["Item"])


def test_closing_ends_every_key(store: KeyStore, accounts: Accounts, tables: Any) -> None:
    """Live and disabled ones alike, because of their owner; what had ended stays as it was."""
    [live, disabled] = [store_key(store, key()) for _ in range(2)]
    change(store, disabled, lambda found: found.edit(NOW, enabled=False))
    ended = store_key(key_store(), key())
    change(store, ended, lambda found: found.revoke(NOW, "self"))
    closed = accounts.close(USER, by=SOMEBODY, now=LATER)
    assert {each.id for each in closed} == {live.id, disabled.id}
    assert {(each.revoked_at, each.revoked_reason) for each in closed} == {(LATER, "owner_deleted")}
    assert store.get(USER, ended.id).revoked_reason == "self"
    for each in (live, disabled, ended):
        [seen] = store.lookups(each.lookups()).values()
        assert verification.check(seen, 0) is Verdict.REVOKED
    assert counters(tables)["liveKeys"] == 0
    assert accounts.closed_at(USER) == LATER


def test_no_key_comes_to_work_in_a_closed_account(store: KeyStore, accounts: Accounts) -> None:
    """However it would: the same refusal, and not that the account is full."""
    keys = [store_key(store, key(disabled=True)) for _ in range(2)]
    # As between the mark and the revocations: the keys are still there.
    accounts._mark(USER, NOW, by=SOMEBODY, now=NOW, revision=0)  # noqa: SLF001
    with pytest.raises(AccountClosed):
        store_key(store, key())
    with pytest.raises(AccountClosed):
        change(store, keys[0], lambda found: found.edit(NOW, enabled=True))
    for grace in (timedelta(0), timedelta(days=1)):
        rotate = partial(ApiKey.rotate, now=NOW, secret=Secret("x", "x"), grace=grace)
        with pytest.raises(AccountClosed):
            change(store, keys[0], rotate)
    assert store.get(USER, keys[0].id) == keys[0]
    # What takes something away is done.
    change(store, keys[0], lambda found: found.edit(NOW, name="old", scopes=("agents:read",)))
    change(store, keys[1], lambda found: found.revoke(NOW, "requested"))


def test_the_keys_of_a_closed_account_are_final(store: KeyStore, accounts: Accounts) -> None:
    """Their own state is named, as of any revoked key."""
    stored = store_key(store, key())
    accounts.close(USER, by=SOMEBODY, now=NOW)
    with pytest.raises(FinalState, match="revoked"):
        change(store, stored, lambda found: found.rotate(NOW, Secret("x", "x"), grace=timedelta(0)))


def test_what_was_done_before_is_still_answered(store: KeyStore, accounts: Accounts) -> None:
    """A repeated creation shows its key, though none could be made now."""
    request = once(USER, "POST", "/api-keys", "abc", {}, NOW)
    made = store_key(store, key(), request)
    accounts.close(USER, by=SOMEBODY, now=NOW)
    again = store.create(USER, key, by=SOMEBODY, now=NOW, once=request)
    assert (again.replayed, again.value.id) == (True, made.id)


def test_closing_again_finishes_what_was_left_undone(store: KeyStore, accounts: Accounts) -> None:
    """The mark keeps its time, and what is done already is not done again."""
    stored = store_key(store, key())
    accounts._mark(USER, NOW, by=SOMEBODY, now=NOW, revision=0)  # noqa: SLF001
    assert [each.id for each in accounts.close(USER, by=SOMEBODY, now=LATER)] == [stored.id]
    assert accounts.close(USER, by=SOMEBODY, now=LATER) == []
    assert accounts.closed_at(USER) == NOW


def test_a_reopened_account_makes_keys_again(store: KeyStore, accounts: Accounts) -> None:
    """And its old ones stay revoked."""
    stored = store_key(store, key())
    accounts.close(USER, by=SOMEBODY, now=NOW)
    accounts.reopen(USER, by=SOMEBODY, now=NOW)
    accounts.reopen(USER, by=SOMEBODY, now=NOW)
    assert accounts.closed_at(USER) is None
    assert store.get(USER, stored.id).revoked_at == NOW
    store_key(store, key())
    store_key(store, key())
    with pytest.raises(KeyLimitReached):
        store_key(store, key())


def test_both_are_events_of_the_account(store: KeyStore, accounts: Accounts, tables: Any) -> None:
    """Who did it, when, and in what state it left the account; doing nothing is no event."""
    accounts.reopen(USER, by=SOMEBODY, now=NOW)
    accounts.close(USER, by=SOMEBODY, now=NOW)
    accounts.close(USER, by=SOMEBODY, now=LATER)
    accounts.reopen(USER, by=SOMEBODY, now=LATER)
    log = AuditLog(Table("Keys"), timedelta(days=400))
    events, _ = log.page(USER, LATER, key_id=None, after=None, limit=20)
    assert [(each.action, each.key_id, each.actor) for each in events] == [
        ("account.reopened", None, SOMEBODY),
        ("account.closed", None, SOMEBODY),
    ]
    items = map(decode_item, tables.scan(TableName="Keys")["Items"])
    states = [item["state"] for item in items if item["sk"].startswith("audit#")]
    assert sorted(states, key=lambda state: state["revision"]) == [
        {"closedAt": int(NOW.timestamp() * 1000), "revision": 1},
        {"closedAt": None, "revision": 2},
    ]


def test_an_account_without_keys_can_be_closed(store: KeyStore, accounts: Accounts) -> None:
    """Nothing has been stored of it before."""
    assert accounts.close(USER, by=SOMEBODY, now=NOW) == []
    with pytest.raises(AccountClosed):
        store_key(store, key())


def test_a_counter_that_is_wrong_is_set_right(
    store: KeyStore, accounts: Accounts, tables: Any
) -> None:
    """As after a restored backup: a key that has expired still counts, a revoked one does not."""
    store_key(store, key(expires_at=NOW + timedelta(seconds=1)))
    change(store, store_key(store, key()), lambda found: found.revoke(NOW, "requested"))
    assert not accounts.recount(USER)
    update = Update(pk=f"account#{USER}", sk="counters", set={"liveKeys": 7})
    Table("Keys").update(update)
    assert accounts.recount(USER)
    assert counters(tables)["liveKeys"] == 1


def test_a_mark_that_always_loses_its_race_gives_up(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an answer that says to try again."""

    def lose(self: Table, *writes: Any) -> None:
        raise ConditionFailed(list(writes))

    monkeypatch.setattr(Table, "transact", lose)
    with pytest.raises(StoreUnavailable):
        accounts.close(USER, by=SOMEBODY, now=NOW)


def test_every_key_is_found_however_many_pages_they_fill(
    store: KeyStore, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once each."""
    monkeypatch.setattr(module, "_PAGE", 1)
    keys = [store_key(store, key()) for _ in range(2)]
    assert {one.id for one in accounts.keys(USER)} == {one.id for one in keys}
    assert len(accounts.keys(USER)) == len(keys)
