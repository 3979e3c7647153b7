"""However a closing races with what could let somebody in, nobody is let in afterwards."""

import os

from tests.integration.races.workers import KEY_LIMIT, KEYS, Workers, close, dashboard

ROUNDS = 40 if os.environ.get("HYPOTHESIS_PROFILE") == "prove" else 3


def test_a_closing_raced_with_creations_leaves_no_live_key(workers: Workers, user: str) -> None:
    """Whatever was created is revoked, the rest was refused, and no token is admitted."""
    created = 0
    for n in range(ROUNDS):
        owner = f"{user}{n}"
        creation = dashboard(owner, "POST", KEYS, {"name": "x"})
        calls = [creation] * (2 * KEY_LIMIT)
        calls.insert(n % KEY_LIMIT, close(owner))
        answers = workers.at_once(calls)
        made = [answer.body for answer in answers if answer.status == 201]
        refused = [answer.body["error"] for answer in answers if answer.status == 409]
        assert len(made) + len(refused) == 2 * KEY_LIMIT
        created += len(made)
        assert {error["code"] for error in refused} <= {"conflict", "key_limit_reached"}
        if made:
            assert set(workers.admitted(*(key["token"] for key in made))) == {None}
        shown = workers.one(dashboard(owner, "GET", KEYS)).body["data"]
        assert {(key["status"], key["revokedReason"]) for key in shown} <= {
            ("revoked", "owner_deleted")
        }
        assert {key["id"] for key in shown} == {key["id"] for key in made}
        after = workers.one(creation)
        assert after.status == 409
        [detail] = after.body["error"]["details"]
        assert detail["code"] == "closed"
    assert created, "the closing was always first"


def test_a_closing_raced_with_rotations_and_enablings_leaves_no_secret(
    workers: Workers, user: str
) -> None:
    """Old tokens and new ones alike."""
    for n in range(ROUNDS):
        owner = f"{user}{n}"
        keys = workers.create_all(owner, 3)
        paths = [f"{KEYS}/{key['id']}" for key in keys]
        workers.at_once([dashboard(owner, "PATCH", path, {"enabled": False}) for path in paths])
        calls = [
            call
            for path in paths
            for call in (
                dashboard(owner, "POST", f"{path}/rotate", {"gracePeriodSeconds": 60}),
                dashboard(owner, "PATCH", path, {"enabled": True}),
            )
        ]
        calls.insert(n % len(calls), close(owner))
        answers = workers.at_once(calls)
        assert {answer.status for answer in answers} <= {200, 409}
        bodies = [answer.body for answer in answers]
        tokens = [body["token"] for body in bodies if "token" in body]
        tokens += [key["token"] for key in keys]
        assert set(workers.admitted(*tokens)) == {None}


def test_many_closings_at_once_end_each_key_once(workers: Workers, user: str) -> None:
    """One event a key, and one of the account."""
    workers.create_all(user, 4)
    answers = workers.at_once([close(user)] * 10)
    assert {answer.status for answer in answers} == {200}
    events = workers.one(dashboard(user, "GET", "/dashboard/v1/audit-events")).body["data"]
    actions = [event["action"] for event in events]
    assert actions.count("account.closed") == 1
    assert actions.count("api_key.revoked") == 4
