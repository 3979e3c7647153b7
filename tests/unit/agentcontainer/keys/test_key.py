from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agentcontainer.clock import to_millis
from agentcontainer.errors import ExpiryNotInFuture, FinalState, RotationInProgress
from agentcontainer.keys.key import ApiKey, Secret
from agentcontainer.keys.verification import RateLimit, Verdict, check

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


DAY = timedelta(days=1)
NEW = Secret("newer", "ac_live_newr...newr")


def verdicts(found: ApiKey, at: datetime = NOW) -> dict[str, Verdict]:
    """What the authorizer says to each secret."""
    return {digest: check(seen, to_millis(at)) for digest, seen in found.lookups().items()}


def single(**changes: Any) -> ApiKey:
    """A key with one secret."""
    return key(secrets=(Secret("a", "hint a"),), **changes)


def rotating(**changes: Any) -> ApiKey:
    """A key whose older secret works for another day."""
    return key(secrets=(Secret("b", "hint b"), Secret("a", "hint a", NOW + DAY)), **changes)


@pytest.mark.parametrize(
    "members",
    [
        {"scopes": ("agents:write",)},
        {"allowed_ips": ("192.0.2.1",)},
        {"rate_limit": RateLimit(1, 1)},
        {"enabled": True},
        {"enabled": False},
        {"name": "new", "scopes": ("agents:write",)},
    ],
)
@pytest.mark.parametrize("final", [{"revoked_at": NOW}, {"expires_at": NOW}])
def test_only_the_name_of_a_final_key_changes(members: Any, final: dict[str, Any]) -> None:
    """Revoked or expired: nothing that could matter to a request is changed any more."""
    with pytest.raises(FinalState) as conflict:
        single(**final).edit(NOW, **members)
    assert conflict.value.what == "key"
    assert conflict.value.state in {"revoked", "expired"}
    assert single(**final).edit(NOW, name="renamed").name == "renamed"


@pytest.mark.parametrize("name", ["revoked_at", "account_id", "disabled", "secrets", "nothing"])
def test_an_owner_changes_nothing_else(name: str) -> None:
    """Whatever a caller of `edit` takes over without looking."""
    members: dict[str, Any] = {name: None}
    with pytest.raises(TypeError, match=name):
        single().edit(NOW, **members)


def test_an_edit_that_changes_nothing_gives_the_same_key() -> None:
    """Then nothing is written."""
    same = single(rate_limit=RateLimit(5, 1))
    assert same.edit(NOW, name="CI", scopes=("agents:read",), enabled=True) == same
    assert same.edit(NOW) == same
    assert single(revoked_at=NOW).edit(NOW, scopes=("agents:read",)) == single(revoked_at=NOW)


def test_a_disabled_key_can_be_enabled_again() -> None:
    """And is refused in between, with every secret."""
    disabled = rotating().edit(NOW, enabled=False)
    assert set(verdicts(disabled).values()) == {Verdict.DISABLED}
    assert disabled.edit(NOW, enabled=True) == rotating()


@pytest.mark.parametrize("expires_at", [None, NOW + 10 * DAY])
def test_rotating_lets_the_replaced_secret_work_for_the_grace(expires_at: datetime | None) -> None:
    """To the millisecond, and then it has expired."""
    rotated = single(expires_at=expires_at).rotate(NOW, NEW, grace=DAY)
    assert verdicts(rotated) == {"newer": Verdict.VALID, "a": Verdict.VALID}
    assert verdicts(rotated, NOW + DAY) == {"newer": Verdict.VALID, "a": Verdict.EXPIRED}
    assert rotated.older_secret(NOW) == Secret("a", "hint a", NOW + DAY)
    assert rotated.older_secret(NOW + DAY) is None


@pytest.mark.parametrize("before", [single(), rotating()])
@pytest.mark.parametrize("replaced", [None, "newest", "oldest"])
def test_a_grace_of_nothing_ends_every_earlier_secret(before: ApiKey, replaced: Any) -> None:
    """At once, whatever else is asked."""
    rotated = before.rotate(NOW, NEW, grace=timedelta(0), replaced=replaced)
    assert rotated.secrets == (NEW,)
    after = rotated.lookups_after(before)
    assert check(after.pop("newer"), to_millis(NOW)) is Verdict.VALID
    assert after.keys() == before.lookups().keys()
    assert {check(seen, to_millis(NOW)) for seen in after.values()} == {Verdict.REVOKED}


def test_a_replaced_secret_ends_with_the_expiry_that_the_key_had() -> None:
    """A renewal is for the new secret alone."""
    hour = timedelta(hours=1)
    before = single(expires_at=NOW + hour)
    rotated = before.rotate(NOW, NEW, grace=DAY, expires_at=NOW + 10 * DAY)
    assert verdicts(rotated, NOW + hour) == {"newer": Verdict.VALID, "a": Verdict.EXPIRED}
    assert verdicts(rotated, NOW + 10 * DAY)["newer"] is Verdict.EXPIRED
    assert before.rotate(NOW, NEW, grace=DAY).expires_at == NOW + hour


def test_two_live_secrets_are_the_most_and_the_caller_says_which_ends() -> None:
    """Without a word nothing happens; the newest or the oldest ends now, the other goes on."""
    before = rotating()
    with pytest.raises(RotationInProgress):
        before.rotate(NOW, NEW, grace=DAY)
    newest = before.rotate(NOW, NEW, grace=3 * DAY, replaced="newest")
    assert newest.secrets == (NEW, Secret("a", "hint a", NOW + DAY))
    oldest = before.rotate(NOW, NEW, grace=3 * DAY, replaced="oldest")
    assert oldest.secrets == (NEW, Secret("b", "hint b", NOW + 3 * DAY))
    # What has ended by itself is in nobody's way.
    assert len(before.rotate(NOW + DAY, NEW, grace=DAY).secrets) == 2


def test_replacing_the_newest_without_a_rotation_ends_nothing() -> None:
    """A rotation that never arrived, repeated: the one secret there is gets its grace."""
    rotated = single().rotate(NOW, NEW, grace=DAY, replaced="newest")
    assert verdicts(rotated) == {"newer": Verdict.VALID, "a": Verdict.VALID}


def test_the_same_rotation_again_changes_nothing() -> None:
    """A transaction whose answer was lost is tried again with the same secret."""
    rotated = single().rotate(NOW, NEW, grace=DAY)
    assert rotated.rotate(NOW, NEW, grace=DAY) is rotated


@pytest.mark.parametrize("final", [{"revoked_at": NOW}, {"expires_at": NOW}])
def test_a_final_key_is_not_rotated(final: dict[str, Any]) -> None:
    """Also not with a new expiry: it stays final."""
    with pytest.raises(FinalState):
        single(**final).rotate(NOW, NEW, grace=DAY, expires_at=NOW + DAY)


def test_a_disabled_key_is_rotated_and_stays_disabled() -> None:
    """Its new secret works once it is enabled."""
    rotated = single(disabled=True).rotate(NOW, NEW, grace=DAY)
    assert set(verdicts(rotated).values()) == {Verdict.DISABLED}
    assert set(verdicts(rotated.edit(NOW, enabled=True)).values()) == {Verdict.VALID}


def test_an_expiry_is_in_the_future() -> None:
    """Of a renewal as of a new key."""
    with pytest.raises(ExpiryNotInFuture):
        single().rotate(NOW, NEW, grace=DAY, expires_at=NOW)


def test_ending_a_rotation_ends_the_older_secret_alone() -> None:
    """And again changes nothing."""
    ended = rotating().end_rotation(NOW)
    assert ended.secrets == (Secret("b", "hint b"),)
    assert ended.lookups_after(rotating())["a"].status == "revoked"
    assert ended.end_rotation(NOW) is ended


def test_a_secret_ends_itself() -> None:
    """The older one alone; the newest is the key's end. What has ended already changes nothing."""
    before = rotating()
    assert before.end_secret(NOW, "a").secrets == (Secret("b", "hint b"),)
    ended = before.end_secret(NOW, "b")
    assert (ended.status(NOW), ended.revoked_reason) == ("revoked", "self")
    assert before.end_secret(NOW, "unknown") == before
    assert ended.end_secret(NOW, "a") is ended


def test_a_key_that_ends_itself_says_why() -> None:
    """By its newest secret; the reason and note are those that were given."""
    ended = rotating().end_secret(NOW, "b", "leaked", "found in a log")
    assert (ended.revoked_reason, ended.revoked_note) == ("leaked", "found in a log")


@pytest.mark.parametrize(
    ("before", "after", "more"),
    [
        (single(disabled=True), single(), True),
        (single(), single().rotate(NOW, NEW, grace=timedelta(0)), True),
        (single(disabled=True), single(disabled=True).rotate(NOW, NEW, grace=DAY), True),
        (single(), single(name="renamed"), False),
        (single(), single(disabled=True), False),
        (single(disabled=True), single(disabled=True, name="renamed"), False),
        (rotating(), rotating().end_rotation(NOW), False),
        (single(disabled=True), single(revoked_at=NOW), False),
    ],
    ids=[
        "enabled",
        "rotated",
        "rotated while disabled",
        "renamed",
        "disabled",
        "renamed while disabled",
        "rotation ended",
        "revoked",
    ],
)
def test_a_closed_account_is_in_the_way_of_what_lets_a_secret_in(
    before: ApiKey, after: ApiKey, *, more: bool
) -> None:
    """Enabling and rotating, and nothing else."""
    assert after.admits_more_than(before) is more


def test_an_ended_secret_is_refused_by_clocks_that_are_behind() -> None:
    """It is revoked, and not expired a moment ago."""
    for after in (rotating().end_rotation(NOW), rotating().end_secret(NOW, "a")):
        seen = after.lookups_after(rotating())["a"]
        assert check(seen, to_millis(NOW - DAY)) is Verdict.REVOKED
