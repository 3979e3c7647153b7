"""What happened to a key or an account: who did it, to what, and what it changed. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple


class Actor(NamedTuple):
    """Who asks for a change, and from where. No part of it holds a token."""

    type: Literal["user", "key", "system"]
    id: str
    address: str | None = None
    user_agent: str | None = None


class Change(NamedTuple):
    """A member's value before and after, as callers see it."""

    before: Any
    after: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One thing that happened to a key, or to the account itself: `key_id` is None then."""

    id: str
    account_id: str
    key_id: str | None
    action: str
    actor: Actor
    changes: Mapping[str, Change]
    created_at: datetime
