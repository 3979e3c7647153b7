from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agentcontainer.audit.store import AuditLog
from agentcontainer.dynamodb.item import decode_item, encode_item
from agentcontainer.dynamodb.table import Table
from agentcontainer.errors import (
    IdempotencyMismatch,
    KeyLimitReached,
    NotFound,
    StoreUnavailable,
)
from agentcontainer.idempotency import Outcome, once
from agentcontainer.ids import new_id
from agentcontainer.keys import verification
from agentcontainer.keys.items import to_item
from agentcontainer.keys.key import ApiKey, Secret
from agentcontainer.keys.store import KeyStore
from agentcontainer.keys.verification import RateLimit
from tests.support.events import SOMEBODY, key_store, store_key

NOW = datetime(2026, 3, 25, 9, 30, tzinfo=UTC)


def key(at: datetime = NOW, **changes: Any) -> ApiKey:
    """A valid key with changes."""
    valid = ApiKey(
        id=new_id("key", at),
        account_id="user_1",
        name="CI",
        scopes=("agents:read", "agents:write"),
        secrets=(Secret(new_id("digest", at), "ac_live_neww...neww"),),
        created_at=at,
        created_by="user_1",
    )
    return replace(valid, **changes)


def change(store: KeyStore, stored: ApiKey, decide: Callable[[ApiKey], ApiKey]) -> ApiKey:
    """Changes a key."""
    return store.change(stored.account_id, stored.id, decide, by=SOMEBODY, now=NOW).value


@pytest.fixture
def store(tables: Any) -> KeyStore:
    """A store on empty tables."""
    return key_store()


def every_item(tables: Any) -> dict[str, dict[str, Any]]:
    """What is stored, by sort key and partition."""
    items = map(decode_item, tables.scan(TableName="Keys")["Items"])
    return {f"{item['pk']} {item['sk']}": item for item in items}


def test_a_key_reads_back_as_it_was_stored(store: KeyStore) -> None:
    """Every attribute survives, set or not."""
    plain = key()
    full = key(
        allowed_ips=("192.0.2.0/24",),
        rate_limit=RateLimit(50, 3600),
        expires_at=NOW + timedelta(days=1),
        disabled=True,
        revoked_at=NOW,
        revoked_reason="self",
        revoked_note="note",
        secrets=(Secret("a", "hint a"), Secret("b", "hint b", NOW)),
    )
    for stored in (plain, full):
        store_key(store, stored)
        assert store.get("user_1", stored.id) == stored


def test_a_key_of_another_account_is_not_found(store: KeyStore) -> None:
    """The same as an id that never existed."""
    stored = key()
    store_key(store, stored)
    for account, key_id in (("user_2", stored.id), ("user_1", new_id("key", NOW))):
        with pytest.raises(NotFound, match="key"):
            store.get(account, key_id)
        with pytest.raises(NotFound, match="key"):
            store.change(
                account, key_id, lambda found: found.revoke(NOW, "requested"), by=SOMEBODY, now=NOW
            )


def test_creating_writes_the_lookup_with_the_key(store: KeyStore, tables: Any) -> None:
    """Both items or neither; the token's digest finds the key at once."""
    stored = key()
    store_key(store, stored)
    [(digest, seen)] = stored.lookups().items()
    pk, sk = verification.item_key(digest)
    assert verification.from_item(every_item(tables)[f"{pk} {sk}"]) == seen


def test_an_id_that_is_taken_is_not_overwritten(store: KeyStore) -> None:
    """It can only be our own write, whose answer was lost: what is there is what was made."""
    stored = key()
    store_key(store, stored)
    assert store_key(store, replace(stored, name="other")) == stored
    assert store.get("user_1", stored.id) == stored


def test_a_change_rewrites_every_lookup_and_counts(store: KeyStore, tables: Any) -> None:
    """After one transaction no secret of the key is seen otherwise than the key."""
    stored = key(secrets=(Secret("a", "hint a"), Secret("b", "hint b", NOW)))
    store_key(store, stored)
    changed = change(store, stored, lambda found: found.revoke(NOW, "requested"))
    assert changed.revision == stored.revision + 1
    assert store.get("user_1", stored.id) == changed
    items = every_item(tables)
    assert {items[f"digest#{digest} digest"]["status"] for digest in "ab"} == {"revoked"}


def test_a_change_that_changes_nothing_writes_nothing(store: KeyStore) -> None:
    """Revoking a revoked key leaves even its revision."""
    stored = key(revoked_at=NOW, revoked_reason="requested")
    store_key(store, stored)
    again = change(store, stored, lambda found: found.revoke(NOW, "self"))
    assert again == stored


def test_a_lost_race_reads_again(store: KeyStore) -> None:
    """A change decided on an older revision is decided anew, so none is overwritten."""
    stored = key()
    store_key(store, stored)
    raced: list[str] = []

    def decide(found: ApiKey) -> ApiKey:
        if not raced:
            raced.append("a change between the read and the write")
            change(store, stored, lambda other: replace(other, name="renamed"))
        return found.revoke(NOW, "requested")

    changed = change(store, stored, decide)
    assert (changed.name, changed.revoked_at, changed.revision) == ("renamed", NOW, 3)


def test_a_race_that_is_always_lost_ends_as_unavailable(store: KeyStore) -> None:
    """The caller gets an answer that says to try again, never a half-made change."""
    stored = key()
    store_key(store, stored)

    def decide(found: ApiKey) -> ApiKey:
        other = replace(found, name=f"{found.name}.")
        change(store, stored, lambda _: replace(other, revision=found.revision))
        return found.revoke(NOW, "requested")

    with pytest.raises(StoreUnavailable):
        change(store, stored, decide)
    assert store.get("user_1", stored.id).revoked_at is None


def test_a_change_keeps_the_last_use(store: KeyStore, tables: Any) -> None:
    """The usage recorder's attribute is never written from here, not even back."""
    stored = key()
    store_key(store, stored)
    tables.update_item(
        TableName="Keys",
        Key={"pk": {"S": "account#user_1"}, "sk": {"S": f"key#{stored.id}"}},
        UpdateExpression="SET lastUsedAt = :at",
        ExpressionAttributeValues={":at": {"N": "1774431000000"}},
    )
    change(store, stored, lambda found: replace(found, last_used_at=None, name="x"))
    assert store.get("user_1", stored.id).last_used_at == NOW


def test_pages_hold_every_key_once_newest_first(store: KeyStore) -> None:
    """Following `next_id` to the end shows each key of the account, and no other's."""
    stored = [key(NOW + timedelta(seconds=n)) for n in range(7)]
    for made in [*stored, key(account_id="user_2")]:
        store_key(store, made)
    for limit in (1, 2, 3, 7, 100):
        seen, after = [], None
        while True:
            page = store.page("user_1", after=after, limit=limit, wanted=lambda _: True)
            assert len(page.keys) <= limit
            seen += page.keys
            after = page.next_id
            if after is None:
                break
        assert seen == stored[::-1]


def test_a_filter_skips_keys_without_losing_any(store: KeyStore) -> None:
    """Wanted keys are found however many unwanted ones lie between."""
    stored = [key(NOW + timedelta(seconds=n), name=str(n % 5)) for n in range(20)]
    for made in stored:
        store_key(store, made)
    seen, after = [], None
    while True:
        page = store.page("user_1", after=after, limit=2, wanted=lambda found: found.name == "0")
        seen += page.keys
        after = page.next_id
        if after is None:
            break
    assert seen == [made for made in stored[::-1] if made.name == "0"]


def live(store: KeyStore, tables: Any, account: str = "user_1") -> tuple[int, int]:
    """The account's counter, and how many of its keys say that they count."""
    items = every_item(tables)
    counter = items.get(f"account#{account} counters", {"liveKeys": 0})["liveKeys"]
    counted = [
        item
        for name, item in items.items()
        if name.startswith(f"account#{account} key#") and item["counted"]
    ]
    return counter, len(counted)


def test_an_account_has_no_more_live_keys_than_the_limit(tables: Any) -> None:
    """One more is refused, until one is revoked; other accounts have their own limit."""
    store = key_store(key_limit=2)
    stored = [store_key(store, key()) for _ in range(2)]
    with pytest.raises(KeyLimitReached):
        store_key(store, key())
    store_key(store, key(account_id="user_2"))
    change(store, stored[0], lambda found: found.revoke(NOW, "requested"))
    assert live(store, tables) == (1, 1)
    store_key(store, key())
    with pytest.raises(KeyLimitReached):
        store_key(store, key())
    assert live(store, tables) == (2, 2)


def test_a_disabled_key_counts(tables: Any) -> None:
    """Else disable, create, enable would make one too many."""
    store = key_store(key_limit=1)
    stored = store_key(store, key())
    change(store, stored, lambda found: found.edit(NOW, enabled=False))
    with pytest.raises(KeyLimitReached):
        store_key(store, key())
    assert live(store, tables) == (1, 1)


def test_a_revoked_key_is_subtracted_once(tables: Any) -> None:
    """Whatever is done to it afterwards."""
    store = key_store(key_limit=5)
    first, second = store_key(store, key()), store_key(store, key())
    for _ in range(2):
        change(store, first, lambda found: found.revoke(NOW, "requested"))
    change(store, first, lambda found: found.edit(NOW, name="renamed"))
    assert live(store, tables) == (1, 1)
    assert not store.get("user_1", first.id).counted
    assert store.get("user_1", second.id).counted


def test_expired_keys_make_room_when_it_is_needed(tables: Any) -> None:
    """Expiry writes nothing; the creation that finds the account full does, for all of them."""
    store = key_store(key_limit=3)
    expiring = [store_key(store, key(expires_at=NOW + timedelta(seconds=n))) for n in (1, 2)]
    store_key(store, key())
    with pytest.raises(KeyLimitReached):
        store_key(store, key())
    later = NOW + timedelta(seconds=2)
    store_key(store, key(created_at=later))
    assert live(store, tables) == (2, 2)
    # Counted off already, so revoking them takes no other key's place.
    for stored in expiring:
        change(store, stored, lambda found: found.revoke(later, "requested"))
    assert live(store, tables) == (2, 2)


def test_an_expired_key_is_found_behind_any_number_of_dead_ones(tables: Any) -> None:
    """The search for room does not stop at the first page."""
    store = key_store(key_limit=1)
    store_key(store, key(NOW, expires_at=NOW + timedelta(days=1)))
    for n in range(1, 30):
        item = to_item(key(NOW + timedelta(seconds=n), revoked_at=NOW, counted=False))
        tables.put_item(TableName="Keys", Item=encode_item(item))
    store_key(store, key(NOW + timedelta(days=1)))
    assert live(store, tables) == (1, 1)


def test_a_key_that_is_taken_off_and_lives_on_counts_again(tables: Any) -> None:
    """A clock that was ahead took it off; the change that finds it live puts it back."""
    store = key_store(key_limit=1)
    stored = store_key(store, key(expires_at=NOW + timedelta(seconds=1)))
    other = store_key(store, key(created_at=NOW + timedelta(seconds=1)))
    with pytest.raises(KeyLimitReached):
        change(store, stored, lambda found: found.edit(NOW, name="behind"))
    store.change(
        "user_1", other.id, lambda found: found.revoke(NOW, "requested"), by=SOMEBODY, now=NOW
    )
    change(store, stored, lambda found: found.edit(NOW, name="behind"))
    assert live(store, tables) == (1, 1)


def test_each_change_leaves_one_event(tables: Any) -> None:
    """In its transaction, with who asked for it; a change of nothing leaves none."""
    store, log = key_store(), AuditLog(Table("Keys"), timedelta(days=400))
    stored = store_key(store, key())
    change(store, stored, lambda found: found.edit(NOW, name="renamed"))
    change(store, stored, lambda found: found.edit(NOW, name="renamed"))
    change(store, stored, lambda found: found.revoke(NOW, "requested"))
    events, _ = log.page("user_1", NOW, key_id=stored.id, after=None, limit=20)
    assert sorted(event.action for event in events) == [
        "api_key.created",
        "api_key.revoked",
        "api_key.updated",
    ]
    assert {event.actor for event in events} == {SOMEBODY}


def test_a_creation_with_an_idempotency_key_makes_one_key(tables: Any) -> None:
    """Later ones find it as it is by then, also where the account has become full."""
    store = key_store(key_limit=1)
    request = once("user_1", "POST", "/api-keys", "abc", {}, NOW)
    first = store_key(store, key(), request)
    change(store, first, lambda found: found.edit(NOW, name="renamed"))
    again = store_key(store, key(), request)
    assert (again.id, again.name) == (first.id, "renamed")
    assert live(store, tables) == (1, 1)


def test_a_change_with_an_idempotency_key_is_made_once(store: KeyStore) -> None:
    """Later ones change nothing, whatever they would decide."""
    stored = store_key(store, key())
    request = once("user_1", "POST", "/rotate", "abc", {}, NOW)

    def rotate(digest: str) -> Outcome[ApiKey]:
        secret = Secret(digest, digest)
        return store.change(
            "user_1",
            stored.id,
            lambda found: found.rotate(NOW, secret, grace=timedelta(days=1)),
            by=SOMEBODY,
            now=NOW,
            once=request,
        )

    first, again = rotate("b"), rotate("c")
    assert (first.replayed, again.replayed) == (False, True)
    assert again.value == first.value == store.get("user_1", stored.id)


def test_success_that_changes_nothing_is_remembered_too(store: KeyStore) -> None:
    """The same Idempotency-Key with another body is a mismatch afterwards."""
    stored = store_key(store, key(revoked_at=NOW, revoked_reason="requested", counted=False))
    for body, raised in (({}, None), ({"note": "x"}, IdempotencyMismatch)):
        request = once("user_1", "POST", "/revoke", "abc", body, NOW)
        with pytest.raises(raised) if raised else nullcontext():
            store.change(
                "user_1",
                stored.id,
                lambda found: found.revoke(NOW, "requested"),
                by=SOMEBODY,
                now=NOW,
                once=request,
            )


def test_a_secret_that_a_change_ends_stays_known_and_revoked(store: KeyStore, tables: Any) -> None:
    """Its use can still be told to the owner, and it is refused whatever the clock says."""
    stored = store_key(store, key(secrets=(Secret("a", "hint a"),)))
    change(store, stored, lambda found: found.rotate(NOW, Secret("b", "b"), grace=timedelta(0)))
    items = every_item(tables)
    statuses = {digest: items[f"digest#{digest} digest"]["status"] for digest in "ab"}
    assert statuses == {"a": "revoked", "b": "active"}


def test_a_twin_of_a_request_is_known_by_its_record_not_by_what_it_did(
    store: KeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rotation whose twin comes first is a replay, and not a rotation in progress."""
    stored = store_key(store, key(secrets=(Secret("a", "a"),)))
    request = once("user_1", "POST", "/rotate", "abc", {}, NOW)
    original, twins = store.get, [Secret("b", "b")]

    def rotate(secret: Secret) -> Outcome[ApiKey]:
        return store.change(
            "user_1",
            stored.id,
            lambda found: found.rotate(NOW, secret, grace=timedelta(days=1)),
            by=SOMEBODY,
            now=NOW,
            once=request,
        )

    def get(account_id: str, key_id: str) -> ApiKey:
        if twins:
            assert not rotate(twins.pop()).replayed
        return original(account_id, key_id)

    monkeypatch.setattr(store, "get", get)
    outcome = rotate(Secret("c", "c"))
    assert (outcome.replayed, outcome.value.hint) == (True, "b")
