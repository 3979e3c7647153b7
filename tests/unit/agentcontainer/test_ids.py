from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from agentcontainer.ids import ALPHABET, is_id, new_id

moments = st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(moments)
def test_an_id_holds_its_time_in_milliseconds(at: datetime) -> None:
    """The first ten digits, read as Crockford base32, are the epoch milliseconds (ULID)."""
    milliseconds = 0
    for digit in new_id("key", at).removeprefix("key_")[:10]:
        milliseconds = milliseconds * 32 + ALPHABET.index(digit)
    assert milliseconds == (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


@given(moments, moments)
def test_ids_sort_by_time(one: datetime, other: datetime) -> None:
    """As text, so that DynamoDB's sort key is the order of creation."""
    if other - one >= timedelta(milliseconds=1):
        assert new_id("key", one) < new_id("key", other)


def test_ids_of_one_moment_differ() -> None:
    """Eighty random bits tell them apart."""
    at = datetime(2026, 3, 25, tzinfo=UTC)
    assert len({new_id("key", at) for _ in range(1000)}) == 1000


@given(st.text())
def test_other_text_is_no_id(text: str) -> None:
    """Nothing but the exact form names a thing; the alphabet lacks i, l, o and u."""
    assert not is_id("key", text)
    assert not is_id("key", f"key_{text}"[:29])


def test_an_id_has_its_prefix() -> None:
    """One kind of id is never taken for another."""
    made = new_id("agt", datetime(2026, 3, 25, tzinfo=UTC))
    assert is_id("agt", made)
    assert not is_id("key", made)
    assert not is_id("agt", made + "\n")
