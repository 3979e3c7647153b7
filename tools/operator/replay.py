"""Sets a restored table right: what had been ended by the lines of the log is ended in it too.

A backup is the table as it was, with every key that was revoked since. The lines say what became
of each key; the one with the highest revision has the key's last state, whatever order they come
in and however often. Where a secret has ended by any of them, or in the table, it is never revived.
A key that the table does not know stays unknown: lines end keys and change them, and make none.

A backup can hold half of a transaction. So every lookup item of every key in the lines is compared
with what it should be, and the accounts' counters are counted anew.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from agentcontainer.errors import DomainError, NotFound
from agentcontainer.keys.change_line import is_line
from agentcontainer.keys.diff import action, changes
from agentcontainer.keys.items import from_state
from agentcontainer.keys.key import ApiKey, Secret
from agentcontainer.keys.verification import REVOKED, Lookup
from agentcontainer.web.errors import response_to
from tools.operator.desk import Desk, Refused, complain

# Of two secrets each at the most, so that a transaction has room for them.
_STATES_AT_ONCE = 40


@dataclass(frozen=True, slots=True)
class Lines:
    """What the lines say: the states of each key, the last one at the end, and of each account.

    Where a change ended secrets, the state before it has these alone: no other line may name them.
    """

    keys: list[list[ApiKey]]
    accounts: dict[str, Mapping[str, Any]]


def read(texts: Iterable[str]) -> Lines:
    """Lines in any order and number; what is not one (Lambda's own, a traceback) is passed over."""
    keys: defaultdict[tuple[str, str], dict[tuple[int, str, str], ApiKey]] = defaultdict(dict)
    accounts: dict[str, Mapping[str, Any]] = {}
    for line in filter(_is_line, map(_json, texts)):
        account_id, key_id, state = line["accountId"], line["keyId"], line["state"]
        if key_id is None:
            known = accounts.get(account_id)
            if known is None or known["revision"] < state["revision"]:
                accounts[account_id] = state
        else:
            key, ended = from_state(state)
            order = (key.revision, line["timestamp"], line["id"])
            keys[account_id, key_id][order] = key
            if ended:
                before = replace(key, secrets=ended, revision=key.revision - 1)
                keys[account_id, key_id][before.revision, "", line["id"]] = before
    in_order = [[states[order] for order in sorted(states)] for states in keys.values()]
    return Lines(in_order, accounts)


def replay(desk: Desk, lines: Lines) -> bool:
    """Sets the table right; whether nothing of it failed. Done again it finds nothing to do."""
    replaying = _Replay(desk)
    for account_id, state in lines.accounts.items():
        if state["closedAt"] is None:
            replaying.reopen(account_id, state["revision"])
    for known in lines.keys:
        replaying.key(known)
    for account_id, state in lines.accounts.items():
        if state["closedAt"] is not None:
            replaying.close(account_id, state["revision"])
    for account_id in sorted({known[0].account_id for known in lines.keys} | lines.accounts.keys()):
        if desk.acts and desk.accounts.recount(account_id):
            desk.say(f"{account_id}: live keys counted anew")
    desk.say(
        f"{len(lines.keys)} keys in the lines: {replaying.changed} set right, "
        f"{replaying.unknown} not in the table, {replaying.failed} failed"
    )
    return not replaying.failed


def settled(key: ApiKey, known: Sequence[ApiKey], dead: AbstractSet[str]) -> ApiKey:
    """The key as its states in the lines leave it, `known` in the order of their revisions.

    `dead` are digests whose lookup item in the table is revoked.
    """
    if key.revoked_at is not None:
        return key
    newest, ahead = known[-1], known[-1].revision > key.revision
    base = replace(newest, last_used_at=key.last_used_at, counted=key.counted) if ahead else key
    revoked = next((state for state in known if state.revoked_at is not None), None)
    if revoked is not None:
        return replace(
            base,
            revoked_at=revoked.revoked_at,
            revoked_reason=revoked.revoked_reason,
            revoked_note=revoked.revoked_note,
        )
    ended = dead | (_digests(known) - _digests([newest]))
    secrets = _without(base.secrets, ended) or _without(newest.secrets, ended) or key.secrets
    return replace(base, secrets=secrets)


class _Replay:
    """One run over a table, and what came of it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.changed = self.unknown = self.failed = 0

    def reopen(self, account_id: str, revision: int) -> None:
        accounts, desk = self._desk.accounts, self._desk
        if revision <= accounts.revision(account_id) or accounts.closed_at(account_id) is None:
            return
        if desk.acts:
            accounts.reopen(account_id, by=desk.by, now=desk.now, revision=revision)
        desk.say(f"{account_id}: reopened")

    def close(self, account_id: str, revision: int) -> None:
        accounts, desk = self._desk.accounts, self._desk
        if revision < accounts.revision(account_id):
            return
        ended = [key.id for key in accounts.keys(account_id) if not key.revoked_at]
        if not ended and accounts.closed_at(account_id) is not None:
            return
        if desk.acts:
            accounts.close(account_id, by=desk.by, now=desk.now, revision=revision)
        desk.say(f"{account_id}: closed, {len(ended)} keys revoked")

    def key(self, known: list[ApiKey]) -> None:
        newest = known[-1]
        try:
            key = self._desk.store.get(newest.account_id, newest.id)
        except NotFound:
            self.unknown += 1
            self._end_strays(known)
            return
        try:
            if self._set_right(key, known):
                self.changed += 1
        except DomainError as refused:
            self.failed += 1
            complain(f"{key.id} of {key.account_id} is as it was: {response_to(refused).message}")

    def _set_right(self, key: ApiKey, known: list[ApiKey]) -> bool:
        """Whether anything was wrong with the key; more than a transaction holds takes several."""
        desk, states = self._desk, [key, *known]
        for turn in range(2 + len(known) // _STATES_AT_ONCE):
            seen = desk.store.lookups(_digests(states))
            dead = frozenset(each for each, found in seen.items() if _is_dead(found))
            after = settled(key, known, dead)
            wanted = after.lookups_after(*states)
            wrong = {each for each in wanted if not _agrees(seen[each], wanted[each])}
            if after == key and not wrong:
                return turn > 0
            naming = [state for state in known if wrong & _digests([state])]
            if turn == 0:
                desk.say(f"{key.id} of {key.account_id}: {_told(key, after, desk.now)}")
            if not desk.acts:
                return True
            key = desk.store.change(
                key.account_id,
                key.id,
                partial(_next, known=known, dead=dead),
                by=desk.by,
                now=desk.now,
                earlier=naming[-_STATES_AT_ONCE:],
            ).value
        return True

    def _end_strays(self, known: list[ApiKey]) -> None:
        """Ends secrets that are in the table without their key, as half a creation leaves them."""
        desk = self._desk
        seen = desk.store.lookups(_digests(known))
        alive = {each for each, found in seen.items() if found and not _is_dead(found)}
        for state in known:
            if alive & _digests([state]):
                if desk.acts:
                    desk.store.end_without_key(state, by=desk.by, now=desk.now)
                desk.say(f"{state.id} of {state.account_id}: a secret without its key ended")
                alive -= _digests([state])


def _next(found: ApiKey, *, known: Sequence[ApiKey], dead: AbstractSet[str]) -> ApiKey:
    """Also where only the lookup items are wrong there is something to write."""
    after = settled(found, known, dead)
    return replace(found, revision=found.revision + 1) if after == found else after


def _agrees(seen: Lookup | None, wanted: Lookup) -> bool:
    return seen == wanted or (wanted.status == REVOKED and _is_dead(seen))


def _is_dead(seen: Lookup | None) -> bool:
    return seen is not None and seen.status == REVOKED


def _digests(states: Iterable[ApiKey]) -> set[str]:
    return {secret.digest for state in states for secret in state.secrets}


def _without(secrets: Iterable[Secret], ended: AbstractSet[str]) -> tuple[Secret, ...]:
    return tuple(secret for secret in secrets if secret.digest not in ended)


def _told(before: ApiKey, after: ApiKey, now: datetime) -> str:
    if before == after:
        return "items of its secrets written anew"
    changed = ", ".join(changes(before, after, now)) or "its revision"
    return f"{action(before, after).partition('.')[2]} ({changed})"


def _is_line(value: object) -> bool:
    try:
        return is_line(value)
    except ValueError as unknown:
        raise Refused(str(unknown)) from None


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
