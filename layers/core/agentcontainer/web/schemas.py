"""The key object as callers see it.

The dashboard sees all of it; a program that asks about its own key does not learn who made it nor
where it may be used from.
"""

from datetime import datetime
from typing import Self

from agentcontainer.keys.key import ApiKey, RevokedReason, Status
from agentcontainer.web.models import Answer, Timestamp


class RateLimitObject(Answer):
    """The maximum number of requests in each fixed window."""

    requests: int
    window_seconds: int


class Rotation(Answer):
    """An older token that was replaced and still works."""

    previous_hint: str
    previous_expires_at: Timestamp
    previous_last_used_at: Timestamp | None
    newest_last_used_at: Timestamp | None
    """The last use of the newest token; `lastUsedAt` is the last use of any token."""


class OwnKey(Answer):
    """An API key, as a program sees its own."""

    id: str
    """Never changes, whatever happens to the key's tokens."""
    name: str
    hint: str
    """The part of the newest token that may be shown."""
    status: Status
    """The first of `revoked`, `expired`, `disabled`, `active` that applies."""
    scopes: list[str]
    """What the key may do."""
    rate_limit: RateLimitObject | None
    """The key's rate limit; null means none of its own."""
    created_at: Timestamp
    expires_at: Timestamp | None
    """When the key expires; null means never."""
    last_used_at: Timestamp | None
    """When the key was last used; null if no use is known."""
    revoked_at: Timestamp | None
    revoked_reason: RevokedReason | None
    """Why the key was revoked: `requested` (on the dashboard), `self` (with the key itself),
    `leaked` or `owner_deleted`."""
    rotation: Rotation | None
    """Present while an older token has not ended. (The older token of a disabled key works again
    once the key is enabled.)"""

    @classmethod
    def of(cls, key: ApiKey, now: datetime, **more: object) -> Self:
        """The object for `key` at `now`; subclasses add members through `more`."""
        limit, older = key.rate_limit, key.older_secret(now)
        members = {
            "id": key.id,
            "name": key.name,
            "hint": key.hint,
            "status": key.status(now),
            "scopes": list(key.scopes),
            "rate_limit": RateLimitObject(**limit._asdict()) if limit else None,
            "created_at": key.created_at,
            "expires_at": key.expires_at,
            "last_used_at": key.last_used_at,
            "revoked_at": key.revoked_at,
            "revoked_reason": key.revoked_reason,
            "rotation": older
            and {
                "previous_hint": older.hint,
                "previous_expires_at": older.expires_at,
                "previous_last_used_at": key.last_use(older),
                "newest_last_used_at": key.last_use(key.secrets[0]),
            },
        }
        return cls.model_validate(members | more)


class Key(OwnKey):
    """An API key. Its token is shown once, when it is created, and never stored."""

    allowed_ips: list[str]
    """Networks and addresses from which the key may be used; none means anywhere."""
    created_by: str
    """The user who created it."""

    @classmethod
    def of(cls, key: ApiKey, now: datetime, **more: object) -> Self:
        """The object for `key` at `now`."""
        return super().of(
            key,
            now,
            allowed_ips=list(key.allowed_ips),
            created_by=key.created_by,
            **more,
        )
