"""The line that is kept of each change, outside the table: who did what, and the state it left.

Whoever restores the table to an earlier moment replays the lines over it, so that no backup revives
what was revoked. Digests of secrets stand in them, as in the table, and never a token. Pure.
"""

from collections.abc import Mapping
from typing import Any

from agentcontainer.clock import from_millis, to_rfc3339
from agentcontainer.dynamodb.item import Item

SCHEMA = 1


def to_line(event: Item) -> dict[str, Any]:
    """The line for the item of an audit event.

    Without what a caller sent along (address, User-Agent). `level` and `timestamp` are the names by
    which Lambda would otherwise add its own.
    """
    actor = event["actor"]
    return {
        "level": "INFO",
        "timestamp": to_rfc3339(from_millis(event["createdAt"])),
        "v": SCHEMA,
        "id": event["id"],
        "accountId": event["accountId"],
        "keyId": event["keyId"],
        "action": event["action"],
        "actor": {"type": actor["type"], "id": actor["id"]},
        "state": event["state"],
    }


def is_line(value: object) -> bool:
    """Whether JSON of a log is such a line; ValueError for one of a schema not known here."""
    if not isinstance(value, Mapping) or not {"v", "accountId", "keyId", "state"} <= value.keys():
        return False
    if value["v"] != SCHEMA:
        raise ValueError(f"a line of schema {value['v']!r}, and this reads {SCHEMA}")
    return True
