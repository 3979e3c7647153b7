"""The items of keys in DynamoDB, and the one way in which they change.

Every change is one consistent read of the key's item and one transaction. Its condition is that
the item still has the revision that was read; it adds one to the revision and rewrites the lookup
item of every secret that the key names. So a change sees all changes before it, and what the
authorizer reads never disagrees with what the owner is shown, however two changes race.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from agentcontainer.clock import from_millis, to_millis
from agentcontainer.errors import NotFound, ServiceUnavailable
from agentcontainer.item import Item
from agentcontainer.keys import lookup
from agentcontainer.keys.key import ApiKey, Secret
from agentcontainer.keys.lookup import RateLimit
from agentcontainer.table import ABSENT, ConditionFailed, Put, Table, Update, Write

# Each lost race means that another change won, so this many in a row are no ordinary traffic.
_ATTEMPTS = 20
_KEY = "key#"


class Page(NamedTuple):
    """Part of a list; `next_id` is the id to go on behind, None at the end."""

    keys: list[ApiKey]
    next_id: str | None


class KeyStore:
    """The keys of all accounts. Every method takes the account, which comes from the credential."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def create(self, key: ApiKey) -> None:
        """Stores a new key with its lookup items, all or nothing."""
        self._table.transact(Put(_to_item(key), where={"pk": ABSENT}), *_put_lookups(key))

    def get(self, account_id: str, key_id: str) -> ApiKey:
        """The key as it is now; NotFound for another account's, as for one that never was."""
        item = self._table.get(_pk(account_id), _KEY + key_id)
        if item is None:
            raise NotFound("There is no such API key.")
        return _from_item(item)

    def page(
        self, account_id: str, *, after: str | None, limit: int, wanted: Callable[[ApiKey], bool]
    ) -> Page:
        """The next keys that are `wanted`, newest first, at most `limit`: see `Table.newest`."""
        keys, last = self._table.newest(
            _pk(account_id),
            _KEY,
            after=_KEY + after if after else None,
            limit=limit,
            read=_from_item,
            wanted=wanted,
        )
        return Page(keys, last.removeprefix(_KEY) if last else None)

    def change(self, account_id: str, key_id: str, decide: Callable[[ApiKey], ApiKey]) -> ApiKey:
        """Applies `decide` to the key and stores what it returns; the key as it is afterwards.

        `decide` may be called again, with the key as another change left it, so it is a pure
        function of the key. Returning an equal key writes nothing.
        """
        for _ in range(_ATTEMPTS):
            old = self.get(account_id, key_id)
            decided = decide(old)
            if decided == old:
                return old
            new = replace(decided, revision=old.revision + 1)
            try:
                self._table.transact(_update(old, new), *_put_lookups(new))
            except ConditionFailed:
                continue
            return new
        raise ServiceUnavailable


def _pk(account_id: str) -> str:
    return f"account#{account_id}"


def _put_lookups(key: ApiKey) -> list[Write]:
    return [Put(lookup.to_item(digest, seen)) for digest, seen in key.lookups().items()]


def _update(old: ApiKey, new: ApiKey) -> Update:
    before = _to_item(old)
    return Update(
        pk=before["pk"],
        sk=before["sk"],
        set={name: value for name, value in _to_item(new).items() if before[name] != value},
        where={"revision": old.revision},
    )


def _to_item(key: ApiKey) -> Item:
    """Everything that is shown, but the last use: that is the usage recorder's alone to write."""
    return {
        "pk": _pk(key.account_id),
        "sk": _KEY + key.id,
        "id": key.id,
        "accountId": key.account_id,
        "name": key.name,
        "scopes": list(key.scopes),
        "secrets": [
            {"digest": secret.digest, "hint": secret.hint, "expiresAt": _millis(secret.expires_at)}
            for secret in key.secrets
        ],
        "createdAt": to_millis(key.created_at),
        "createdBy": key.created_by,
        "allowedIps": list(key.allowed_ips),
        "rateLimit": list(key.rate_limit) if key.rate_limit else None,
        "expiresAt": _millis(key.expires_at),
        "disabled": key.disabled,
        "revokedAt": _millis(key.revoked_at),
        "revokedReason": key.revoked_reason,
        "revokedNote": key.revoked_note,
        "revision": key.revision,
    }


def _from_item(item: Item) -> ApiKey:
    limit = item["rateLimit"]
    return ApiKey(
        id=item["id"],
        account_id=item["accountId"],
        name=item["name"],
        scopes=tuple(item["scopes"]),
        secrets=tuple(
            Secret(secret["digest"], secret["hint"], _moment(secret["expiresAt"]))
            for secret in item["secrets"]
        ),
        created_at=from_millis(item["createdAt"]),
        created_by=item["createdBy"],
        allowed_ips=tuple(item["allowedIps"]),
        rate_limit=RateLimit(*limit) if limit else None,
        expires_at=_moment(item["expiresAt"]),
        disabled=item["disabled"],
        revoked_at=_moment(item["revokedAt"]),
        revoked_reason=item["revokedReason"],
        revoked_note=item["revokedNote"],
        last_used_at=_moment(item.get("lastUsedAt")),
        revision=item["revision"],
    )


def _millis(moment: datetime | None) -> int | None:
    return None if moment is None else to_millis(moment)


def _moment(millis: int | None) -> datetime | None:
    return None if millis is None else from_millis(millis)
