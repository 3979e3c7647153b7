"""Identical requests at once do the thing once."""

from tests.integration.races.workers import KEYS, Workers, dashboard

IDEMPOTENT = {"Idempotency-Key": "the same"}


def test_twenty_identical_creations_make_one_key(workers: Workers, user: str) -> None:
    """One token is shown; nineteen answers show the same key without it, and say so."""
    answers = workers.at_once([dashboard(user, "POST", KEYS, {"name": "x"}, IDEMPOTENT)] * 20)
    assert {answer.status for answer in answers} == {201}
    assert len({answer.body["id"] for answer in answers}) == 1
    replayed = [answer for answer in answers if answer.headers.get("Idempotent-Replayed")]
    shown = [answer for answer in answers if "token" in answer.body]
    assert (len(replayed), len(shown)) == (19, 1)
    assert len(workers.one(dashboard(user, "GET", KEYS)).body["data"]) == 1


def test_twenty_identical_rotations_rotate_once(workers: Workers, user: str) -> None:
    """Each key by itself: the same Idempotency-Key on another key is another thing."""
    keys = [workers.create(user) for _ in range(2)]
    calls = [
        dashboard(user, "POST", f"{KEYS}/{key['id']}/rotate", {}, IDEMPOTENT) for key in keys * 20
    ]
    answers = workers.at_once(calls)
    assert {answer.status for answer in answers} == {200}
    tokens = [answer.body["token"] for answer in answers if "token" in answer.body]
    assert len(tokens) == 2
    assert None not in workers.admitted(*tokens, *(key["token"] for key in keys))


def test_twenty_identical_revocations_revoke_once(workers: Workers, user: str) -> None:
    """Nineteen answers tell that it was done before."""
    path = f"{KEYS}/{workers.create(user)['id']}/revoke"
    answers = workers.at_once([dashboard(user, "POST", path, {}, IDEMPOTENT)] * 20)
    assert {answer.status for answer in answers} == {200}
    assert len({answer.body["revokedAt"] for answer in answers}) == 1
    assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == 19
    events = workers.one(dashboard(user, "GET", "/dashboard/v1/audit-events")).body["data"]
    assert [event["action"] for event in events] == ["api_key.revoked", "api_key.created"]
