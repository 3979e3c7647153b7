"""Who calls: what an authorizer puts into its context, and what a handler reads from it there.

API Gateway hands context values on as strings. A handler refuses a request whose context is
missing or of the other kind, so that no emulator and no mistake in the template can let a caller
through. The context of a refused credential has no `kind`, for an emulator that ignores Deny.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from agentcontainer.keys.token import fingerprint
from agentcontainer.keys.verification import Lookup, RateLimit, Verdict

KEY = "key"
SESSION = "session"

type Context = dict[str, str]


class KeyPrincipal(NamedTuple):
    """A program, by its API key; `digest` tells which of the key's secrets it used."""

    account_id: str
    key_id: str
    digest: str
    scopes: frozenset[str]
    allowed_ips: tuple[str, ...]
    rate_limit: RateLimit | None

    def ids(self) -> Context:
        """Who it is, for logs."""
        return {"accountId": self.account_id, "keyId": self.key_id}


class SessionPrincipal(NamedTuple):
    """A person, by a Clerk session. The account is the active organization, else the user."""

    account_id: str
    user_id: str
    session_id: str
    role: str | None

    @property
    def may_manage(self) -> bool:
        """Whether the person may change keys and read audit events of the account."""
        return self.account_id == self.user_id or self.role == "admin"

    def ids(self) -> Context:
        """Who it is, for logs."""
        return {"accountId": self.account_id, "userId": self.user_id}


def key_context(lookup: Lookup, digest: str) -> Context:
    """The context of an admitted key; the fingerprint is for the access log."""
    limit = lookup.rate_limit
    return {
        "kind": KEY,
        "verdict": Verdict.VALID.value,
        "accountId": lookup.account_id,
        "keyId": lookup.key_id,
        "digest": digest,
        "fingerprint": fingerprint(digest),
        "scopes": " ".join(lookup.scopes),
        "allowedIps": " ".join(lookup.allowed_ips),
        "rateLimit": f"{limit.requests}/{limit.window_seconds}" if limit else "",
    }


def refusal_context(verdict: Verdict, lookup: Lookup | None) -> Context:
    """The context of a refused key: the reason, and whose key it was if that is known."""
    context = {"verdict": verdict.value}
    if lookup is not None:
        context |= {"accountId": lookup.account_id, "keyId": lookup.key_id}
    return context


def session_context(principal: SessionPrincipal) -> Context:
    """The context of an admitted session."""
    return {
        "kind": SESSION,
        "accountId": principal.account_id,
        "userId": principal.user_id,
        "sessionId": principal.session_id,
        "role": principal.role or "",
    }


def key_principal(context: Mapping[str, Any]) -> KeyPrincipal | None:
    """The caller, or None if the context is not that of an admitted key."""
    if context.get("kind") != KEY:
        return None
    requests, _, window = context["rateLimit"].partition("/")
    return KeyPrincipal(
        account_id=context["accountId"],
        key_id=context["keyId"],
        digest=context["digest"],
        scopes=frozenset(context["scopes"].split()),
        allowed_ips=tuple(context["allowedIps"].split()),
        rate_limit=RateLimit(int(requests), int(window)) if requests else None,
    )


def session_principal(context: Mapping[str, Any]) -> SessionPrincipal | None:
    """The caller, or None if the context is not that of an admitted session."""
    if context.get("kind") != SESSION:
        return None
    return SessionPrincipal(
        account_id=context["accountId"],
        user_id=context["userId"],
        session_id=context["sessionId"],
        role=context["role"] or None,
    )
