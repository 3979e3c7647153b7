"""Days as the usage routes give them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

OUTCOMES = ("accepted", "forbidden", "rateLimited", "failed", "refused")
TODAY = datetime.now(UTC).date()


def day(date_: date, refusals: dict[str, int] | None = None, **counts: int) -> dict[str, Any]:
    """One day; what is not named is 0."""
    reasons = {"revoked": 0, "expired": 0, "disabled": 0} | (refusals or {})
    return {"date": str(date_), **dict.fromkeys(OUTCOMES, 0), **counts, "refusals": reasons}


def days(counts: list[int], last: date = TODAY) -> list[dict[str, Any]]:
    """As many accepted requests a day, the last of them on `last`."""
    first = last - timedelta(days=len(counts) - 1)
    return [day(first + timedelta(days=at), accepted=count) for at, count in enumerate(counts)]
