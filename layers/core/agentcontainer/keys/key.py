"""The record of an API key and its rules. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal, NamedTuple, TypedDict, Unpack

from agentcontainer.clock import to_millis
from agentcontainer.errors import ExpiryNotInFuture, FinalState, RotationInProgress
from agentcontainer.keys.token import fingerprint
from agentcontainer.keys.verification import ACTIVE, DISABLED, EXPIRED, REVOKED, Lookup, RateLimit

type Status = Literal["active", "disabled", "expired", "revoked"]
type RevokedReason = Literal["requested", "self", "leaked", "owner_deleted"]
type Replaced = Literal["newest", "oldest"]


class Secret(NamedTuple):
    """One token of a key, known by its digest; `expires_at` is set when a newer one replaces it."""

    digest: str
    hint: str
    expires_at: datetime | None = None


class KeyChanges(TypedDict, total=False):
    """What an owner may change of a key."""

    name: str
    scopes: tuple[str, ...]
    allowed_ips: tuple[str, ...]
    rate_limit: RateLimit | None
    enabled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key has one id for life; its tokens come and go. `secrets` begins with the newest."""

    id: str
    account_id: str
    name: str
    scopes: tuple[str, ...]
    secrets: tuple[Secret, ...]
    created_at: datetime
    created_by: str
    allowed_ips: tuple[str, ...] = ()
    rate_limit: RateLimit | None = None
    expires_at: datetime | None = None
    disabled: bool = False
    revoked_at: datetime | None = None
    revoked_reason: RevokedReason | None = None
    revoked_note: str | None = None
    last_used_at: datetime | None = None
    last_uses: Mapping[str, datetime] = field(default_factory=dict)
    """The last use of each secret, by the fingerprint of its digest."""
    counted: bool = True
    """Whether the account's counter of live keys has this one in it."""
    revision: int = 1

    @property
    def hint(self) -> str:
        """The fragment of the newest token that may be shown."""
        return self.secrets[0].hint

    def status(self, now: datetime) -> Status:
        """The first that is true of revoked, expired, disabled, active."""
        if self.revoked_at is not None:
            return REVOKED
        if self.expires_at is not None and self.expires_at <= now:
            return EXPIRED
        return DISABLED if self.disabled else ACTIVE

    def is_final(self, now: datetime) -> bool:
        """Whether it can never work again. A disabled key can: it is live, and counts as such."""
        return self.status(now) in {REVOKED, EXPIRED}

    def older_secret(self, now: datetime) -> Secret | None:
        """The secret that a rotation replaced, as long as it has not ended."""
        if self.is_final(now) or len(self.secrets) == 1:
            return None
        [_, older] = self.secrets
        return None if older.expires_at is not None and older.expires_at <= now else older

    def last_use(self, secret: Secret) -> datetime | None:
        """When one of the secrets was last used."""
        return self.last_uses.get(fingerprint(secret.digest))

    def edit(self, now: datetime, **changes: Unpack[KeyChanges]) -> "ApiKey":
        """The key with other values; FinalState for a final one, whose name alone may change.

        TypeError for what no owner may change.
        """
        if unknown := changes.keys() - KeyChanges.__annotations__.keys():
            raise TypeError(f"no change of a key: {', '.join(sorted(unknown))}")
        edited = replace(
            self,
            name=changes.get("name", self.name),
            scopes=changes.get("scopes", self.scopes),
            allowed_ips=changes.get("allowed_ips", self.allowed_ips),
            rate_limit=changes.get("rate_limit", self.rate_limit),
            disabled=not changes.get("enabled", not self.disabled),
        )
        if "enabled" in changes or replace(edited, name=self.name) != self:
            self._require_live(now)
        return edited

    def rotate(
        self,
        now: datetime,
        secret: Secret,
        *,
        grace: timedelta,
        replaced: Replaced | None = None,
        expires_at: datetime | None = None,
    ) -> "ApiKey":
        """The key with a new secret. The newest works on for the grace, but not beyond the expiry.

        There are never more than two live secrets. While an older one works, `replaced` says which
        of the two ends now: the newest, if nobody has received it, leaves the older its deadline.
        """
        newest = self.secrets[0]
        if newest.digest == secret.digest:
            # An answer of the store was lost, and the change that it confirmed is tried again.
            return self
        self._require_live(now)
        if expires_at is not None:
            check_expiry(expires_at, now)
        older = self.older_secret(now)
        kept: tuple[Secret, ...]
        if not grace:
            kept = ()
        elif older is None or replaced == "oldest":
            deadline = now + grace if self.expires_at is None else min(now + grace, self.expires_at)
            kept = (newest._replace(expires_at=deadline),)
        elif replaced == "newest":
            kept = (older,)
        else:
            raise RotationInProgress
        return replace(self, secrets=(secret, *kept), expires_at=expires_at or self.expires_at)

    def end_rotation(self, now: datetime) -> "ApiKey":
        """The key with its newest secret alone, and as it is if that is so already."""
        return self if self.older_secret(now) is None else replace(self, secrets=self.secrets[:1])

    def end_secret(
        self, now: datetime, digest: str, reason: RevokedReason = "self", note: str | None = None
    ) -> "ApiKey":
        """The key without one secret. The newest is the key's last resort: it ends the key."""
        newest, *older = self.secrets
        if self.revoked_at is not None or digest == newest.digest:
            return self.revoke(now, reason, note)
        return replace(self, secrets=(newest, *(one for one in older if one.digest != digest)))

    def revoke(self, now: datetime, reason: RevokedReason, note: str | None = None) -> "ApiKey":
        """The key, ended for good; a key that is revoked already stays exactly as it is."""
        if self.revoked_at is not None:
            return self
        return replace(self, revoked_at=now, revoked_reason=reason, revoked_note=note)

    def lookups(self) -> dict[str, Lookup]:
        """What the authorizer is to see for each secret, by digest."""
        return {secret.digest: self._lookup(secret) for secret in self.secrets}

    def lookups_after(self, *before: "ApiKey") -> dict[str, Lookup]:
        """The same after a change, with the secrets of earlier states that have ended.

        Those are revoked, not expired a moment ago: the authorizer's clock may be behind ours.
        """
        ended = {
            digest: seen._replace(status=REVOKED)
            for earlier in before
            for digest, seen in earlier.lookups().items()
        }
        return ended | self.lookups()

    def admits_more_than(self, before: "ApiKey") -> bool:
        """Whether a secret may work now that was none, or did not, before the change."""
        if self.revoked_at is not None:
            return False
        known = {secret.digest for secret in before.secrets}
        return (before.disabled and not self.disabled) or any(
            secret.digest not in known for secret in self.secrets
        )

    def _require_live(self, now: datetime) -> None:
        if self.is_final(now):
            raise FinalState("key", self.status(now))

    def _lookup(self, secret: Secret) -> Lookup:
        ends = [end for end in (self.expires_at, secret.expires_at) if end is not None]
        stored_status = DISABLED if self.disabled else ACTIVE
        return Lookup(
            key_id=self.id,
            account_id=self.account_id,
            status=REVOKED if self.revoked_at else stored_status,
            scopes=self.scopes,
            expires_at=to_millis(min(ends)) if ends else None,
            allowed_ips=self.allowed_ips,
            rate_limit=self.rate_limit,
        )


def check_expiry(expires_at: datetime, now: datetime) -> None:
    """ExpiryNotInFuture for an expiry that is not in the future."""
    if expires_at <= now:
        raise ExpiryNotInFuture
