"""What a change did to a key, in the words of the audit event. Pure."""

from datetime import datetime
from typing import Any, Literal

from agentcontainer.audit.event import Change
from agentcontainer.clock import to_rfc3339
from agentcontainer.keys.key import ApiKey

type Action = Literal[
    "api_key.created",
    "api_key.updated",
    "api_key.disabled",
    "api_key.enabled",
    "api_key.rotated",
    "api_key.rotation_ended",
    "api_key.revoked",
]


def action(old: ApiKey | None, new: ApiKey) -> Action:
    """What was done, by what it changed."""
    if old is None:
        return "api_key.created"
    if new.revoked_at != old.revoked_at:
        return "api_key.revoked"
    if new.secrets[0] != old.secrets[0]:
        return "api_key.rotated"
    if new.secrets != old.secrets:
        return "api_key.rotation_ended"
    if new.disabled != old.disabled:
        return "api_key.disabled" if new.disabled else "api_key.enabled"
    return "api_key.updated"


def changes(old: ApiKey | None, new: ApiKey, now: datetime) -> dict[str, Change]:
    """The members that differ, as the owner sees them; a new key's have come from null."""
    before = _seen(old, now) if old else {}
    return {
        name: Change(before.get(name), value)
        for name, value in _seen(new, now).items()
        if before.get(name) != value
    }


def _seen(key: ApiKey, now: datetime) -> dict[str, Any]:
    """What an owner would call the key's state; times as they are shown."""
    older = key.older_secret(now)
    limit = key.rate_limit
    return {
        "name": key.name,
        "scopes": list(key.scopes),
        "enabled": not key.disabled,
        "allowedIps": list(key.allowed_ips),
        "rateLimit": limit and {"requests": limit.requests, "windowSeconds": limit.window_seconds},
        "expiresAt": key.expires_at and to_rfc3339(key.expires_at),
        "hint": key.hint,
        "rotation": older
        and {
            "previousHint": older.hint,
            "previousExpiresAt": older.expires_at and to_rfc3339(older.expires_at),
        },
        "revokedReason": key.revoked_reason,
        "note": key.revoked_note,
    }
