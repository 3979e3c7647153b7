"""The list: search, filter, pages, what is said of each key, on any screen."""

from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Page, Route, expect

from local.clerk.users import ADMIN
from tests.e2e.browser.conftest import NewTab
from tests.e2e.browser.dashboard_driver import Tab


def key(number: int, **members: Any) -> dict[str, Any]:
    """A key object."""
    return {
        "id": f"key_{number:026}",
        "name": f"Key {number}",
        "hint": f"ac_live_{number:04}...wxyz",
        "status": "active",
        "scopes": ["agents:read"],
        "allowedIps": [],
        "rateLimit": None,
        "createdAt": "2026-01-01T00:00:00.000Z",
        "createdBy": ADMIN.id,
        "expiresAt": None,
        "lastUsedAt": None,
        "revokedAt": None,
        "revokedReason": None,
        "rotation": None,
    } | members


def later(**how: float) -> str:
    """A time from now, as the API writes it."""
    at = datetime.now(UTC) + timedelta(**how)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def serve(page: Page, *pages: list[dict[str, Any]]) -> None:
    """Answers the list from pages of keys."""

    def answer(route: Route) -> None:
        at = int(route.request.url.partition("cursor=")[2] or 0)
        cursor = str(at + 1) if at + 1 < len(pages) else None
        route.fulfill(json={"data": pages[at], "nextCursor": cursor})

    page.route("**/dashboard/v1/api-keys?*", answer)


def names(tab: Tab) -> list[str]:
    """The names that are shown."""
    return tab.page.locator(".key-name").all_inner_texts()


def test_the_search_is_over_all_keys(tab: Tab) -> None:
    """However many pages the API has of them: by name, hint, id and maker."""
    serve(tab.page, [key(n) for n in range(100)], [], [key(n) for n in range(100, 145)])
    page = tab.signed_in()
    expect(page.get_by_text("1–20 of 145 keys")).to_be_visible()
    page.get_by_role("button", name="Older").click()
    expect(page.get_by_text("21–40 of 145 keys")).to_be_visible()
    field = page.get_by_role("searchbox")
    for text, found in (
        ("KEY 144", ["Key 144"]),
        ("_0143", ["Key 143"]),
        (f"{142:026}", ["Key 142"]),
    ):
        field.fill(text)
        expect(page.locator(".key-name")).to_have_count(len(found))
        assert names(tab) == found
    field.fill("nothing of the kind")
    expect(page.get_by_text("No live key matches “nothing of the kind”.")).to_be_visible()
    page.get_by_role("button", name="Clear the search").click()
    expect(page.get_by_text("1–20 of 145 keys")).to_be_visible()


def test_each_status_can_be_looked_at(tab: Tab) -> None:
    """Live ones first; the others are a step away, with their numbers."""
    serve(
        tab.page,
        [
            key(1),
            key(2, status="disabled"),
            key(3, status="expired", expiresAt="2026-02-01T00:00:00.000Z"),
            key(4, status="revoked", revokedAt="2026-02-01T00:00:00.000Z", revokedReason="self"),
        ],
    )
    page = tab.signed_in()
    for label, found in {
        "Live 2": ["Key 1", "Key 2"],
        "Active 1": ["Key 1"],
        "Disabled 1": ["Key 2"],
        "Expired 1": ["Key 3"],
        "Revoked 1": ["Key 4"],
        "All 4": ["Key 1", "Key 2", "Key 3", "Key 4"],
    }.items():
        page.get_by_role("radio", name=label, exact=True).check()
        expect(page.locator(".key-name")).to_have_text(found)
    page.get_by_role("radio", name="Live 2").check()
    page.get_by_role("searchbox").fill("Key 4")
    page.get_by_role("button", name="Show the one in another state").click()
    expect(page.locator(".key-name")).to_have_text(["Key 4"])


def test_what_is_said_of_a_key(tab: Tab) -> None:
    """Its expiry a week ahead, the older secret, its limits; and that no use is recorded."""
    rotation = {
        "previousHint": "ac_live_OLDR...abcd",
        "previousExpiresAt": later(hours=3, minutes=1),
        "previousLastUsedAt": None,
    }
    serve(
        tab.page,
        [
            key(1, expiresAt=later(days=6, hours=1)),
            key(2, expiresAt=later(days=7, hours=1)),
            key(3, rotation=rotation),
            key(4, allowedIps=["192.0.2.0/24"], rateLimit={"requests": 1000, "windowSeconds": 60}),
            key(5, lastUsedAt=later(hours=-2)),
            key(6, createdBy="user_unknown"),
        ],
    )
    tab.signed_in()
    expect(tab.row("Key 1")).to_contain_text("In 6 days")
    expect(tab.row("Key 2")).not_to_contain_text("In 7 days")
    expect(tab.row("Key 3")).to_contain_text("ac_live_OLDR…abcd still works for 3 hours")
    expect(tab.row("Key 4")).to_contain_text("from 192.0.2.0/24")
    expect(tab.row("Key 4")).to_contain_text("1,000 a minute")
    expect(tab.row("Key 5")).to_contain_text("2 hours ago")
    expect(tab.row("Key 6")).to_contain_text("No use recorded")
    expect(tab.row("Key 6")).to_contain_text("by user_unknown")


def test_a_page_that_stays_open_counts_on(tab: Tab) -> None:
    """A key that expires while it is looked at is shown as expired."""
    tab.page.clock.install()
    serve(tab.page, [key(1, expiresAt=later(minutes=2)), key(2)])
    tab.signed_in()
    expect(tab.row("Key 1")).to_contain_text("In 2 minutes")
    # Else the parts that Clerk is still loading seem to have taken minutes, and are given up.
    tab.page.wait_for_load_state("networkidle")
    tab.page.clock.fast_forward("03:00")
    expect(tab.row("Key 1")).to_have_count(0)
    tab.page.get_by_role("radio", name="Expired 1").check()
    expect(tab.row("Key 1")).to_contain_text("Expired")


def test_there_is_something_to_see_while_keys_are_read(tab: Tab) -> None:
    """For eyes and for screen readers."""
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    tab.page.route("**/dashboard/v1/api-keys?*", hold)
    page = tab.signed_in()
    expect(page.get_by_role("status").filter(has_text="Loading keys…")).to_be_attached()
    waiting[0].continue_()
    expect(tab.row("Local development")).to_be_visible()


WIDTHS = (320, 390, 768, 1024)


def test_nothing_is_cut_off_on_a_narrow_screen(tab: Tab) -> None:
    """Neither the list, nor a dialog is wider than the screen."""
    long = "A name of eighty characters without any space".replace(" ", "_").ljust(80, "x")
    limit = {"requests": 1_000_000, "windowSeconds": 86_400}
    serve(tab.page, [key(1, name=long, allowedIps=["2001:db8:1234:5678::/64"], rateLimit=limit)])
    page = tab.signed_in()
    expect(tab.row(long)).to_be_visible()
    assert overflow(page) == {}
    tab.choose(long, "Revoke…")
    assert overflow(page) == {}
    page.keyboard.press("Escape")
    page.get_by_role("button", name="New key").click()
    assert overflow(page) == {}


def overflow(page: Page) -> dict[int, list[str]]:
    """What sticks out at the side, by the screen's width."""
    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 700})
        found[width] = page.evaluate(_STICKING_OUT)
    return {width: nodes for width, nodes in found.items() if nodes}


# Three frames later, for what measures itself draws anew once it knows its width.
_STICKING_OUT = """async () => {
  for (let frame = 0; frame < 3; frame += 1) {
    await new Promise((drawn) => { requestAnimationFrame(drawn); });
  }
  const wide = (node) => node.getBoundingClientRect().right > innerWidth + 0.5;
  const apart = '.unseen, .keys thead, .usage-table';
  const seen = (node) => node.checkVisibility() && !node.closest(apart);
  return [...document.querySelectorAll('main *, dialog *, header *')]
    .filter((node) => wide(node) && seen(node))
    .map((node) => `${node.tagName}.${node.getAttribute('class')}`);
}"""


def test_whoever_wants_no_motion_gets_none(new_tab: NewTab) -> None:
    """Neither animations nor transitions of ours."""
    tab = new_tab(reduced_motion="reduce")
    page = tab.signed_in()
    page.get_by_role("button", name="New key").click()
    moving: list[str] = page.evaluate("""() => [...document.querySelectorAll('*')]
      .filter((node) => !String(node.className?.baseVal ?? node.className).includes('cl-'))
      .filter((node) => {
        const { animationName, transitionDuration } = getComputedStyle(node);
        return animationName !== 'none' || parseFloat(transitionDuration) > 0;
      }).map((node) => node.outerHTML.slice(0, 100))""")
    assert moving == []
