from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from agentcontainer.clock import from_millis, to_millis, utc_now


@given(st.integers(-(10**12), 10**13))
def test_milliseconds_survive_the_way_there_and_back(millis: int) -> None:
    """No float stands in between, so no millisecond is ever lost."""
    assert to_millis(from_millis(millis)) == millis


def test_a_moment_is_cut_to_its_millisecond() -> None:
    """Never rounded up: a key must not outlive the expiry that is shown."""
    moment = datetime(2026, 3, 25, 9, 30, 0, 999_999, tzinfo=UTC)
    assert from_millis(to_millis(moment)).microsecond == 999_000


def test_the_present_can_be_stored_exactly() -> None:
    """What is answered at creation equals what is read later."""
    now = utc_now()
    assert from_millis(to_millis(now)) == now
    assert abs((datetime.now(UTC) - now).total_seconds()) < 5
