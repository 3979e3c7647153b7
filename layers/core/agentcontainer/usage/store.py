"""How often keys and accounts were used: one item each a UTC day, kept for 400 days.

An owner is a key's id or an account's.
"""

from datetime import date, timedelta
from typing import Final

from agentcontainer.table import Table
from agentcontainer.usage.counts import Day

MOST_DAYS: Final = 400
"""How far back usage can be seen."""

_DAY = "day#"


class UsageStore:
    """The usage of all keys and accounts."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def days(self, owner: str, today: date, days: int) -> list[Day]:
        """The last so many days, the oldest first and today last, those without a request too."""
        wanted = [today - timedelta(days=ago) for ago in reversed(range(days))]
        found = {
            item["sk"].removeprefix(_DAY): item
            for item in self._table.between(usage_pk(owner), _sk(wanted[0]), _sk(today))
        }
        return [Day(day, found.get(day.isoformat(), {})) for day in wanted]


def usage_pk(owner: str) -> str:
    """Partition of an owner's usage."""
    return f"usage#{owner}"


def _sk(day: date) -> str:
    return _DAY + day.isoformat()
