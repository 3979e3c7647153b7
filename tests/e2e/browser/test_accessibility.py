"""axe-core, and with it the rules of WCAG that a program can check, on each state of the page."""

from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from local.clerk.users import ACME, MEMBER
from tests.e2e.browser.conftest import NewTab
from tests.e2e.browser.dashboard_driver import Tab
from tests.e2e.browser.test_list import key
from tests.e2e.browser.test_trouble import DOWN
from tests.e2e.browser.test_usage import USAGE, answer_usage, open_key, serve_keys
from tests.e2e.browser.usage_days import TODAY, day, days
from tools.dev.vendor import TESTS

AXE = (TESTS / "axe-core/axe.min.js").read_text() if TESTS.exists() else ""

# A caret that blinks where a code is typed never comes to rest.
_REST = """Promise.allSettled(
  document.getAnimations()
    .filter((one) => one.effect.getTiming().iterations !== Infinity)
    .map((one) => one.finished),
)"""


def violations(page: Page) -> list[str]:
    """What axe-core finds in the page as it is now, once everything has come to rest."""
    page.evaluate(_REST)
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{one['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


@pytest.fixture(params=["light", "dark"])
def shown(request: pytest.FixtureRequest, new_tab: NewTab) -> Tab:
    """A tab in light and in dark."""
    return new_tab(color_scheme=request.param)


def test_signing_in(shown: Tab) -> None:
    """With Clerk's own form in the page's colours."""
    page = shown.open()
    page.get_by_role("button", name="Continue", exact=True).wait_for()
    assert violations(page) == []


def test_signing_up(shown: Tab) -> None:
    """With Clerk's own forms: the password, and the code that an e-mail brings."""
    page = shown.open()
    page.locator("input[name=identifier]").fill(f"{uuid4().hex}@example.com")
    page.get_by_role("button", name="Continue", exact=True).click()
    page.get_by_role("heading", name="Create your account").wait_for()
    assert violations(page) == []
    page.locator("input[name=password]").fill("analytical engine")
    page.get_by_role("button", name="Continue", exact=True).click()
    page.get_by_role("textbox", name="Enter verification code").wait_for()
    assert violations(page) == []


def test_the_colours_that_clerks_dialogs_are_given(shown: Tab) -> None:
    """The rest of what axe-core finds in them is Clerk's own markup, which the page cannot mend."""
    page = shown.signed_in()
    dialog = shown.open_account("Security")
    expect(dialog.get_by_text("This device")).to_be_visible()
    assert [one for one in violations(page) if one.startswith("color-contrast")] == []


def test_the_list_its_menu_and_its_dialogs(shown: Tab) -> None:
    """Each as it is when it has just opened, and with a fault in it."""
    page = shown.signed_in()
    name = f"Read aloud {uuid4().hex[:8]}"
    expect(shown.row("Local development")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="New key").click()
    shown.dialog().get_by_role("textbox", name="Name").fill(name)
    shown.dialog().get_by_label("Only from these addresses").fill("nowhere")
    shown.dialog().get_by_label("7 days").check()
    shown.dialog().get_by_role("button", name="Create key").click()
    shown.dialog().get_by_role("alert").wait_for()
    assert violations(page) == []
    shown.dialog().get_by_label("Only from these addresses").fill("")
    shown.dialog().get_by_role("button", name="Create key").click()
    shown.shown_token()
    page.keyboard.press("Escape")
    assert violations(page) == []
    shown.store()

    shown.choose(name, "Rotate…")
    assert violations(page) == []
    shown.dialog().get_by_role("button", name="Rotate", exact=True).click()
    shown.store()
    shown.choose(name, "Rotate…")
    assert violations(page) == []
    page.keyboard.press("Escape")
    shown.choose(name, "Disable")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.get_by_role("button", name=f"Actions for {name}").click()
    assert violations(page) == []
    page.keyboard.press("Escape")
    shown.choose(name, "Rename")
    assert violations(page) == []
    page.keyboard.press("Escape")

    page.get_by_role("button", name=name, exact=True).click()
    page.get_by_text("created the key").wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="Revoke…").click()
    assert violations(page) == []
    shown.dialog().get_by_label(f"Type {name} to confirm").fill(name)
    shown.dialog().get_by_role("button", name="Revoke key").click()
    page.get_by_text("revoked the key").wait_for()
    assert violations(page) == []


def test_usage(shown: Tab) -> None:
    """In the list; as a chart, with a bar marked, as a table; with warnings, empty and failed."""
    told = {"revoked": 2, "disabled": 1, "expired": 1}
    serve_keys(shown.page, key(1))
    answer_usage(
        shown.page,
        lambda count: [*days([count] * count)[:-1], day(TODAY, told, refused=4, accepted=9)],
    )
    page = shown.signed_in()
    expect(shown.row("Key 1").get_by_role("img")).to_be_visible()
    assert violations(page) == []
    part = open_key(shown, "Key 1")
    part.get_by_role("slider").focus()
    expect(part).to_contain_text("so far")
    assert violations(page) == []
    part.get_by_role("radio", name="400 days").check()
    part.get_by_role("button", name="Show as table").click()
    assert violations(page) == []
    page.unroute(USAGE)
    answer_usage(page, lambda count: days([0] * count))
    part.get_by_role("radio", name="90 days").check()
    expect(part).to_contain_text("No requests in the last 90 days.")
    assert violations(page) == []
    page.unroute(USAGE)
    page.route(USAGE, DOWN)
    part.get_by_role("radio", name="7 days").check()
    part.get_by_role("alert").wait_for()
    assert violations(page) == []


def test_what_is_empty_or_went_wrong(shown: Tab) -> None:
    """An account without keys, seen by a member; then a list that does not come."""
    page = shown.signed_in(MEMBER.email, ACME.id)
    expect(page.get_by_role("heading", name="No keys yet")).to_be_visible()
    assert violations(page) == []
    page.route("**/dashboard/v1/api-keys?*", lambda route: route.abort())
    page.reload()
    page.get_by_role("button", name="Try again").wait_for()
    assert violations(page) == []


def test_a_narrow_screen_is_still_a_table(new_tab: NewTab) -> None:
    """For screen readers: the rows only look like cards."""
    tab = new_tab(viewport={"width": 320, "height": 700})
    page = tab.signed_in()
    expect(page.get_by_role("table", name="API keys")).to_be_visible()
    expect(page.get_by_role("row").nth(1).get_by_role("cell")).to_have_count(7)
    assert violations(page) == []
