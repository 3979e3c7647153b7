"""The items of keys in DynamoDB, and the one way in which they change.

Every change is one consistent read of the key's item and one transaction. Its condition is that
the item still has the revision that was read; it adds one to the revision and rewrites the lookup
item of every secret that the key names. So a change sees all changes before it, and what the
authorizer reads never disagrees with what the owner is shown, however two changes race.

In the same transaction go the audit event, the record of an `Idempotency-Key`, and the account's
counter of live keys. A key counts until it is revoked or has expired; expiry writes nothing, so a
creation that finds the account full takes the expired keys off the counter first.

The counter's item also says whether the account is closed (accounts/store.py). Whatever could let a
caller in who was not let in before (a new key, a new secret, enabling) has the mark's absence as a
condition of its transaction.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from agentcontainer.audit.event import Actor, AuditEvent
from agentcontainer.audit.store import AuditLog
from agentcontainer.dynamodb.conditions import (
    ABSENT,
    Below,
    Check,
    ConditionFailed,
    Put,
    Update,
    Write,
)
from agentcontainer.dynamodb.item import account_pk
from agentcontainer.dynamodb.table import Table, retry_lost_races
from agentcontainer.errors import (
    AccountClosed,
    DomainError,
    KeyLimitReached,
    NotFound,
)
from agentcontainer.idempotency import Once, Outcome, recall, record
from agentcontainer.ids import is_id, new_id
from agentcontainer.keys import verification
from agentcontainer.keys.diff import action, changes
from agentcontainer.keys.items import KEY, from_item, of_secret, to_item, to_state
from agentcontainer.keys.key import ApiKey
from agentcontainer.keys.token import fingerprint

# A transaction writes at most 100 items, and one of them is the counter.
_MOST_TAKEN_OFF = 99
COUNTERS = "counters"
"""Sort key of an account's counter, and of the mark that it is closed: `closedAt`."""
_OPEN = {"closedAt": ABSENT}


class Page(NamedTuple):
    """Part of a list; `next_id` is the id to go on behind, None at the end."""

    keys: list[ApiKey]
    next_id: str | None


class KeyStore:
    """The keys of all accounts. Every method takes the account, which comes from the credential.

    `key_limit` is the most live keys that an account may have.
    """

    def __init__(self, table: Table, audit: AuditLog, key_limit: int) -> None:
        self._table = table
        self._audit = audit
        self._key_limit = key_limit

    def create(
        self,
        account_id: str,
        make: Callable[[], ApiKey],
        *,
        by: Actor,
        now: datetime,
        once: Once | None = None,
    ) -> Outcome[ApiKey]:
        """Stores the new key that `make` returns; KeyLimitReached if the account is full.

        AccountClosed if it is closed.
        `make` is not called where the same request has made a key before, whatever it would say.
        """
        if made_id := recall(self._table, once):
            return Outcome(self.get(account_id, made_id), replayed=True)
        key = make()
        new, count = Put(to_item(key), where={"pk": ABSENT}), self._count(account_id, 1)
        writes = (
            new,
            count,
            *_put_lookups(key.lookups()),
            self._event(None, key, by, now),
            *record(once, key.id),
        )
        try:
            self._transact_in_a_free_slot(count, writes, account_id, now)
        except ConditionFailed as failed:
            if new in failed.writes:
                # Nobody else has its id: we made it, and the store's answer was lost.
                return Outcome(self.get(account_id, key.id), replayed=False)
            if made_id := recall(self._table, once):
                return Outcome(self.get(account_id, made_id), replayed=True)
            raise self._refusal(account_id) from None
        return Outcome(key, replayed=False)

    def get(self, account_id: str, key_id: str) -> ApiKey:
        """The key as it is now; NotFound for another account's, as for one that never was."""
        return get_key(self._table, account_id, key_id)

    def lookups(self, digests: Iterable[str]) -> dict[str, verification.Lookup | None]:
        """What the authorizer sees for each digest."""
        items = {digest: self._table.get(*verification.item_key(digest)) for digest in digests}
        return {
            digest: None if item is None else verification.from_item(item)
            for digest, item in items.items()
        }

    def end_without_key(self, state: ApiKey, *, by: Actor, now: datetime) -> None:
        """Ends the secrets of a key that is not in the table, as `state` names them.

        A backup can hold half of the transaction that created a key.
        """
        ended = state.revoke(now, "requested")
        self._table.transact(
            Check(account_pk(state.account_id), KEY + state.id, {"pk": ABSENT}),
            *_put_lookups(ended.lookups()),
            self._event(state, ended, by, now),
        )

    def page(
        self, account_id: str, *, after: str | None, limit: int, wanted: Callable[[ApiKey], bool]
    ) -> Page:
        """The next keys that are `wanted`, newest first, at most `limit`: see `Table.newest`."""
        return Page(
            *self._table.newest(
                account_pk(account_id),
                KEY,
                after=after,
                limit=limit,
                read=from_item,
                wanted=wanted,
            )
        )

    def change(
        self,
        account_id: str,
        key_id: str,
        decide: Callable[[ApiKey], ApiKey],
        *,
        by: Actor,
        now: datetime,
        once: Once | None = None,
        earlier: Sequence[ApiKey] = (),
    ) -> Outcome[ApiKey]:
        """Applies `decide` to the key and stores what it returns; the key as it is afterwards.

        `decide` may be called again, with the key as another change left it, so it is a pure
        function of the key. Returning an equal key changes nothing. It is not called where the same
        request has changed the key before. `earlier` are states of the key that the table has not
        seen, whose secrets have ended unless the key still has them.
        """

        def attempt() -> Outcome[ApiKey]:
            old = self.get(account_id, key_id)
            # Read after the key, so that a change by a concurrent duplicate of this request is
            # recognised as its work.
            if recall(self._table, once):
                return Outcome(self.get(account_id, key_id), replayed=True)
            new = self._next(old, decide(old), now)
            writes: list[Write] = [*record(once, key_id)]
            counters = self._counters(old, new)
            if new != old:
                writes += [
                    _update(old, new),
                    *counters,
                    *_put_lookups(new.lookups_after(old, *earlier)),
                    self._event(old, new, by, now),
                ]
            try:
                if writes:
                    self._table.transact(*writes)
            except ConditionFailed as failed:
                if failed.writes == counters:
                    raise self._refusal(account_id) from None
                raise
            return Outcome(new, replayed=False)

        return retry_lost_races(attempt)

    def _next(self, old: ApiKey, decided: ApiKey, now: datetime) -> ApiKey:
        """The key to store: with a later revision, and counted if it is live."""
        if decided == old:
            return old
        revision = max(decided.revision, old.revision + 1)
        return replace(decided, counted=not decided.is_final(now), revision=revision)

    def _counters(self, old: ApiKey, new: ApiKey) -> list[Write]:
        """What a change does to the counter's item, or demands of it."""
        if new.counted != old.counted:
            return [self._count(new.account_id, 1 if new.counted else -1)]
        if new.admits_more_than(old):
            return [Check(account_pk(new.account_id), COUNTERS, _OPEN)]
        return []

    def _count(self, account_id: str, keys: int) -> Update:
        return Update(
            pk=account_pk(account_id),
            sk=COUNTERS,
            add={"liveKeys": keys},
            where={"liveKeys": Below(self._key_limit)} | _OPEN if keys > 0 else {},
        )

    def _refusal(self, account_id: str) -> DomainError:
        """Why the counter's item does not let a change pass."""
        counters = self._table.get(account_pk(account_id), COUNTERS) or {}
        return AccountClosed() if "closedAt" in counters else KeyLimitReached(self._key_limit)

    def _event(self, old: ApiKey | None, new: ApiKey, by: Actor, now: datetime) -> Put:
        event = AuditEvent(
            id=new_id("evt", now),
            account_id=new.account_id,
            key_id=new.id,
            action=action(old, new),
            actor=by,
            changes=changes(old, new, now),
            created_at=now,
        )
        return self._audit.put(event, to_state(old, new))

    def _transact_in_a_free_slot(
        self, count: Update, writes: Sequence[Write], account_id: str, now: datetime
    ) -> None:
        """Writes once more if the account is full, without the keys that have expired."""
        try:
            self._table.transact(*writes)
        except ConditionFailed as failed:
            if failed.writes != [count] or isinstance(self._refusal(account_id), AccountClosed):
                raise
            self._take_off_expired(account_id, now)
            self._table.transact(*writes)

    def _take_off_expired(self, account_id: str, now: datetime) -> None:
        """Subtracts the expired keys that still count, each of them once whoever else does it."""

        def attempt() -> None:
            expired = [key for key in self._counted(account_id) if key.is_final(now)]
            expired = expired[:_MOST_TAKEN_OFF]
            updates = [
                _update(key, self._next(key, replace(key, counted=False), now)) for key in expired
            ]
            if updates:
                self._table.transact(self._count(account_id, -len(updates)), *updates)

        # With fewer of them left, or none, where others take them off too.
        retry_lost_races(attempt)

    def _counted(self, account_id: str) -> list[ApiKey]:
        """The keys that count: no more than the limit, so not all dead ones have to be read."""
        found: list[ApiKey] = []
        after: str | None = None
        while True:
            page = self.page(
                account_id, after=after, limit=self._key_limit, wanted=lambda key: key.counted
            )
            found += page.keys
            after = page.next_id
            if after is None or len(found) >= self._key_limit:
                return found


def get_key(table: Table, account_id: str, key_id: str) -> ApiKey:
    """The key as it is now; NotFound for another account's, as for one that never was."""
    # DynamoDB refuses keys that are too long, and an id of another form names nothing.
    if not is_id("key", key_id):
        raise NotFound("key")
    item = table.get(account_pk(account_id), KEY + key_id)
    if item is None:
        raise NotFound("key")
    return from_item(item)


def _put_lookups(lookups: dict[str, verification.Lookup]) -> list[Write]:
    return [Put(verification.to_item(digest, seen)) for digest, seen in lookups.items()]


def _update(old: ApiKey, new: ApiKey) -> Update:
    before = to_item(old)
    return Update(
        pk=before["pk"],
        sk=before["sk"],
        set={name: value for name, value in to_item(new).items() if before[name] != value},
        # Of secrets that are no longer the key's.
        remove=[of_secret(gone) for gone in old.last_uses.keys() - _fingerprints(new)],
        where={"revision": old.revision},
    )


def _fingerprints(key: ApiKey) -> set[str]:
    return {fingerprint(secret.digest) for secret in key.secrets}
