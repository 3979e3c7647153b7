"""How often keys and accounts were used: one item each a UTC day, kept for 400 days.

An owner is a key's id or an account's. What is counted leaves a mark in the same transaction, so
that the same lines, told again, count no more.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from agentcontainer.clock import to_seconds
from agentcontainer.dynamodb.conditions import ABSENT, ConditionFailed, Put, Update
from agentcontainer.dynamodb.table import Table
from agentcontainer.usage.batch import Part
from agentcontainer.usage.outcomes import Day

MOST_DAYS: Final = 400
"""How far back usage can be seen."""

_DAY = "day#"
# As long as the same lines can come again: CloudWatch Logs tries for a day, Lambda for six hours,
# and a dead letter waits a fortnight for somebody to look.
_MARK_KEPT = timedelta(days=16)


class UsageStore:
    """The usage of all keys and accounts."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def count(self, part: Part, now: datetime) -> bool:
        """Counts the lines, all or none; False if they have been counted before."""
        mark = {
            "pk": f"delivery#{part.name}",
            "sk": "delivery",
            "ttl": to_seconds(now + _MARK_KEPT),
        }
        additions = [
            Update(
                pk=usage_pk(owner.id),
                sk=_sk(owner.date),
                set={"ttl": to_seconds(_midnight(owner.date) + timedelta(days=MOST_DAYS))},
                add=counts,
            )
            for owner, counts in part.counters.items()
        ]
        try:
            self._table.transact(Put(mark, where={"pk": ABSENT}), *additions)
        except ConditionFailed:
            return False
        return True

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


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _sk(day: date) -> str:
    return _DAY + day.isoformat()
