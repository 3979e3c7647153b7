"""Usage on the page: what is told of each key, of an account, and of secrets that do not work."""

import re
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from local.clerk.users import ACME, ADMIN, MEMBER
from tests.e2e.browser.dashboard_driver import Tab
from tests.e2e.browser.history import History
from tests.e2e.browser.test_list import key, overflow, serve
from tests.e2e.browser.test_trouble import DOWN
from tests.e2e.browser.usage_days import TODAY, day, days
from tests.support.product import Person, eventually

USAGE = re.compile(r"/dashboard/v1/(api-keys/.+/)?usage\?")


def answer_usage(page: Page, of: Callable[[int], list[dict[str, Any]]]) -> None:
    """Answers for every key and account, by the range."""

    def answer(route: Route) -> None:
        wanted = int(route.request.url.partition("days=")[2])
        route.fulfill(json={"data": of(wanted)})

    page.route(USAGE, answer)


def serve_keys(page: Page, *keys: dict[str, Any]) -> None:
    """Answers the list, and for each key alone."""
    serve(page, list(keys))
    by_id = {each["id"]: each for each in keys}

    def answer(route: Route) -> None:
        route.fulfill(json=by_id[route.request.url.rpartition("/")[2]])

    page.route(re.compile("/api-keys/key_[^/]*$"), answer)


def open_key(tab: Tab, name: str) -> Locator:
    """Opens a key's page; its part about usage."""
    tab.page.get_by_role("button", name=name, exact=True).click()
    return usage(tab.page)


def usage(page: Page) -> Locator:
    """What is said of the usage of the open key."""
    return page.get_by_role("region", name="Usage", exact=True)


def the_day(ago: int, today: date = TODAY) -> str:
    """A day as this browser writes it."""
    at = today - timedelta(days=ago)
    return f"{at:%b} {at.day}, {at.year}"


@pytest.fixture
def person(tab: Tab) -> Person:
    """The demo person, at the API."""
    return tab.product.person(ADMIN.id)


def recorded(person: Person, key_id: str, outcome: str, count: int) -> bool:
    """Whether the API tells so many requests of today."""
    today = person.request("GET", f"/api-keys/{key_id}/usage?days=1").json["data"][0]
    told: int = today[outcome]
    return told == count


def test_requests_that_are_made_show_up(tab: Tab, person: Person) -> None:
    """By what they ended in; the last use too, and the account's sum, in list and details."""
    made = person.create_key(name="Counted", scopes=["agents:read"])
    bearer = f"Bearer {made['token']}"
    for _ in range(3):
        assert tab.product.request("GET", "/api/v1/agents", bearer).status == 200
    assert tab.product.request("POST", "/api/v1/agents", bearer, {}).status == 403
    eventually(lambda: recorded(person, made["id"], "accepted", 3), 30)
    eventually(lambda: recorded(person, made["id"], "forbidden", 1), 30)
    tab.signed_in()
    row = tab.row("Counted")
    spark = "Counted, last 30 days: 4 requests: 3 accepted, 1 forbidden"
    expect(row.get_by_role("img", name=spark)).to_be_visible()
    expect(row).to_contain_text(re.compile("just now|ago"))
    strip = tab.page.get_by_role("region", name="Usage of your personal account")
    expect(strip).to_contain_text(re.compile(r"\d+ requests in the last 30 days"))
    shown = open_key(tab, "Counted")
    expect(shown).to_contain_text("4 requests")
    expect(shown).to_contain_text("Accepted 3")
    expect(shown).to_contain_text("Forbidden 1")
    expect(shown).to_contain_text("some minutes after they were made")


def test_a_page_that_stays_open_learns_of_more(tab: Tab, person: Person) -> None:
    """Within a minute or two, without anybody's doing: the numbers, and when the last use was."""
    made = person.create_key(name="Watched")
    tab.page.clock.install()
    tab.signed_in()
    shown = open_key(tab, "Watched")
    expect(shown).to_contain_text("Once a program sends this key")
    assert tab.product.account(made["token"]).status == 200
    eventually(lambda: recorded(person, made["id"], "accepted", 1), 30)
    # Else the parts that Clerk is still loading seem to have taken minutes, and are given up.
    tab.page.wait_for_load_state("networkidle")
    tab.page.clock.fast_forward("01:05")
    expect(shown).to_contain_text("1 request")
    expect(tab.page.locator(".fact").filter(has_text="Last used")).to_contain_text("ago")


def test_pointing_at_a_bar_tells_of_its_day(tab: Tab) -> None:
    """Away from the chart it is the whole range again; nothing on the page moves meanwhile."""
    serve_keys(tab.page, key(1))
    answer_usage(tab.page, lambda count: days([*[1] * (count - 2), 1234, 7]))
    tab.signed_in()
    shown = open_key(tab, "Key 1")
    chart = shown.get_by_role("slider")
    expect(shown).to_contain_text("Last 30 days")
    box = chart.bounding_box()
    assert box
    columns = chart.locator("svg").evaluate(_BARS)
    for ago, total in ((0, "7"), (1, "1,234"), (2, "1")):
        tab.page.mouse.move(box["x"] + columns[-1 - ago], box["y"] + 100)
        expect(shown).to_contain_text(the_day(ago))
        expect(shown.get_by_text(f"Accepted {total}", exact=True)).to_be_visible()
        assert chart.bounding_box() == box
    tab.page.mouse.move(5, 5)
    expect(shown).to_contain_text("Last 30 days")


# Middles of the bars of what was accepted.
_BARS = """(svg) => {
  const bars = svg.querySelector('.outcome-accepted').getAttribute('d').split('M').slice(1);
  const numbers = bars.map((bar) => /^([\\d.]+) [\\d.]+h([\\d.]+)/.exec(bar).map(Number));
  return numbers.map(([, x, width]) => x + width / 2);
}"""


def test_arrow_keys_go_from_day_to_day(tab: Tab) -> None:
    """And a screen reader is told each, in words; beyond the ends there is nothing."""
    serve_keys(tab.page, key(1))
    answer_usage(
        tab.page,
        lambda count: [
            *days([5] * (count - 1), TODAY - timedelta(days=1)),
            day(TODAY, {"revoked": 2}, accepted=1, refused=2),
        ],
    )
    page = tab.signed_in()
    shown = open_key(tab, "Key 1")
    chart = shown.get_by_role("slider", name="Requests by day")
    shown.get_by_role("radio", name="400 days").focus()
    shown.get_by_role("radio", name="30 days").check()
    page.keyboard.press("Tab")
    expect(chart).to_be_focused()
    newest = f"{the_day(0)}: 3 requests: 1 accepted, 2 refused"
    oldest = f"{the_day(29)}: 5 requests accepted"
    for pressed, said in {
        "End": newest,
        "ArrowLeft": f"{the_day(1)}: 5 requests accepted",
        "PageDown": f"{the_day(8)}: 5 requests accepted",
        "ArrowDown": f"{the_day(9)}: 5 requests accepted",
        "Home": oldest,
        "ArrowUp": f"{the_day(28)}: 5 requests accepted",
        "PageUp": f"{the_day(21)}: 5 requests accepted",
    }.items():
        page.keyboard.press(pressed)
        expect(chart).to_have_attribute("aria-valuetext", said)
        expect(shown).to_contain_text(said.partition(":")[0])
    for pressed, said in (("Home", oldest), ("ArrowLeft", oldest), ("End", newest)):
        page.keyboard.press(pressed)
        expect(chart).to_have_attribute("aria-valuetext", said)
    page.keyboard.press("ArrowRight")
    expect(chart).to_have_attribute("aria-valuenow", "30")
    expect(shown).to_contain_text(f"{the_day(0)}, so far")
    page.keyboard.press("Tab")
    expect(shown).to_contain_text("Last 30 days")


def test_a_table_has_the_same_numbers(tab: Tab) -> None:
    """The newest first; columns of what did not happen are left out."""
    serve_keys(tab.page, key(1))
    told = [
        *days([4, 0, 1000], TODAY - timedelta(days=1)),
        day(TODAY, rateLimited=2, accepted=1),
    ]
    answer_usage(
        tab.page, lambda count: [*days([0] * (count - 4), TODAY - timedelta(days=4)), *told]
    )
    tab.signed_in()
    shown = open_key(tab, "Key 1")
    shown.get_by_role("radio", name="7 days").check()
    shown.get_by_role("button", name="Show as table").click()
    table = shown.get_by_role("table")
    expect(table.get_by_role("columnheader")).to_have_text(
        ["Day", "Requests", "Accepted", "Rate limited"]
    )
    rows = [row.split("\t") for row in table.locator("tbody").inner_text().splitlines()]
    assert rows[:4] == [
        [the_day(0), "3", "1", "2"],
        [the_day(1), "1,000", "1,000", "0"],
        [the_day(2), "0", "0", "0"],
        [the_day(3), "4", "4", "0"],
    ]
    assert len(rows) == 7
    shown.get_by_role("button", name="Show as chart").click()
    expect(shown.get_by_role("slider")).to_be_visible()


def test_every_range_can_be_looked_at(tab: Tab) -> None:
    """As days up to ninety, as weeks beyond; the same bars in chart and table."""
    serve_keys(tab.page, key(1))
    answer_usage(tab.page, lambda count: days([2] * count))
    page = tab.signed_in()
    shown = open_key(tab, "Key 1")
    for range_, bars, name in ((7, 7, "day"), (30, 30, "day"), (90, 90, "day"), (400, 58, "week")):
        shown.get_by_role("radio", name=f"{range_} days").check()
        expect(shown).to_contain_text(f"{2 * range_} requests")
        chart = shown.get_by_role("slider", name=f"Requests by {name}")
        expect(chart).to_be_visible()
        count = int(chart.get_attribute("aria-valuemax") or 0)
        assert count == bars or (range_ == 400 and count in {58, 59})
        middles = chart.locator("svg").evaluate(_BARS)
        assert len(middles) == count
        assert min(after - before for before, after in pairwise(middles)) >= 3
    shown.get_by_role("button", name="Show as table").click()
    expect(shown.get_by_role("row")).to_have_count(count + 1)
    assert overflow(page) == {}


def test_a_narrow_screen_shows_all_of_a_chart(tab: Tab) -> None:
    """Every range, and the notes; every bar has a place of its own, and no word is cut off."""
    serve_keys(tab.page, key(1))
    told = {"revoked": 3, "disabled": 2, "expired": 1}
    answer_usage(
        tab.page,
        lambda count: [*days([987_654] * count)[:-1], day(TODAY, told, refused=6, failed=1)],
    )
    page = tab.signed_in()
    shown = open_key(tab, "Key 1")
    for range_ in (7, 30, 90, 400):
        shown.get_by_role("radio", name=f"{range_} days").check()
        expect(shown).to_contain_text(f"Last {range_} days")
        assert overflow(page) == {}
        page.set_viewport_size({"width": 320, "height": 700})
        expect(shown.locator("svg[width='250']")).to_be_visible()
        assert shown.locator("svg text").evaluate_all(_CUT_OFF) == []
        middles = shown.locator(".chart svg").evaluate(_BARS)
        assert min(after - before for before, after in pairwise(middles)) > 2


_CUT_OFF = """(words) => words.filter((word) => {
  const [text, drawing] = [word, word.ownerSVGElement].map((node) => node.getBoundingClientRect());
  const beside = text.left < drawing.left - 0.5 || text.right > drawing.right + 0.5;
  return beside || text.bottom > drawing.bottom;
}).map((word) => word.textContent)"""


def test_a_key_without_requests_says_so(tab: Tab) -> None:
    """In the days that are looked at; of one that nobody has used, when to look again."""
    serve_keys(tab.page, key(1), key(2, lastUsedAt="2026-01-02T00:00:00.000Z"))
    answer_usage(tab.page, lambda count: days([0] * count))
    page = tab.signed_in()
    expect(page.get_by_role("region", name="Usage of")).to_contain_text(
        "No requests in the last 30 days."
    )
    expect(open_key(tab, "Key 1")).to_contain_text("Once a program sends this key")
    expect(usage(page).get_by_role("slider")).to_have_count(0)
    page.get_by_role("button", name="API keys").click()
    shown = open_key(tab, "Key 2")
    shown.get_by_role("radio", name="90 days").check()
    expect(shown).to_contain_text("No requests in the last 90 days.")
    expect(shown).not_to_contain_text("Once a program")


def test_usage_that_does_not_come_can_be_asked_for_again(tab: Tab) -> None:
    """With the request's id; the rest of the page is there all the same."""
    serve_keys(tab.page, key(1))
    tab.page.route(USAGE, DOWN)
    page = tab.signed_in()
    strip = page.get_by_role("region", name="Usage of")
    expect(strip).to_contain_text("Usage could not be read.")
    shown = open_key(tab, "Key 1")
    expect(shown.get_by_role("alert")).to_contain_text("Request id 11111111-2222")
    page.unroute(USAGE)
    answer_usage(page, lambda count: days([1] * count))
    shown.get_by_role("button", name="Try again").click()
    expect(shown).to_contain_text("30 requests")
    expect(shown.get_by_role("alert")).to_have_count(0)
    page.unroute(USAGE)
    page.route(USAGE, DOWN)
    shown.get_by_role("radio", name="90 days").check()
    expect(shown.get_by_role("alert")).to_be_visible()
    expect(shown).not_to_contain_text("30 requests")
    shown.get_by_role("radio", name="30 days").check()
    expect(shown).to_contain_text("30 requests")


def test_there_is_something_to_see_while_usage_is_read(tab: Tab) -> None:
    """And another range leaves the one before in place until it has come."""
    serve_keys(tab.page, key(1))
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    tab.page.route(re.compile(r"/api-keys/.+/usage\?days=30"), hold)
    page = tab.signed_in()
    shown = open_key(tab, "Key 1")
    expect(shown.get_by_role("status")).to_have_text("Loading…")
    for route in waiting:
        route.fulfill(json={"data": days([1] * 30)})
    expect(shown).to_contain_text("30 requests")
    waiting.clear()
    tab.page.route(re.compile(r"/api-keys/.+/usage\?days=7"), hold)
    with page.expect_request(re.compile(r"days=7")):
        shown.get_by_role("radio", name="7 days").check()
    expect(shown).to_have_attribute("aria-busy", "true")
    expect(shown).to_contain_text("Last 30 days")
    waiting[0].fulfill(json={"data": days([1] * 7)})
    expect(shown).to_contain_text("Last 7 days")
    expect(shown).to_have_attribute("aria-busy", "false")


def test_a_long_list_asks_only_for_what_is_in_view(tab: Tab) -> None:
    """A few at a time; further down once it is scrolled there."""
    page = tab.page
    serve(page, [key(number) for number in range(20)])
    page.set_viewport_size({"width": 1200, "height": 700})
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    answer_usage(page, lambda count: days([0] * count))
    page.route(re.compile(r"/api-keys/.+/usage\?"), hold)
    tab.signed_in()
    expect(page.get_by_text("No requests in the last 30 days.")).to_be_visible()
    in_view = page.locator(".row-usage").evaluate_all(_IN_VIEW)
    assert 3 < in_view < 12
    asked: list[str] = []
    deadline = time.monotonic() + 20
    while len(asked) < in_view:
        assert time.monotonic() < deadline
        page.wait_for_timeout(100)
        assert len(waiting) <= 3
        # More may come while these are answered.
        for route in [waiting.pop() for _ in list(waiting)]:
            asked.append(route.request.url)
            route.fulfill(json={"data": days([1] * 30)})
    page.wait_for_timeout(500)
    assert waiting == []
    assert len(set(asked)) == len(asked) == in_view
    answer_usage(page, lambda count: days([1] * count))
    with page.expect_request(re.compile(r"/api-keys/.+19/usage\?")):
        tab.row("Key 19").scroll_into_view_if_needed()


_IN_VIEW = """(all) => all.filter((one) => {
  const { top, bottom } = one.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}).length"""


def test_a_revoked_secret_that_is_used_is_told_to_its_owner(tab: Tab, person: Person) -> None:
    """In the list, in the account's line and on the key's page, with what to do."""
    made = person.create_key(name="Gone")
    person.revoke(made["id"])
    for _ in range(2):
        assert tab.product.account(made["token"]).status == 401
    today = the_day(0, datetime.now(UTC).date())
    eventually(lambda: recorded(person, made["id"], "refused", 2), 30)
    page = tab.signed_in()
    strip = page.get_by_role("region", name="Usage of")
    expect(strip).to_contain_text("Revoked secrets were used")
    expect(tab.row("Gone")).to_have_count(0)
    strip.get_by_role("button", name="Look at all keys").click()
    said = f"A revoked secret of this key was used twice on {today}."
    expect(tab.row("Gone")).to_contain_text(said)
    shown = open_key(tab, "Gone")
    expect(shown).to_contain_text(said)
    expect(shown).to_contain_text("If a program of yours still sends it")


def test_the_use_of_a_disabled_key_is_told(tab: Tab, person: Person) -> None:
    """And of a secret that its rotation has ended."""
    made = person.create_key(name="Paused")
    rotated = person.request("POST", f"/api-keys/{made['id']}/rotate", {"gracePeriodSeconds": 0})
    assert tab.product.account(made["token"]).status == 401
    person.request("PATCH", f"/api-keys/{made['id']}", {"enabled": False})
    assert tab.product.account(rotated.json["token"]).status == 401
    today = the_day(0, datetime.now(UTC).date())
    eventually(lambda: recorded(person, made["id"], "refused", 2), 30)
    tab.signed_in()
    shown = open_key(tab, "Paused")
    expect(shown).to_contain_text(f"This key was used once on {today}, while it was disabled.")
    expect(shown).to_contain_text("had been ended was used once")


def test_each_secrets_last_use_is_told_while_a_rotation_runs(tab: Tab, person: Person) -> None:
    """So that the older one is ended when nothing uses it any more."""
    made = person.create_key(name="Moving")
    rotated = person.request("POST", f"/api-keys/{made['id']}/rotate").json
    history = History(tab.product, ADMIN.id)
    now = datetime.now(UTC)
    history.use(made["id"], made["token"], now - timedelta(days=3))
    page = tab.signed_in()
    expect(tab.row("Moving")).to_contain_text("last used 3 days ago")
    open_key(tab, "Moving")
    used = page.locator(".fact").filter(has_text="Newest secret")
    expect(used).to_contain_text("Newest secret: –")
    expect(used).to_contain_text("Older secret: 3 days ago")
    expect(used).to_contain_text("programs still need the older one")
    history.use(made["id"], rotated["token"], now - timedelta(hours=2))
    page.reload()
    expect(used).to_contain_text("Newest secret: 2 hours ago")
    expect(used).to_contain_text("can probably be ended")
    expect(used.get_by_text("2 hours ago")).to_have_attribute("title", re.compile(r"\d, 20\d\d"))
    page.get_by_role("button", name="End it").click()
    expect(tab.dialog()).to_contain_text("Older secret: 3 days ago")
    expect(tab.dialog()).to_contain_text("Uses show here some minutes later.")


def test_members_who_may_not_manage_keys_see_usage(tab: Tab) -> None:
    """As admins do."""
    admin = tab.product.person(ADMIN.id, ACME.id, "admin")
    made = admin.create_key(name="Shared")
    History(tab.product, ACME.id).record(made["id"], 1, accepted=12)
    page = tab.signed_in(MEMBER.email, ACME.id)
    expect(page.get_by_role("region", name="Usage of Acme")).to_contain_text("12 requests")
    expect(tab.row("Shared").get_by_role("img")).to_be_visible()
    expect(open_key(tab, "Shared")).to_contain_text("12 requests")
