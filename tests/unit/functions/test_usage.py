from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from agentcontainer.dynamodb.conditions import Put
from agentcontainer.dynamodb.table import Table
from functions.usage import handler as usage
from tests.support.event_fixtures import store_what_they_are_about
from tests.support.events import CONTEXT, body, event, session_event

pytestmark = pytest.mark.usefixtures("tables")

KEY_ID = event("usage/get-of-key")["pathParameters"]["keyId"]
NONE = {
    "accepted": 0,
    "forbidden": 0,
    "rateLimited": 0,
    "failed": 0,
    "refused": 0,
    "refusals": {"revoked": 0, "expired": 0, "disabled": 0},
}


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> date:
    """What the function takes for today."""
    now = datetime(2026, 3, 25, 23, 59, 59, tzinfo=UTC)
    monkeypatch.setattr(usage, "utc_now", lambda: now)
    return now.date()


def counted(owner: str, day: date, **counts: int) -> None:
    """Stores what an owner's day is counted as."""
    item = {"pk": f"usage#{owner}", "sk": f"day#{day.isoformat()}", "ttl": 1} | counts
    Table("Keys").transact(Put(item))


def asked(name: str, query: Mapping[str, str] | None = None, **who: Any) -> dict[str, Any]:
    """The answer to an event with another query."""
    request = session_event(f"usage/{name}", **who)
    request["queryStringParameters"] = query
    request["multiValueQueryStringParameters"] = query and {k: [v] for k, v in query.items()}
    return usage.handler(request, CONTEXT)


def test_a_keys_days_are_all_there_the_oldest_first(today: date) -> None:
    """Those without a request are zeros, and what is older than asked for is not told."""
    store_what_they_are_about()
    counted(KEY_ID, today, accepted=5, refused=3, refusedRevoked=2, refusedDisabled=1)
    counted(KEY_ID, today - timedelta(days=6), rateLimited=1, forbidden=2, failed=3)
    counted(KEY_ID, today - timedelta(days=7), accepted=99)
    days = body(asked("get-of-key", {"days": "7"}))["data"]
    assert [day["date"] for day in days] == [f"2026-03-{n}" for n in range(19, 26)]
    assert days[0] == NONE | {"date": "2026-03-19", "rateLimited": 1, "forbidden": 2, "failed": 3}
    assert days[1] == NONE | {"date": "2026-03-20"}
    assert days[6] == NONE | {
        "date": "2026-03-25",
        "accepted": 5,
        "refused": 3,
        "refusals": {"revoked": 2, "expired": 0, "disabled": 1},
    }


def test_an_accounts_usage_is_that_of_the_session(today: date) -> None:
    """The organization's if one is active, else the person's own."""
    counted("user_demo", today, accepted=1)
    counted("org_demo", today, accepted=2)
    for who, accepted in ((None, 1), ("org_demo", 2), ("org_other", 0)):
        [day] = body(asked("get", {"days": "1"}, org=who))["data"]
        assert day["accepted"] == accepted


def test_thirty_days_unless_asked_for_more() -> None:
    """And 400 at most, which is how long they are kept."""
    assert len(body(asked("get"))["data"]) == 30
    assert len(body(asked("get", {"days": "400"}))["data"]) == 400
    for wrong in ("0", "401", "-1", "1.0", "x", ""):
        assert asked("get", {"days": wrong})["statusCode"] == 400


def test_a_member_of_an_organization_may_look() -> None:
    """As at the keys themselves."""
    assert asked("get", org="org_demo", role="member")["statusCode"] == 200


@pytest.mark.parametrize("key_id", [KEY_ID, "key_01m85vr6h38tnqq4q62bxttx2z", "usage", "day#"])
def test_another_accounts_key_is_not_found(key_id: str, today: date) -> None:
    """As one that never was."""
    store_what_they_are_about()
    counted(KEY_ID, today, accepted=5)
    request = session_event("usage/get-of-key", user="user_other")
    request["path"] = request["path"].replace(KEY_ID, key_id)
    request["pathParameters"] = {"keyId": key_id}
    answer = usage.handler(request, CONTEXT)
    assert answer["statusCode"] == 404
    assert "accepted" not in answer["body"]
