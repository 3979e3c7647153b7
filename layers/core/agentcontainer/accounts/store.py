"""Closing an account: its keys end, and no key can come to work in it until it is reopened.

The mark is written first. A creation, rotation or enabling has its absence as a condition of its
transaction, so each of them is either done before the mark, and then found and revoked here, or
refused. However a creation and a closing race, no key lives on in a closed account.
"""

from datetime import datetime

from agentcontainer.audit.event import Actor, AuditEvent, Change
from agentcontainer.audit.store import AuditLog
from agentcontainer.clock import from_millis, to_millis
from agentcontainer.dynamodb.conditions import ABSENT, Update
from agentcontainer.dynamodb.item import Item, account_pk
from agentcontainer.dynamodb.table import Table, retry_lost_races
from agentcontainer.ids import new_id
from agentcontainer.keys.key import ApiKey
from agentcontainer.keys.store import COUNTERS, KeyStore

_PAGE = 100


class Accounts:
    """Closes accounts and opens them again. Who may do so is the caller's to know."""

    def __init__(self, table: Table, audit: AuditLog, keys: KeyStore) -> None:
        self._table = table
        self._audit = audit
        self._keys = keys

    def closed_at(self, account_id: str) -> datetime | None:
        """When the account was closed; None for an open one, as for one that never had a key."""
        closed_at = self._counters(account_id).get("closedAt")
        return None if closed_at is None else from_millis(closed_at)

    def revision(self, account_id: str) -> int:
        """How often the account was closed and reopened."""
        revision: int = self._counters(account_id).get("closings", 0)
        return revision

    def close(
        self, account_id: str, *, by: Actor, now: datetime, revision: int = 0
    ) -> list[ApiKey]:
        """Closes the account, then revokes its keys; those that it revoked.

        Done again it finishes what was left undone, and changes nothing else. `revision` is the
        least that the account has afterwards.
        """
        self._mark(account_id, now, by=by, now=now, revision=revision)
        return [self._end(key, by, now) for key in self.keys(account_id) if not key.revoked_at]

    def reopen(self, account_id: str, *, by: Actor, now: datetime, revision: int = 0) -> None:
        """Takes the mark away: keys can be made again. Those that were revoked stay so."""
        self._mark(account_id, None, by=by, now=now, revision=revision)

    def keys(self, account_id: str) -> list[ApiKey]:
        """Every key of the account, dead ones included."""
        found: list[ApiKey] = []
        after: str | None = None
        while True:
            page = self._keys.page(account_id, after=after, limit=_PAGE, wanted=lambda _: True)
            found += page.keys
            after = page.next_id
            if after is None:
                return found

    def recount(self, account_id: str) -> bool:
        """Whether the counter of live keys did not agree with the keys; it does afterwards."""

        def attempt() -> bool:
            counted = self._counters(account_id).get("liveKeys")
            keys = sum(key.counted for key in self.keys(account_id))
            if keys == (counted or 0):
                return False
            update = Update(
                pk=account_pk(account_id),
                sk=COUNTERS,
                set={"liveKeys": keys},
                where={"liveKeys": ABSENT if counted is None else counted},
            )
            self._table.transact(update)
            return True

        return retry_lost_races(attempt)

    def _end(self, key: ApiKey, by: Actor, now: datetime) -> ApiKey:
        return self._keys.change(
            key.account_id,
            key.id,
            lambda found: found.revoke(now, "owner_deleted"),
            by=by,
            now=now,
        ).value

    def _mark(
        self,
        account_id: str,
        closed_at: datetime | None,
        *,
        by: Actor,
        now: datetime,
        revision: int,
    ) -> None:
        def attempt() -> None:
            before = self._counters(account_id)
            if ("closedAt" in before) == (closed_at is not None):
                return
            seen = before.get("closings", 0)
            state = {"closedAt": _millis(closed_at), "revision": max(seen + 1, revision)}
            update = Update(
                pk=account_pk(account_id),
                sk=COUNTERS,
                set=_mark_of(state),
                remove=() if closed_at else ("closedAt",),
                where={"closings": seen or ABSENT},
            )
            event = _event(account_id, closed_at, by, now)
            self._table.transact(update, self._audit.put(event, state))

        retry_lost_races(attempt)

    def _counters(self, account_id: str) -> Item:
        return self._table.get(account_pk(account_id), COUNTERS) or {}


def _mark_of(state: Item) -> Item:
    closed = {} if state["closedAt"] is None else {"closedAt": state["closedAt"]}
    return {"closings": state["revision"]} | closed


def _event(account_id: str, closed_at: datetime | None, by: Actor, now: datetime) -> AuditEvent:
    closed = closed_at is not None
    return AuditEvent(
        id=new_id("evt", now),
        account_id=account_id,
        key_id=None,
        action="account.closed" if closed else "account.reopened",
        actor=by,
        changes={"closed": Change(not closed, closed)},
        created_at=now,
    )


def _millis(moment: datetime | None) -> int | None:
    return None if moment is None else to_millis(moment)
