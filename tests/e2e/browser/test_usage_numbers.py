"""The modules that turn days of usage into a chart: numbers in, numbers out, in the browser."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from tests.e2e.browser.dashboard_driver import Tab
from tests.e2e.browser.usage_days import OUTCOMES, day, days
from tests.support.product import Product

type Call = Callable[..., Any]

COUNTS = st.one_of(st.integers(0, 20), st.integers(0, 10**9))


@pytest.fixture(scope="module")
def call(browser: Browser, site: Product) -> Iterator[Call]:
    """`call(module, function, *arguments)` runs a function of the page's own code."""
    tab = Tab(browser, site, locale="en-GB", timezone_id="Pacific/Auckland")
    page = tab.open()

    def run(module: str, function: str, *arguments: Any) -> Any:
        script = (
            "async ([m, f, a]) => (await import(new URL(`app/${m}.js`, location.href)))[f](...a)"
        )
        return page.evaluate(script, [module, function, list(arguments)])

    yield run
    tab.close()


@given(most=COUNTS)
def test_a_charts_lines_stand_at_round_numbers(call: Call, most: int) -> None:
    """Whole ones, evenly apart, from 0 to no more than needed; never more than five."""
    ticks = call("scale", "ticks", most)
    steps = {after - before for before, after in pairwise(ticks)}
    assert len(steps) == 1
    step = steps.pop()
    assert str(step).rstrip("0") in {"1", "2", "5"}
    assert ticks[0] == 0
    assert ticks[-2] < max(most, 1) <= ticks[-1]
    assert len(ticks) <= 5


@given(
    length=st.one_of(st.integers(1, 100), st.integers(101, 400)),
    first=st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    dice=st.randoms(),
)
def test_bars_hold_each_request_once(call: Call, length: int, first: date, dice: Random) -> None:
    """Each day in one bar, in order; a week each, Monday to Sunday, where days are too many."""
    given_days = [
        day(first + timedelta(days=at), None, **{name: dice.randrange(10**6) for name in OUTCOMES})
        for at in range(length)
    ]
    bins = call("usage", "binsOf", given_days)
    assert bins[0]["from"] == given_days[0]["date"]
    assert bins[-1]["to"] == given_days[-1]["date"]
    for before, after in pairwise(bins):
        next_day = date.fromisoformat(before["to"]) + timedelta(days=1)
        assert date.fromisoformat(after["from"]) == next_day
    for outcome in OUTCOMES:
        assert sum(each[outcome] for each in bins) == sum(each[outcome] for each in given_days)
    if len(given_days) <= 100:
        assert len(bins) == len(given_days)
    else:
        assert len(bins) <= 100
        assert {date.fromisoformat(each["from"]).weekday() for each in bins[1:]} == {0}


@given(
    counts=st.lists(COUNTS, min_size=1, max_size=90),
    width=st.integers(180, 1400),
)
def test_bars_stay_in_their_box_and_can_be_pointed_at(
    call: Call, counts: list[int], width: int
) -> None:
    """None over another or over the edge, and the middle of each is that bar's."""
    columns = call("chart", "columns", len(counts), 40, width - 40)
    start, step, bar, inset = (columns[name] for name in ("start", "step", "bar", "inset"))
    assert start >= 40
    assert start + step * len(counts) <= width + 1e-6
    assert 0 < bar <= step
    assert 0 <= inset <= step - bar + 1e-6
    assert step * len(counts) >= (width - 40) * 0.9, "much of the width is empty"
    for index in range(len(counts)):
        x = start + step * index + inset + bar / 2
        assert call("chart", "columnAt", x, columns, len(counts)) == index
    assert call("chart", "columnAt", -100, columns, len(counts)) == 0
    assert call("chart", "columnAt", width + 100, columns, len(counts)) == len(counts) - 1


@given(counts=st.lists(COUNTS, min_size=5, max_size=5))
def test_a_single_request_is_seen_beside_millions(call: Call, counts: list[int]) -> None:
    """What there is has a height, above what comes before it; what there is not has none."""
    scale = 180 / max(1, sum(counts))
    parts = call("chart", "stack", counts, scale)
    above = 0
    for count, (bottom, height) in zip(counts, parts, strict=True):
        assert bottom == pytest.approx(above)
        assert height == pytest.approx(max(2, count * scale) if count else 0)
        above += height
    assert above <= 180 + 2 * len(counts)


@given(
    last=st.dates(date(2024, 1, 1), date(2040, 1, 1)),
    range_=st.sampled_from([7, 30, 90, 400]),
    width=st.integers(180, 1400),
)
def test_labels_neither_touch_nor_leave_the_chart(
    call: Call, last: date, range_: int, width: int
) -> None:
    """At the width of the widest figure; the newest bar, or month, always has one."""
    bins = call("usage", "binsOf", days([1] * range_, last))
    labels = call("usage-words", "binLabels", bins)
    columns = call("chart", "columns", len(bins), 40, width - 40)
    written = call("chart", "labelsOf", labels, columns, {"left": 0, "right": width})
    ends = []
    for label in written:
        size = len(label["text"]) * 7.2
        shift = {"start": 0.0, "middle": 0.5, "end": 1.0}[label["anchor"]]
        ends.append((label["x"] - size * shift, label["x"] + size * (1 - shift)))
    assert all(left >= 0 and right <= width + 0.01 for left, right in ends)
    assert all(right < left for (_, right), (left, _) in pairwise(ends))
    newest = max(index for index, text in enumerate(labels) if text)
    assert written[-1]["index"] == newest


def test_days_are_utcs_wherever_the_reader_is(call: Call) -> None:
    """In this browser it is half a day later than UTC."""
    [one] = call("usage", "binsOf", [day(date(2026, 11, 24), accepted=1)])
    assert call("usage-words", "binInWords", one) == "24 Nov 2026"
    assert call("usage-words", "binLabels", [one]) == ["24 Nov"]
    week = one | {"from": "2026-11-23"}
    assert "".join(call("usage-words", "binInWords", week).split()) == "23–24Nov2026"


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({}, "no requests"),
        ({"accepted": 1}, "1 request accepted"),
        ({"rateLimited": 1200}, "1,200 requests rate limited"),
        ({"accepted": 10, "refused": 2}, "12 requests: 10 accepted, 2 refused"),
    ],
)
def test_what_a_screen_reader_says(call: Call, counts: dict[str, int], words: str) -> None:
    """As a person would."""
    said = call("usage-words", "countsInWords", day(date(2026, 1, 1), None, **counts))
    assert said == words


def test_refusals_are_told_with_their_first_and_last_day(call: Call) -> None:
    """The worst reason first; what did not happen is not told."""
    first = date(2026, 11, 20)
    found = call(
        "usage",
        "refusalsOf",
        [
            day(first, {"disabled": 1}, refused=1),
            day(first + timedelta(days=1), {"revoked": 1}, refused=1),
            day(first + timedelta(days=2)),
            day(first + timedelta(days=3), {"revoked": 2}, refused=2),
        ],
    )
    assert found == [
        {"reason": "revoked", "times": 3, "first": "2026-11-21", "last": "2026-11-23"},
        {"reason": "disabled", "times": 1, "first": "2026-11-20", "last": "2026-11-20"},
    ]


REVOKED = {"reason": "revoked", "times": 3, "first": "2026-11-20", "last": "2026-11-24"}
SINCE = (
    "A revoked secret of this key was used 3 times since 20 Nov 2026, the last time on 24 Nov 2026."
)
ONCE = {"times": 1, "first": "2026-11-20", "last": "2026-11-20"}


@pytest.mark.parametrize(
    ("refusal", "status", "what", "advice"),
    [
        (
            REVOKED,
            "revoked",
            SINCE,
            "give that program a new key",
        ),
        (
            ONCE | {"reason": "revoked"},
            "active",
            "A secret of this key that had been ended was used once on 20 Nov 2026.",
            "give that program the newest secret",
        ),
        (
            ONCE | {"reason": "disabled"},
            "disabled",
            "This key was used once on 20 Nov 2026, while it was disabled.",
            "has to be enabled",
        ),
        (
            ONCE | {"reason": "disabled"},
            "active",
            "This key was used once on 20 Nov 2026, while it was disabled.",
            "works again",
        ),
        (
            ONCE | {"reason": "disabled"},
            "revoked",
            "This key was used once on 20 Nov 2026, while it was disabled.",
            "give it a new key",
        ),
        (
            ONCE | {"reason": "expired"},
            "expired",
            "This key was used once on 20 Nov 2026, after it had expired.",
            "give that program a new key",
        ),
        (
            ONCE | {"reason": "expired"},
            "active",
            "A secret of this key was used once on 20 Nov 2026, after its time was over.",
            "give that program the newest secret",
        ),
    ],
)
def test_what_refusals_mean(
    call: Call, refusal: dict[str, Any], status: str, what: str, advice: str
) -> None:
    """In an owner's words, with what to do, by the state that the key is in now."""
    said = call("refusals", "refusalInWords", refusal, {"status": status, "expiresAt": None}, 0)
    assert said["what"] == what
    assert advice in said["advice"]


NOW = 1_774_431_000_000
HOUR_AGO, MONTH_AGO = "2026-03-25T08:30:00.000Z", "2026-02-25T08:30:00.000Z"


@pytest.mark.parametrize(
    ("older", "newest", "progress"),
    [
        (None, None, "unused"),
        (None, HOUR_AGO, "unused"),
        (MONTH_AGO, None, "behind"),
        (HOUR_AGO, MONTH_AGO, "behind"),
        (HOUR_AGO, HOUR_AGO, "behind"),
        (HOUR_AGO, "2026-03-25T09:29:00.000Z", "both"),
        (MONTH_AGO, HOUR_AGO, "moved"),
    ],
)
def test_when_an_older_secret_can_be_ended(
    call: Call, older: str | None, newest: str | None, progress: str
) -> None:
    """Not while programs use it, nor before they use the newest."""
    rotation = {"previousLastUsedAt": older, "newestLastUsedAt": newest}
    assert call("key", "progressOf", rotation, NOW) == progress
