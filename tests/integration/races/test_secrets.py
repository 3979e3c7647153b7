"""However two changes to a key race, no secret is admitted with more than its owner is shown."""

import os
from typing import Any

import pytest

from tests.integration.races.workers import KEYS, Workers, dashboard

PAIRS = 200 if os.environ.get("HYPOTHESIS_PROFILE") == "prove" else 40
"""Races of each kind."""
AT_ONCE = 10

RIVALS: dict[str, tuple[str, str, Any]] = {
    "revoke": ("POST", "/revoke", None),
    "disable": ("PATCH", "", {"enabled": False}),
    "scope removed": ("PATCH", "", {"scopes": ["agents:read"]}),
}


@pytest.mark.parametrize("rival", RIVALS)
def test_a_rotation_raced_with_another_change_leaves_no_secret_behind(
    workers: Workers, user: str, rival: str
) -> None:
    """Once both are answered, every secret is admitted with what the key object shows, or not."""
    method, suffix, sent = RIVALS[rival]
    for n in range(0, PAIRS, AT_ONCE):
        owner = f"{user}{n}"
        created = workers.create_all(owner, AT_ONCE)
        paths = [f"{KEYS}/{key['id']}" for key in created]
        calls = []
        for path in paths:
            calls.append(dashboard(owner, "POST", f"{path}/rotate", {"gracePeriodSeconds": 60}))
            calls.append(dashboard(owner, method, f"{path}{suffix}", sent))
        answers = workers.at_once(calls)
        rotated, changed = answers[::2], answers[1::2]
        assert {answer.status for answer in changed} == {200}
        assert {answer.status for answer in rotated} <= {200, 409 if rival == "revoke" else 200}
        shown = workers.at_once([dashboard(owner, "GET", path) for path in paths])
        tokens = {key["token"]: seen.body for key, seen in zip(created, shown, strict=True)} | {
            answer.body["token"]: seen.body
            for answer, seen in zip(rotated, shown, strict=True)
            if answer.status == 200
        }
        for context, key in zip(workers.admitted(*tokens), tokens.values(), strict=True):
            if rival == "scope removed":
                assert context is not None
                assert context["scopes"].split() == key["scopes"] == ["agents:read"]
            else:
                assert key["status"] == ("revoked" if rival == "revoke" else "disabled")
                assert context is None


def test_a_lost_rotation_repeated_never_ends_what_production_uses(
    workers: Workers, user: str
) -> None:
    """Whether the first one arrived or not, and while both are under way."""
    for n in range(5):
        owner = f"{user}{n}"
        key = workers.create(owner)
        rotate = f"{KEYS}/{key['id']}/rotate"
        lost = dashboard(owner, "POST", rotate, {"replace": "newest"})
        repeated = workers.at_once([lost] * 3)
        assert {answer.status for answer in repeated} == {200}
        shown = workers.one(dashboard(owner, "GET", f"{KEYS}/{key['id']}")).body
        assert shown["rotation"]["previousHint"] == key["hint"]
        tokens = [answer.body["token"] for answer in repeated]
        production, *others = workers.admitted(key["token"], *tokens)
        assert production is not None
        assert sum(context is not None for context in others) == 1


def test_rotations_at_once_leave_at_most_two_secrets(workers: Workers, user: str) -> None:
    """Each is told that another is in progress, or ends what it says."""
    key = workers.create(user)
    rotate = f"{KEYS}/{key['id']}/rotate"
    words: list[Any] = [{}, {"replace": "oldest"}, {"replace": "newest"}, {"gracePeriodSeconds": 0}]
    answers = workers.at_once([dashboard(user, "POST", rotate, word) for word in words * 5])
    assert {answer.status for answer in answers} <= {200, 409}
    tokens = [answer.body["token"] for answer in answers if answer.status == 200]
    admitted = [context for context in workers.admitted(key["token"], *tokens) if context]
    shown = workers.one(dashboard(user, "GET", f"{KEYS}/{key['id']}")).body
    assert len(admitted) == (2 if shown["rotation"] else 1)
