"""Revoking one key, whatever is known of it, and closing an account."""

from typing import NamedTuple

from agentcontainer.errors import NotFound
from agentcontainer.keys import token
from agentcontainer.keys.key import ApiKey, RevokedReason
from tools.operator.desk import Desk, Refused


class Target(NamedTuple):
    """A key, and the secret of it that is meant; None means all of it."""

    account_id: str
    key_id: str
    digest: str | None = None


def by_token(desk: Desk, text: str) -> Target:
    """The key of a token. Neither the token nor a part of it is said again."""
    secret = token.parse(text.strip())
    if secret is None:
        raise Refused("what was given is not a token: its form or its checksum is wrong")
    return by_digest(desk, token.digest(secret))


def by_digest(desk: Desk, digest: str) -> Target:
    """The key of the token with this SHA-256."""
    found = desk.store.lookups([digest])[digest]
    if found is None:
        raise Refused("no key has this secret, now or before")
    return Target(found.account_id, found.key_id, digest)


def by_hint(desk: Desk, account_id: str, hint: str) -> Target:
    """The key of an account one of whose secrets is shown so."""
    found = [
        Target(account_id, key.id, secret.digest)
        for key in desk.accounts.keys(account_id)
        for secret in key.secrets
        if secret.hint == hint
    ]
    if len(found) != 1:
        raise Refused(f"{len(found)} secrets of {account_id} are shown so; name the key by its id")
    return found[0]


def revoke(desk: Desk, target: Target, reason: RevokedReason, note: str | None) -> None:
    """Ends the key, or the one secret that is meant: the newest ends the key, an older one itself.

    A secret that has ended already changes nothing.
    """

    def ended(key: ApiKey) -> ApiKey:
        if target.digest is None:
            return key.revoke(desk.now, reason, note)
        return key.end_secret(desk.now, target.digest, reason, note)

    try:
        before = desk.store.get(target.account_id, target.key_id)
    except NotFound:
        raise Refused(f"{target.account_id} has no key {target.key_id}") from None
    after = ended(before)
    if desk.acts:
        after = desk.store.change(
            target.account_id, target.key_id, ended, by=desk.by, now=desk.now
        ).value
    desk.say(f"{_outcome(before, after)} {target.key_id} of {target.account_id} ({before.name!r})")


def close(desk: Desk, account_id: str) -> None:
    """Closes an account, and revokes its keys."""
    if desk.acts:
        ended = desk.accounts.close(account_id, by=desk.by, now=desk.now)
    else:
        ended = [key for key in desk.accounts.keys(account_id) if not key.revoked_at]
    for key in ended:
        desk.say(f"revoke {key.id} of {account_id} ({key.name!r})")
    desk.say(f"close {account_id}: {len(ended)} keys revoked")


def reopen(desk: Desk, account_id: str) -> None:
    """Lets an account have keys again."""
    if desk.accounts.closed_at(account_id) is None:
        raise Refused(f"{account_id} is not closed")
    if desk.acts:
        desk.accounts.reopen(account_id, by=desk.by, now=desk.now)
    desk.say(f"reopen {account_id}: its revoked keys stay revoked")


def _outcome(before: ApiKey, after: ApiKey) -> str:
    if before.revoked_at is not None:
        return "leave, it was revoked before:"
    if after.revoked_at is not None:
        return "revoke"
    return (
        "leave, that secret had ended before:"
        if before.secrets == after.secrets
        else "end the older secret of"
    )
