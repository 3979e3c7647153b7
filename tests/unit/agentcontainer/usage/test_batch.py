from collections import Counter
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from agentcontainer.usage.access_log import Use
from agentcontainer.usage.batch import MOST_COUNTERS, Line, Owner, Secret, last_uses, parts

START = datetime(2026, 3, 25, 23, 59, tzinfo=UTC)

uses = st.builds(
    Use,
    key_id=st.integers(0, 300).map("key_{}".format),
    account_id=st.integers(0, 3).map("user_{}".format),
    at=st.integers(0, 120_000).map(lambda millis: START + timedelta(milliseconds=millis)),
    outcome=st.sampled_from(["accepted", "refused"]),
    refusal=st.sampled_from([None, "refusedRevoked"]),
    secret=st.sampled_from([None, "a", "b"]),
)


def numbered(found: list[Use | None]) -> list[Line]:
    """Lines about these requests."""
    return [Line(str(number), use) for number, use in enumerate(found)]


def one(number: int = 0, **changes: str) -> Use:
    """A request of a key of its own."""
    use = Use(f"key_{number}", "user_1", START, "accepted", None, "a")
    return use._replace(**changes)  # type: ignore[arg-type]


# Long enough that some need several parts.
@given(st.lists(uses | st.none(), max_size=40), st.integers(1, 8))
def test_every_line_is_in_one_part_and_counted_once_for_key_and_account(
    found: list[Use | None], times: int
) -> None:
    """Whatever it is cut into: by owner, day, outcome and reason."""
    lines = numbered(found * times)
    counted: Counter[tuple[str, date, str]] = Counter()
    for part in parts(lines):
        assert len(part.counters) <= MOST_COUNTERS
        for owner, counts in part.counters.items():
            counted.update({(*owner, name): number for name, number in counts.items()})
    expected: Counter[tuple[str, date, str]] = Counter()
    for use in filter(None, found * times):
        for owner_id in (use.key_id, use.account_id):
            for name in filter(None, (use.outcome, use.refusal)):
                expected[owner_id, use.at.date(), name] += 1
    assert counted == expected
    assert sum(part.lines for part in parts(lines)) == len(lines)


def test_a_delivery_of_many_keys_is_cut_in_order() -> None:
    """As full as a transaction may be; and a second time at the same places, by the same names."""
    lines = numbered([one(number) for number in range(250)])
    cut = [(part.name, part.lines) for part in parts(lines)]
    # 98 keys and their account.
    assert [count for _, count in cut] == [98, 98, 54]
    assert cut[1][0] == "98#195#98"
    assert [(part.name, part.lines) for part in parts(lines)] == cut


def test_the_name_is_of_all_lines_of_a_part() -> None:
    """Also of those that are not understood, so that it is the delivery's own."""
    [part] = parts(numbered([None, one(), None]))
    assert (part.first, part.last, part.lines) == ("0", "2", 3)
    assert part.counters.keys() == {
        Owner("key_0", START.date()),
        Owner("user_1", START.date()),
    }
    assert list(parts([])) == []


def test_midnight_parts_the_days_of_one_delivery() -> None:
    """By when the request came, in UTC."""
    late = one()._replace(at=START + timedelta(minutes=1))
    [part] = parts(numbered([one(), late]))
    assert sorted(owner.date.isoformat() for owner in part.counters if owner.id == "key_0") == [
        "2026-03-25",
        "2026-03-26",
    ]


def test_the_last_use_of_each_secret_is_the_latest_whatever_the_order() -> None:
    """And the latest of all comes first, which saves the key's item a write."""
    moments = [START + timedelta(seconds=second) for second in range(4)]
    found = [
        one()._replace(at=moments[3], secret="a"),  # noqa: S106 -- a fingerprint
        one()._replace(at=moments[1], secret="a"),  # noqa: S106
        one()._replace(at=moments[2], secret="b"),  # noqa: S106
        one()._replace(at=moments[0], secret=None),
    ]
    assert list(last_uses(numbered([*found, None])).items()) == [
        (Secret("user_1", "key_0", "a"), moments[3]),
        (Secret("user_1", "key_0", "b"), moments[2]),
    ]
