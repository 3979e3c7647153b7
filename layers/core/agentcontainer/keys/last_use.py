"""When a key was last used, and each of its secrets: attributes of the key's item.

They are the usage recorder's alone, and outside the item's revision: a change of the key neither
waits for a use nor undoes one. Each only ever goes forward, in whatever order uses are told of.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from agentcontainer.clock import from_millis, to_millis
from agentcontainer.dynamodb.table import PRESENT, Below, Table, Update, account_pk

KEY = "key#"
_LAST_USED = "lastUsedAt"
_USED = "usedAt_"


class LastUses:
    """Tells keys that they were used. It can do nothing else to them."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def advance(self, account_id: str, key_id: str, secret: str, at: datetime) -> None:
        """Notes a use of the secret with this fingerprint, unless a later one is known.

        A key that is not there stays away.
        """
        pk, sk, millis = account_pk(account_id), KEY + key_id, to_millis(at)

        def note(*attributes: str) -> bool:
            return self._table.try_update(
                Update(
                    pk=pk,
                    sk=sk,
                    set=dict.fromkeys(attributes, millis),
                    where={"id": PRESENT} | dict.fromkeys(attributes, Below(millis)),
                )
            )

        # The key's is never behind that of a secret, so where both cannot go forward, the secret's
        # may still: another secret was used later.
        if not note(_LAST_USED, of_secret(secret)):
            note(of_secret(secret))


def of_secret(secret: str) -> str:
    """The attribute for the last use of the secret with this fingerprint."""
    return _USED + secret


def last_used_at(item: Mapping[str, Any]) -> datetime | None:
    """When the key was last used."""
    return from_millis(item[_LAST_USED]) if _LAST_USED in item else None


def last_uses(item: Mapping[str, Any]) -> dict[str, datetime]:
    """When its secrets were last used, by fingerprint."""
    return {
        name.removeprefix(_USED): from_millis(value)
        for name, value in item.items()
        if name.startswith(_USED)
    }
