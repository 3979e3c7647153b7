"""A key's item in DynamoDB, and the state that its audit events carry. Pure.

The last uses are attributes of the same item, but the usage recorder's alone to write
(`keys/last_use.py`).
"""

from datetime import datetime

from agentcontainer.clock import from_millis, to_millis
from agentcontainer.dynamodb.item import Item, account_pk
from agentcontainer.keys.key import ApiKey, Secret
from agentcontainer.keys.verification import RateLimit

KEY = "key#"
LAST_USED = "lastUsedAt"
_USED = "usedAt_"


def to_item(key: ApiKey) -> Item:
    """Everything that is shown, but the last use: that is the usage recorder's alone to write."""
    return {
        "pk": account_pk(key.account_id),
        "sk": KEY + key.id,
        "id": key.id,
        "accountId": key.account_id,
        "name": key.name,
        "scopes": list(key.scopes),
        "secrets": [_secret_item(secret) for secret in key.secrets],
        "createdAt": to_millis(key.created_at),
        "createdBy": key.created_by,
        "allowedIps": list(key.allowed_ips),
        "rateLimit": list(key.rate_limit) if key.rate_limit else None,
        "expiresAt": _millis(key.expires_at),
        "disabled": key.disabled,
        "revokedAt": _millis(key.revoked_at),
        "revokedReason": key.revoked_reason,
        "revokedNote": key.revoked_note,
        "counted": key.counted,
        "revision": key.revision,
    }


def to_state(old: ApiKey | None, new: ApiKey) -> Item:
    """The key as a change left it, and the secrets that it ended, which nothing else names now."""
    kept = {secret.digest for secret in new.secrets}
    ended = [secret for secret in (old.secrets if old else ()) if secret.digest not in kept]
    state = {name: value for name, value in to_item(new).items() if name not in {"pk", "sk"}}
    return state | {"ended": [_secret_item(secret) for secret in ended]}


def from_state(state: Item) -> tuple[ApiKey, tuple[Secret, ...]]:
    """The key as a change left it, and the secrets that it ended: from its event or line."""
    return from_item(state), tuple(map(_secret, state["ended"]))


def from_item(item: Item) -> ApiKey:
    """The key as it was stored; KeyError or TypeError for an item of another form."""
    limit = item["rateLimit"]
    return ApiKey(
        id=item["id"],
        account_id=item["accountId"],
        name=item["name"],
        scopes=tuple(item["scopes"]),
        secrets=tuple(map(_secret, item["secrets"])),
        created_at=from_millis(item["createdAt"]),
        created_by=item["createdBy"],
        allowed_ips=tuple(item["allowedIps"]),
        rate_limit=RateLimit(*limit) if limit else None,
        expires_at=_moment(item["expiresAt"]),
        disabled=item["disabled"],
        revoked_at=_moment(item["revokedAt"]),
        revoked_reason=item["revokedReason"],
        revoked_note=item["revokedNote"],
        last_used_at=_moment(item.get(LAST_USED)),
        last_uses=_last_uses(item),
        counted=item["counted"],
        revision=item["revision"],
    )


def _secret_item(secret: Secret) -> Item:
    return {
        "digest": secret.digest,
        "hint": secret.hint,
        "expiresAt": _millis(secret.expires_at),
    }


def _secret(item: Item) -> Secret:
    return Secret(item["digest"], item["hint"], _moment(item["expiresAt"]))


def _millis(moment: datetime | None) -> int | None:
    return None if moment is None else to_millis(moment)


def _moment(millis: int | None) -> datetime | None:
    return None if millis is None else from_millis(millis)


def of_secret(secret: str) -> str:
    """The attribute for the last use of the secret with this fingerprint."""
    return _USED + secret


def _last_uses(item: Item) -> dict[str, datetime]:
    """When each secret was last used, by its fingerprint."""
    return {
        name.removeprefix(_USED): from_millis(value)
        for name, value in item.items()
        if name.startswith(_USED)
    }
