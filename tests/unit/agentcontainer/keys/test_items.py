from dataclasses import replace
from datetime import UTC, datetime, timedelta

from agentcontainer.keys.items import from_item, from_state, of_secret, to_item, to_state
from agentcontainer.keys.key import ApiKey, Secret
from agentcontainer.keys.verification import RateLimit

NOW = datetime(2026, 3, 25, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
BARE = ApiKey(
    id="key_1",
    account_id="user_1",
    name="CI",
    scopes=("agents:read",),
    secrets=(Secret("b", "hint b"),),
    created_at=NOW,
    created_by="user_1",
)
FULL = replace(
    BARE,
    secrets=(Secret("b", "hint b"), Secret("a", "hint a", LATER)),
    allowed_ips=("192.0.2.1",),
    rate_limit=RateLimit(5, 60),
    expires_at=LATER,
    disabled=True,
    revoked_at=NOW,
    revoked_reason="leaked",
    revoked_note="found in a log",
    counted=False,
    revision=7,
)


def test_a_key_is_stored_in_this_form() -> None:
    """Keys that are stored already have it: another needs a migration."""
    assert to_item(FULL) == {
        "pk": "account#user_1",
        "sk": "key#key_1",
        "id": "key_1",
        "accountId": "user_1",
        "name": "CI",
        "scopes": ["agents:read"],
        "secrets": [
            {"digest": "b", "hint": "hint b", "expiresAt": None},
            {"digest": "a", "hint": "hint a", "expiresAt": 1_774_517_400_000},
        ],
        "createdAt": 1_774_431_000_000,
        "createdBy": "user_1",
        "allowedIps": ["192.0.2.1"],
        "rateLimit": [5, 60],
        "expiresAt": 1_774_517_400_000,
        "disabled": True,
        "revokedAt": 1_774_431_000_000,
        "revokedReason": "leaked",
        "revokedNote": "found in a log",
        "counted": False,
        "revision": 7,
    }


def test_an_item_reads_back_as_the_key() -> None:
    """With everything that a key can have, and with nothing that it need not."""
    assert from_item(to_item(FULL)) == FULL
    assert from_item(to_item(BARE)) == BARE


def test_last_uses_are_read_from_attributes_of_their_own() -> None:
    """One for the key, one for each secret: only the recorder of usage writes them."""
    recorded = {"lastUsedAt": 1_774_431_000_000, of_secret("b"): 1_774_517_400_000}
    assert recorded.keys() == {"lastUsedAt", "usedAt_b"}
    key = from_item(to_item(BARE) | recorded)
    assert key == replace(BARE, last_used_at=NOW, last_uses={"b": LATER})


def test_a_state_has_the_secrets_that_a_change_ended() -> None:
    """No other item names them any more; where the key is stored is not part of it."""
    after = replace(FULL, secrets=(Secret("c", "hint c"), Secret("b", "hint b", LATER)))
    state = to_state(FULL, after)
    assert from_state(state) == (after, (Secret("a", "hint a", LATER),))
    assert state.keys() == to_item(after).keys() - {"pk", "sk"} | {"ended"}
    assert to_state(None, after)["ended"] == []
