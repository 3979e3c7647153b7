from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentcontainer.dynamodb.item import decode_item, encode_item
from agentcontainer.keys.verification import (
    Lookup,
    RateLimit,
    Verdict,
    check,
    from_item,
    item_key,
    to_item,
)

NOW = 1_774_431_000_000

lookups = st.builds(
    Lookup,
    key_id=st.just("key_1"),
    account_id=st.sampled_from(["user_1", "org_1"]),
    status=st.sampled_from(["active", "disabled", "revoked"]),
    scopes=st.lists(st.sampled_from(["agents:read", "agents:write"]), unique=True).map(tuple),
    expires_at=st.none() | st.integers(NOW - 5, NOW + 5),
    allowed_ips=st.lists(st.ip_addresses().map(str), max_size=20).map(tuple),
    rate_limit=st.none() | st.builds(RateLimit, st.integers(1, 1_000_000), st.integers(1, 86_400)),
)


def lookup(**changes: Any) -> Lookup:
    """A valid look-up with changes."""
    valid = Lookup("key_1", "user_1", "active", ("agents:read",), None, (), None)
    return valid._replace(**changes)


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (None, Verdict.UNKNOWN),
        (lookup(), Verdict.VALID),
        (lookup(expires_at=NOW + 1), Verdict.VALID),
        (lookup(expires_at=NOW), Verdict.EXPIRED),
        (lookup(status="disabled"), Verdict.DISABLED),
        (lookup(status="disabled", expires_at=NOW), Verdict.EXPIRED),
        (lookup(status="revoked", expires_at=NOW), Verdict.REVOKED),
    ],
)
def test_the_verdict_is_the_first_that_is_true(found: Lookup | None, verdict: Verdict) -> None:
    """Revoked before expired before disabled; a key works until its expiry, not at it."""
    assert check(found, NOW) is verdict


@given(lookups)
def test_only_an_active_key_before_its_expiry_is_valid(found: Lookup) -> None:
    """No combination of states but the one admits a caller."""
    alive = found.expires_at is None or found.expires_at > NOW
    assert (check(found, NOW) is Verdict.VALID) == (found.status == "active" and alive)


@given(lookups)
def test_an_item_reads_back_as_what_was_stored(found: Lookup) -> None:
    """Through DynamoDB's own types, nothing of a look-up is lost or changed."""
    assert from_item(decode_item(encode_item(to_item("d", found)))) == found


def test_the_item_is_found_by_its_digest() -> None:
    """One read by key, no index, verifies a request."""
    item = to_item("abc", lookup())
    assert (item["pk"], item["sk"]) == item_key("abc") == ("digest#abc", "digest")


@pytest.mark.parametrize("damage", [{"v": 2}, {"v": None}, {"status": "gone"}])
def test_an_item_of_another_schema_raises(damage: dict[str, Any]) -> None:
    """What this code cannot read is a fault (5xx), never a verdict on the key."""
    with pytest.raises(ValueError, match="lookup item"):
        from_item(to_item("d", lookup()) | damage)


@pytest.mark.parametrize("name", ["v", "keyId", "accountId", "status", "scopes", "expiresAt"])
def test_a_damaged_item_raises(name: str) -> None:
    """An item that lacks an attribute admits nobody and refuses nobody: it raises."""
    item = to_item("d", lookup())
    del item[name]
    with pytest.raises(KeyError):
        from_item(item)
