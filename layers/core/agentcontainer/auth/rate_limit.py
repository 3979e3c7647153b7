"""A key's rate limit: fixed windows aligned to the Unix epoch, at most the limit in each.

A request costs one conditional addition to the item of its window, which DynamoDB makes atomically,
so however many arrive at once no more are admitted than the limit. Around a boundary up to twice
the limit can pass within one window's length. The counters are items of their own: on the key's
items every request would be in the way of the owner's changes.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from agentcontainer.clock import to_seconds
from agentcontainer.dynamodb.conditions import Below, ConditionFailed, Update
from agentcontainer.dynamodb.table import Table
from agentcontainer.errors import StoreUnavailable
from agentcontainer.keys.verification import RateLimit

# Kept a while after the window, for clocks that disagree.
_KEPT = timedelta(hours=1)


class Window(NamedTuple):
    """How a key stands in its present window."""

    admitted: bool
    """Whether the request that asked is within the limit."""
    remaining: int
    """Requests that the window still has."""
    seconds_left: int
    """Whole seconds, rounded up, until the next window begins."""


class RateCounter:
    """Counts the requests of limited keys, in the table of keys."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def consume(self, key_id: str, limit: RateLimit, now: datetime) -> Window:
        """Counts one request, unless the window has none left."""
        try:
            return self._add(1, key_id, limit, now)
        except ConditionFailed:
            return Window(admitted=False, remaining=0, seconds_left=_seconds_left(limit, now))

    def peek(self, key_id: str, limit: RateLimit, now: datetime) -> Window | None:
        """The same without counting; None if the store does not tell.

        Adds 0 with UpdateItem, because the function's role has no GetItem permission.
        """
        try:
            return self._add(0, key_id, limit, now)
        except StoreUnavailable:
            return None

    def _add(self, requests: int, key_id: str, limit: RateLimit, now: datetime) -> Window:
        start = to_seconds(now) // limit.window_seconds * limit.window_seconds
        counted = self._table.update(
            Update(
                pk=f"rate#{key_id}",
                sk=f"{limit.window_seconds}#{start}",
                set={"ttl": start + limit.window_seconds + int(_KEPT.total_seconds())},
                add={"requests": requests},
                where={"requests": Below(limit.requests)} if requests else {},
            )
        )
        remaining = max(0, limit.requests - counted["requests"])
        return Window(admitted=True, remaining=remaining, seconds_left=_seconds_left(limit, now))


def _seconds_left(limit: RateLimit, now: datetime) -> int:
    return limit.window_seconds - to_seconds(now) % limit.window_seconds
