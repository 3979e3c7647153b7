"""Counts that are exact however deliveries come, and last uses that never go back."""

import random
import threading
from collections import Counter, defaultdict
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from agentcontainer.clock import from_millis, to_rfc3339
from agentcontainer.keys.token import digest, fingerprint
from tests.integration.races.workers import KEYS, Call, Workers, dashboard
from tests.support.access_log import AT, FINGERPRINT, delivery, line
from tests.support.events import asking, session_event

OUTCOMES = {
    200: "accepted",
    404: "accepted",
    401: "refused",
    403: "forbidden",
    429: "rateLimited",
    500: "failed",
}
TODAY = datetime.now(UTC).date()
NOON = int(datetime.combine(TODAY, datetime.min.time(), UTC).timestamp() * 1000) + 43_200_000


def usage(workers: Workers, user: str, key_id: str | None = None) -> Counter[str]:
    """What the dashboard tells of the last two days, all together."""
    path = f"/dashboard/v1/api-keys/{key_id}/usage" if key_id else "/dashboard/v1/usage"
    request = asking(session_event("usage/get", user=user), "GET", path, None, {"days": "2"})
    total: Counter[str] = Counter()
    for day in workers.one(Call("usage", request)).body["data"]:
        del day["date"]
        total.update({f"refused {reason}": n for reason, n in day.pop("refusals").items()})
        total.update(day)
    return +total


@pytest.mark.parametrize("lines", [1000, pytest.param(10_000, marks=pytest.mark.prove)])
def test_however_deliveries_come_every_request_is_counted_once(
    workers: Workers, user: str, lines: int
) -> None:
    """Each three times, in random order, as many at once as there are processes.

    Of keys enough that a delivery is several transactions; of two days.
    """
    chance = random.Random(lines)
    key = workers.create(user)["id"]
    others = [f"key_{number:026d}" for number in range(300)]
    expected: defaultdict[str, Counter[str]] = defaultdict(Counter)
    messages = []
    for _ in range(lines):
        owner = chance.choice([key, *others, *others])
        status = chance.choice(list(OUTCOMES))
        verdict = chance.choice(["REVOKED", "EXPIRED", "DISABLED"]) if status == 401 else "VALID"
        at = NOON - chance.choice([0, 86_400_000]) + chance.randrange(1000)
        secret = FINGERPRINT if owner == key else "-"
        messages.append(
            line(
                keyId=owner,
                accountId=user,
                fingerprint=secret,
                status=status,
                verdict=verdict,
                time=at,
            )
        )
        names = [OUTCOMES[status]] + [f"refused {verdict.lower()}"] * (status == 401)
        expected[owner].update(names)
        expected[user].update(names)
    deliveries = []
    while messages:
        size = chance.randint(1, 400)
        deliveries.append(delivery(messages[:size], first_id=uuid4().int))
        messages = messages[size:]
    several_times = deliveries * 3
    chance.shuffle(several_times)
    workers.record(several_times)
    assert usage(workers, user) == expected[user]
    assert usage(workers, user, key) == expected[key]
    assert sum(expected[user][name] for name in set(OUTCOMES.values())) == lines


def test_a_last_use_never_goes_back_whatever_else_is_done_to_the_key(
    workers: Workers, user: str
) -> None:
    """Uses of two secrets are told in any order, while the owner renames and somebody looks."""
    key = workers.create(user)
    path = f"{KEYS}/{key['id']}"
    rotated = workers.one(dashboard(user, "POST", f"{path}/rotate", {})).body
    secrets = [fingerprint(digest(each["token"])) for each in (rotated, key)]
    uses = [(number, secrets[number % 3 == 0]) for number in range(60)]
    random.Random(0).shuffle(uses)
    deliveries = [
        delivery(
            [line(keyId=key["id"], accountId=user, time=AT + millis, fingerprint=secret)],
            first_id=uuid4().int,
        )
        for millis, secret in uses
    ]
    recording = threading.Thread(target=workers.record, args=(deliveries,))
    recording.start()
    seen: list[dict[str, Any]] = []
    renamed = 0
    while recording.is_alive():
        changed = workers.one(dashboard(user, "PATCH", path, {"name": f"x{len(seen)}"}))
        renamed += changed.status == 200
        seen.append(workers.one(dashboard(user, "GET", path)).body)
    recording.join()
    shown = workers.one(dashboard(user, "GET", path)).body
    assert renamed == len(seen)
    assert shown["name"] == f"x{len(seen) - 1}"
    assert shown["lastUsedAt"] == to_rfc3339(from_millis(AT + 59))
    assert shown["rotation"]["previousLastUsedAt"] == to_rfc3339(from_millis(AT + 57))
    for times in (
        [each["lastUsedAt"] or "" for each in seen],
        [each["rotation"]["previousLastUsedAt"] or "" for each in seen],
    ):
        assert times == sorted(times)
