"""When a key was last used, and each of its secrets: attributes of the key's item.

They are the usage recorder's alone, and outside the item's revision: a change of the key neither
waits for a use nor undoes one. Each only ever goes forward, in whatever order uses are told of.
"""

from datetime import datetime

from agentcontainer.clock import to_millis
from agentcontainer.dynamodb.conditions import PRESENT, Below, Update
from agentcontainer.dynamodb.item import account_pk
from agentcontainer.dynamodb.table import Table
from agentcontainer.keys.items import KEY, LAST_USED, of_secret


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
        if not note(LAST_USED, of_secret(secret)):
            note(of_secret(secret))
