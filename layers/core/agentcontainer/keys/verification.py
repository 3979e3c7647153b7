"""What one request needs to know of a key: the item that a token's digest names, and its verdict.

Pure and light: the authorizer imports this on every cold start.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final, NamedTuple

from agentcontainer.dynamodb.item import Item

# The readers of a new schema are deployed before anything writes it.
SCHEMA = 1

ACTIVE: Final = "active"
DISABLED: Final = "disabled"
EXPIRED: Final = "expired"
REVOKED: Final = "revoked"


class Verdict(Enum):
    """The outcome of a check: a value, never an exception, whatever the caller sent."""

    VALID = "VALID"
    MALFORMED = "MALFORMED"
    UNKNOWN = "UNKNOWN"
    REVOKED = "REVOKED"
    DISABLED = "DISABLED"
    EXPIRED = "EXPIRED"


class RateLimit(NamedTuple):
    """At most `requests` in each window of `window_seconds`."""

    requests: int
    window_seconds: int


class Lookup(NamedTuple):
    """One secret of a key as the authorizer sees it; `expires_at` is in epoch milliseconds."""

    key_id: str
    account_id: str
    status: str
    scopes: tuple[str, ...]
    expires_at: int | None
    allowed_ips: tuple[str, ...]
    rate_limit: RateLimit | None


def check(lookup: Lookup | None, now: int) -> Verdict:
    """The verdict on a well-formed token at `now` (epoch milliseconds); the first that is true."""
    if lookup is None:
        return Verdict.UNKNOWN
    if lookup.status == REVOKED:
        return Verdict.REVOKED
    if lookup.expires_at is not None and lookup.expires_at <= now:
        return Verdict.EXPIRED
    if lookup.status == DISABLED:
        return Verdict.DISABLED
    return Verdict.VALID


def item_key(digest: str) -> tuple[str, str]:
    """Partition and sort key of the item for a token's digest."""
    return f"digest#{digest}", "digest"


def to_item(digest: str, lookup: Lookup) -> Item:
    """The item as it is stored."""
    pk, sk = item_key(digest)
    limit = lookup.rate_limit
    return {
        "pk": pk,
        "sk": sk,
        "v": SCHEMA,
        "keyId": lookup.key_id,
        "accountId": lookup.account_id,
        "status": lookup.status,
        "scopes": list(lookup.scopes),
        "expiresAt": lookup.expires_at,
        "allowedIps": list(lookup.allowed_ips),
        "rateLimit": list(limit) if limit else None,
    }


def from_item(item: Mapping[str, Any]) -> Lookup:
    """The item as it was stored; ValueError for a schema that this code does not know.

    Any other flaw raises too (KeyError, TypeError): a damaged item is a fault, not a bad key.
    """
    if item["v"] != SCHEMA or item["status"] not in {ACTIVE, DISABLED, REVOKED}:
        raise ValueError(f"lookup item of schema {item['v']!r}, status {item['status']!r}")
    limit = item["rateLimit"]
    return Lookup(
        key_id=item["keyId"],
        account_id=item["accountId"],
        status=item["status"],
        scopes=tuple(item["scopes"]),
        expires_at=item["expiresAt"],
        allowed_ips=tuple(item["allowedIps"]),
        rate_limit=RateLimit(*limit) if limit else None,
    )
