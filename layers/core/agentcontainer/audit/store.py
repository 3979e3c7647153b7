"""Who did what to the account's keys: one event, in the transaction of what it records.

An event's item also holds the state that the change left. No answer shows it: it is for the line
that is kept of each change outside the table (keys/change_line.py).
"""

from datetime import datetime, timedelta

from agentcontainer.audit.event import Actor, AuditEvent, Change
from agentcontainer.clock import from_millis, to_millis, to_seconds
from agentcontainer.dynamodb.conditions import Put
from agentcontainer.dynamodb.item import Item, account_pk
from agentcontainer.dynamodb.table import Table

_EVENT = "audit#"


class AuditLog:
    """The events of all accounts. Each is kept for `retention`."""

    def __init__(self, table: Table, retention: timedelta) -> None:
        self._table = table
        self._retention = retention

    def put(self, event: AuditEvent, state: Item) -> Put:
        """The write that records an event, for the transaction that leaves this state."""
        item = {
            "pk": account_pk(event.account_id),
            "sk": _EVENT + event.id,
            "id": event.id,
            "accountId": event.account_id,
            "keyId": event.key_id,
            "action": event.action,
            "actor": event.actor._asdict(),
            "changes": {name: list(change) for name, change in event.changes.items()},
            "state": state,
            "createdAt": to_millis(event.created_at),
            "ttl": to_seconds(event.created_at + self._retention),
        }
        return Put(item)

    def page(
        self, account_id: str, now: datetime, *, key_id: str | None, after: str | None, limit: int
    ) -> tuple[list[AuditEvent], str | None]:
        """The next events, newest first, of one key or of all: see `Table.newest`."""
        return self._table.newest(
            account_pk(account_id),
            _EVENT,
            after=after,
            limit=limit,
            read=_from_item,
            # DynamoDB deletes late.
            wanted=lambda event: (
                key_id in {None, event.key_id} and event.created_at + self._retention > now
            ),
        )


def _from_item(item: Item) -> AuditEvent:
    return AuditEvent(
        id=item["id"],
        account_id=item["accountId"],
        key_id=item["keyId"],
        action=item["action"],
        actor=Actor(**item["actor"]),
        changes={name: Change(*change) for name, change in item["changes"].items()},
        created_at=from_millis(item["createdAt"]),
    )
