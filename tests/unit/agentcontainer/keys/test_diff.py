from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agentcontainer.audit.event import Change
from agentcontainer.keys.diff import action, changes
from agentcontainer.keys.key import ApiKey, Secret
from agentcontainer.keys.verification import RateLimit

NOW = datetime(2026, 3, 25, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
KEY = ApiKey(
    id="key_1",
    account_id="user_1",
    name="CI",
    scopes=("agents:read",),
    secrets=(Secret("b", "hint b"), Secret("a", "hint a", NOW + DAY)),
    created_at=NOW,
    created_by="user_1",
)


@pytest.mark.parametrize(
    ("new", "done", "changed"),
    [
        (replace(KEY, name="new"), "updated", {"name": Change("CI", "new")}),
        (
            replace(KEY, allowed_ips=("192.0.2.1",)),
            "updated",
            {"allowedIps": Change([], ["192.0.2.1"])},
        ),
        (
            replace(KEY, rate_limit=RateLimit(5, 60)),
            "updated",
            {"rateLimit": Change(None, {"requests": 5, "windowSeconds": 60})},
        ),
        (replace(KEY, disabled=True), "disabled", {"enabled": Change(before=True, after=False)}),
        (
            KEY.rotate(NOW, Secret("c", "hint c"), grace=timedelta(0), expires_at=NOW + DAY),
            "rotated",
            {
                "hint": Change("hint b", "hint c"),
                "expiresAt": Change(None, "2026-03-26T09:30:00.000Z"),
                "rotation": Change(
                    {"previousHint": "hint a", "previousExpiresAt": "2026-03-26T09:30:00.000Z"},
                    None,
                ),
            },
        ),
        (
            KEY.end_rotation(NOW),
            "rotation_ended",
            {
                "rotation": Change(
                    {"previousHint": "hint a", "previousExpiresAt": "2026-03-26T09:30:00.000Z"},
                    None,
                )
            },
        ),
    ],
)
def test_an_event_says_what_was_done_and_what_it_changed(
    new: ApiKey, done: str, changed: dict[str, Any]
) -> None:
    """In the owner's words, with the value before and after."""
    assert action(KEY, new) == f"api_key.{done}"
    assert changes(KEY, new, NOW) == changed


def test_revoking_is_told_with_its_reason_and_note() -> None:
    """Also why, for whoever asks later."""
    revoked = replace(KEY, secrets=KEY.secrets[:1]).revoke(NOW, "requested", "leaked")
    assert action(KEY, revoked) == "api_key.revoked"
    told = changes(replace(KEY, secrets=KEY.secrets[:1]), revoked, NOW)
    assert told == {"revokedReason": Change(None, "requested"), "note": Change(None, "leaked")}


def test_a_new_keys_members_have_come_from_nothing() -> None:
    """All that it was created with."""
    assert action(None, KEY) == "api_key.created"
    told = changes(None, KEY, NOW)
    assert told["name"] == Change(None, "CI")
    assert told["scopes"] == Change(None, ["agents:read"])


def test_enabling_is_told_as_such() -> None:
    """Not as any other update."""
    assert action(replace(KEY, disabled=True), KEY) == "api_key.enabled"
