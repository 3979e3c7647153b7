"""The key object as callers see it.

The dashboard sees all of it; a program that asks about its own key does not learn who made it nor
where it may be used from.
"""

from datetime import datetime
from typing import Self

from agentcontainer.keys.key import ApiKey, RevokedReason, Status
from agentcontainer.web.models import Answer, Timestamp


class RateLimitObject(Answer):
    """At most so many requests in each fixed window."""

    requests: int
    window_seconds: int


class Rotation(Answer):
    """The token that a newer one has replaced, and that works a while longer."""

    previous_hint: str
    previous_expires_at: Timestamp
    previous_last_used_at: Timestamp | None
    newest_last_used_at: Timestamp | None
    """Of the newest token alone; `lastUsedAt` is the latest use of any."""


class OwnKey(Answer):
    """An API key, as a program sees its own."""

    id: str
    """Stays the same for life, whatever happens to the key's tokens."""
    name: str
    hint: str
    """What may be shown of the newest token."""
    status: Status
    """The first that is true of `revoked`, `expired`, `disabled`, `active`."""
    scopes: list[str]
    """What it may do."""
    rate_limit: RateLimitObject | None
    """How much it may do; null means as much as everybody."""
    created_at: Timestamp
    expires_at: Timestamp | None
    """When it stops working by itself; null means never."""
    last_used_at: Timestamp | None
    """Null where no use of it is known."""
    revoked_at: Timestamp | None
    revoked_reason: RevokedReason | None
    """`requested` on the dashboard, or `self`: by a program that held the key."""
    rotation: Rotation | None
    """Set while an older token has not ended. (That of a disabled key works again with the key.)"""

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
    """Networks and addresses it may be used from; none means anywhere."""
    created_by: str
    """The user who made it."""

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
