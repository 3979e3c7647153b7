"""Ending every secret that was issued within a time, in all accounts: after a fault in issuing.

The table is read once, at a pace that leaves the functions theirs. A creation or a rotation has
its event, which names the secret; of a key whose creation is older than the events are kept, all
secrets end.
"""

import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import boto3

from agentcontainer.clock import to_millis
from agentcontainer.dynamodb.item import Item, decode_item
from agentcontainer.dynamodb.table import check_responses
from agentcontainer.keys.key import RevokedReason
from tools.operator.desk import Desk
from tools.operator.keys import Target, revoke

_ISSUING = frozenset({"api_key.created", "api_key.rotated"})
_ITEMS_A_READ = 200


def revoke_issued(
    desk: Desk,
    since: datetime,
    until: datetime,
    reason: RevokedReason,
    note: str | None,
    *,
    read_units: float,
    changes: float,
) -> int:
    """Ends what was issued from `since` on and before `until`; how many secrets that were.

    `read_units` and `changes` are the most a second.
    """
    events: set[Target] = set()
    created: set[Target] = set()
    told: set[str] = set()
    for item in scan(desk.place.table, read_units):
        if not to_millis(since) <= item.get("createdAt", -1) < to_millis(until):
            continue
        if item["sk"].startswith("key#"):
            created.add(Target(item["accountId"], item["id"]))
        # An operator's replay gives out no secret.
        elif item.get("action") in _ISSUING and item["actor"]["type"] != "system":
            newest = item["state"]["secrets"][0]
            events.add(Target(item["accountId"], item["keyId"], newest["digest"]))
            if item["action"] == "api_key.created":
                told.add(item["keyId"])
    targets = sorted(events) + sorted(each for each in created if each.key_id not in told)
    for target in targets:
        revoke(desk, target, reason, note)
        time.sleep(1 / changes if desk.acts else 0)
    return len(targets)


def scan(table: str, read_units: float) -> Iterator[Item]:
    """Every item of a table, consistent, with pauses that keep to so many read units a second."""
    client = boto3.client("dynamodb")
    # What is read as an empty table would be reported as nothing to end.
    check_responses(client)
    start: dict[str, Any] = {}
    while True:
        page = client.scan(
            TableName=table,
            ConsistentRead=True,
            Limit=_ITEMS_A_READ,
            ReturnConsumedCapacity="TOTAL",
            **start,
        )
        yield from map(decode_item, page["Items"])
        if "LastEvaluatedKey" not in page:
            return
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
        time.sleep(page.get("ConsumedCapacity", {}).get("CapacityUnits", 0) / read_units)
