"""Limits that hold however many ask at once."""

import time
from collections import Counter
from datetime import timedelta
from typing import Any

from agentcontainer.clock import to_rfc3339, utc_now
from tests.integration.races.workers import KEY_LIMIT, KEYS, Workers, dashboard, program

WINDOW_SECONDS = 3600


def create(user: str, **members: Any) -> Any:
    """A creation."""
    return dashboard(user, "POST", KEYS, {"name": "x"} | members)


def keys(workers: Workers, user: str) -> list[dict[str, Any]]:
    """All keys of an account."""
    listed = workers.one(dashboard(user, "GET", KEYS)).body
    assert listed["nextCursor"] is None
    found: list[dict[str, Any]] = listed["data"]
    return found


def live(workers: Workers, user: str) -> int:
    """How many of the account's keys are live."""
    return sum(key["status"] in {"active", "disabled"} for key in keys(workers, user))


def in_seconds(seconds: float) -> str:
    """A time from now."""
    return to_rfc3339(utc_now() + timedelta(seconds=seconds))


def test_fifty_creations_at_once_fill_the_account_and_no_more(workers: Workers, user: str) -> None:
    """Ten keys and forty refusals."""
    answers = workers.at_once([create(user)] * 50)
    assert Counter(answer.status for answer in answers) == {201: KEY_LIMIT, 409: 40}
    codes = {answer.body["error"]["code"] for answer in answers if answer.status == 409}
    assert codes == {"key_limit_reached"}
    assert live(workers, user) == len(keys(workers, user)) == KEY_LIMIT


def test_an_account_whose_keys_have_all_expired_creates_the_next_at_once(
    workers: Workers, user: str
) -> None:
    """However full the counter still says it is."""
    workers.at_once([create(user, expiresAt=in_seconds(2))] * KEY_LIMIT)
    assert len(keys(workers, user)) == KEY_LIMIT
    while live(workers, user):
        time.sleep(0.1)
    assert workers.one(create(user)).status == 201
    assert live(workers, user) == 1


def test_one_slot_freed_by_expiry_is_taken_once(workers: Workers, user: str) -> None:
    """Of fifty who see it free, one gets it."""
    workers.at_once([create(user)] * (KEY_LIMIT - 1) + [create(user, expiresAt=in_seconds(2))])
    while live(workers, user) == KEY_LIMIT:
        time.sleep(0.1)
    answers = workers.at_once([create(user)] * 50)
    assert Counter(answer.status for answer in answers) == {201: 1, 409: 49}
    assert live(workers, user) == KEY_LIMIT


def test_disabling_and_enabling_makes_no_room(workers: Workers, user: str) -> None:
    """While keys are disabled, enabled, revoked and created, there are never more than ten."""
    made = [answer.body["id"] for answer in workers.at_once([create(user)] * KEY_LIMIT)]
    calls = []
    for key_id in made:
        path = f"{KEYS}/{key_id}"
        calls += [
            dashboard(user, "PATCH", path, {"enabled": False}),
            create(user),
            dashboard(user, "PATCH", path, {"enabled": True}),
            create(user),
        ]
    for key_id in made[:3]:
        calls += [dashboard(user, "POST", f"{KEYS}/{key_id}/revoke"), create(user)]
    answers = workers.at_once(calls)
    assert {answer.status for answer in answers} <= {200, 201, 409}
    assert live(workers, user) <= KEY_LIMIT
    workers.at_once([create(user)] * KEY_LIMIT)
    assert live(workers, user) == KEY_LIMIT


def test_fifty_of_two_hundred_requests_at_once_are_within_the_limit(
    workers: Workers, user: str
) -> None:
    """A key limited to fifty an hour, in one window; what its guards refuse spends nothing."""
    left = WINDOW_SECONDS - time.time() % WINDOW_SECONDS
    if left < 30:  # not around the hour, where two windows meet
        time.sleep(left + 1)
    key = workers.create(
        user,
        rateLimit={"requests": 50, "windowSeconds": WINDOW_SECONDS},
        allowedIps=["198.51.100.0/24"],
        scopes=["agents:read"],
    )
    [context] = workers.admitted(key["token"])
    assert context is not None
    good = program("account", context, "GET", "/api/v1/account")
    wrong_scope = program("agents", context, "DELETE", "/api/v1/agents/agt_1")
    wrong_address = program(
        "agents", context | {"allowedIps": "192.0.2.1"}, "GET", "/api/v1/agents"
    )
    refused = workers.at_once([wrong_scope, wrong_address] * 20)
    assert {(answer.status, answer.headers["RateLimit"].split(";")[1]) for answer in refused} == {
        (403, "r=50")
    }
    answers = workers.at_once([good, wrong_scope, good, good, good, wrong_address] * 50)
    statuses = Counter(answer.status for answer in answers)
    assert statuses == {200: 50, 429: 150, 403: 100}
