"""The record of an API key and its rules. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, NamedTuple

from agentcontainer.clock import to_millis
from agentcontainer.keys.lookup import ACTIVE, DISABLED, EXPIRED, REVOKED, Lookup, RateLimit

type Status = Literal["active", "disabled", "expired", "revoked"]
type RevokedReason = Literal["requested", "self"]


class Secret(NamedTuple):
    """One token of a key, known by its digest; `expires_at` is set once a newer one replaces it."""

    digest: str
    hint: str
    expires_at: datetime | None = None


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

    def revoke(self, now: datetime, reason: RevokedReason, note: str | None = None) -> "ApiKey":
        """The key, ended for good; a key that is revoked already stays exactly as it is."""
        if self.revoked_at is not None:
            return self
        return replace(self, revoked_at=now, revoked_reason=reason, revoked_note=note)

    def lookups(self) -> dict[str, Lookup]:
        """What the authorizer is to see for each secret, by digest."""
        return {secret.digest: self._lookup(secret) for secret in self.secrets}

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
