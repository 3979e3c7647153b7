from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agentcontainer.clock import to_millis
from agentcontainer.keys.key import ApiKey, Secret
from agentcontainer.keys.lookup import Verdict, check

NOW = datetime(2026, 3, 25, 9, 30, tzinfo=UTC)


def key(**changes: Any) -> ApiKey:
    """A valid key with changes."""
    valid = ApiKey(
        id="key_1",
        account_id="user_1",
        name="CI",
        scopes=("agents:read",),
        secrets=(Secret("new", "ac_live_neww...neww"), Secret("old", "ac_live_oldd...oldd", NOW)),
        created_at=NOW,
        created_by="user_1",
    )
    return replace(valid, **changes)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "active"),
        ({"disabled": True}, "disabled"),
        ({"disabled": True, "expires_at": NOW}, "expired"),
        ({"expires_at": NOW + timedelta(milliseconds=1)}, "active"),
        ({"expires_at": NOW, "revoked_at": NOW}, "revoked"),
    ],
)
def test_the_status_is_the_first_that_is_true(changes: dict[str, Any], status: str) -> None:
    """Revoked, expired, disabled, active."""
    assert key(**changes).status(NOW) == status


def test_the_hint_is_of_the_newest_token() -> None:
    """Owners recognise a key by the token that they have now."""
    assert key().hint == "ac_live_neww...neww"


def test_revoking_ends_every_secret() -> None:
    """No token of a revoked key is admitted, whichever it is."""
    revoked = key().revoke(NOW, "requested", "leaked in a log")
    assert revoked.revoked_at == NOW
    assert (revoked.revoked_reason, revoked.revoked_note) == ("requested", "leaked in a log")
    verdicts = {check(seen, to_millis(NOW)) for seen in revoked.lookups().values()}
    assert verdicts == {Verdict.REVOKED}


def test_revoking_again_changes_nothing() -> None:
    """The first revocation's time, reason and note stay."""
    revoked = key().revoke(NOW, "self")
    assert revoked.revoke(NOW + timedelta(days=1), "requested", "again") is revoked


def test_each_secret_ends_at_the_earlier_of_its_own_and_the_keys_expiry() -> None:
    """An older secret never outlives its key."""
    later = NOW + timedelta(days=1)
    lookups = key(expires_at=later).lookups()
    assert lookups["new"].expires_at == to_millis(later)
    assert lookups["old"].expires_at == to_millis(NOW)
    assert key(expires_at=NOW - timedelta(days=1)).lookups()["old"].expires_at == to_millis(
        NOW - timedelta(days=1)
    )
