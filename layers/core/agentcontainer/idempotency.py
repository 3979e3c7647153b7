"""A POST that is sent again is done once: what `Idempotency-Key` names, remembered for a day.

The record is written in the transaction of what it protects, so of many identical requests at once
one does the thing, and only success is remembered. It holds the id of what was made and a hash of
the body, and never an answer: that would hold a token.
"""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from agentcontainer.clock import to_millis, to_seconds
from agentcontainer.dynamodb.conditions import Below, Put
from agentcontainer.dynamodb.table import Table
from agentcontainer.errors import IdempotencyMismatch

KEPT = timedelta(hours=24)


class Once(NamedTuple):
    """A request that carries an `Idempotency-Key`."""

    pk: str
    fingerprint: str
    now: datetime


class Outcome[T](NamedTuple):
    """What a request made, or what the same request made before."""

    value: T
    replayed: bool


def once(account_id: str, method: str, path: str, key: str, body: object, now: datetime) -> Once:
    """The request; `body` is its JSON value, and one that equals it is the same request."""
    return Once(f"idem#{_sha256([account_id, method, path, key])}", _sha256(_plain(body)), now)


def recall(table: Table, request: Once | None) -> str | None:
    """The id of what the same request made; IdempotencyMismatch if its body was another."""
    kept = table.get(request.pk, "idem") if request else None
    # DynamoDB deletes late.
    if request is None or kept is None or kept["expiresAt"] < to_millis(request.now):
        return None
    if kept["fingerprint"] != request.fingerprint:
        raise IdempotencyMismatch
    made_id: str = kept["id"]
    return made_id


def record(request: Once | None, made_id: str) -> list[Put]:
    """The write that remembers the request, if nothing is remembered under its key yet."""
    if request is None:
        return []
    expires_at = request.now + KEPT
    item = {
        "pk": request.pk,
        "sk": "idem",
        "fingerprint": request.fingerprint,
        "id": made_id,
        "expiresAt": to_millis(expires_at),
        "ttl": to_seconds(expires_at),
    }
    return [Put(item, where={"expiresAt": Below(to_millis(request.now))})]


def _plain(value: Any) -> Any:
    """The value with numbers of one spelling: JSON does not tell 5 from 5.0."""
    match value:
        case float() if value.is_integer():
            return int(value)
        case list():
            return [_plain(element) for element in value]
        case dict():
            return {name: _plain(member) for name, member in value.items()}
    return value


def _sha256(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
