"""Signing in and out, and sessions that end at the wrong moment."""

import pytest
from playwright.sync_api import Route, expect

from local.clerk.users import ACME, ADMIN, MEMBER
from tests.e2e.browser.dashboard_driver import Tab


def test_what_is_wrong_is_said_in_clerks_form(tab: Tab) -> None:
    """A wrong password at its field; then the right one signs in, and a reload keeps it."""
    page = tab.open()
    tab.sign_in(ADMIN.email, "wrong")
    # Clerk asks once more before it says so.
    page.get_by_role("heading", name="Enter your password").wait_for()
    page.locator("input[name=password]").fill("wrong again")
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(page.get_by_text("Password is incorrect.").first).to_be_visible()
    page.locator("input[name=password]").fill("correct horse")
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(page.get_by_role("heading", name="API keys")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="API keys")).to_be_visible()


def test_signing_out_shows_the_form_again(tab: Tab) -> None:
    """And nothing of the keys."""
    page = tab.signed_in()
    expect(tab.row("Local development")).to_be_visible()
    page.get_by_role("button", name="Open user menu").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("input[name=identifier]")).to_be_visible()
    expect(page.get_by_text("Local development")).to_have_count(0)


API = "**/dashboard/v1/**"


def end_session(tab: Tab) -> None:
    """Ends it, and lets the page's token run out."""
    tab.sign_out_elsewhere()
    # The page's token lives on for a minute, as Clerk's do; this one is over.
    tab.page.route(
        API,
        lambda route: route.fulfill(
            status=401,
            json={"error": {"code": "unauthorized", "message": "Invalid or missing session."}},
        ),
    )


def sign_in_again(tab: Tab, email: str = ADMIN.email) -> None:
    """With a new session, whose tokens are good."""
    tab.page.unroute(API)
    tab.sign_in(email)


def test_a_form_outlives_the_session(tab: Tab) -> None:
    """Half filled, it is there after signing in again on top of it, and can be sent."""
    page = tab.signed_in()
    page.get_by_role("button", name="New key").click()
    form = page.get_by_role("dialog", name="New API key")
    form.get_by_role("textbox", name="Name").fill("Half filled")
    form.get_by_label("Change agents").check()
    end_session(tab)
    # Not a click: ClerkJS may have noticed by itself, and the dialog may be there already.
    form.get_by_role("button", name="Create key").dispatch_event("click")
    again = page.get_by_role("dialog", name="Your session has ended")
    expect(again).to_be_visible()
    sign_in_again(tab)
    expect(again).to_have_count(0)
    expect(form.get_by_role("textbox", name="Name")).to_have_value("Half filled")
    form.get_by_role("button", name="Create key").click()
    token = tab.shown_token()
    assert tab.product.account(token).json["key"]["scopes"] == ["agents:read", "agents:write"]
    tab.store()


def test_the_account_is_the_same_after_signing_in_again(tab: Tab) -> None:
    """A new session begins with the personal account; the form was for the organization."""
    page = tab.signed_in(ADMIN.email, ACME.id)
    page.get_by_role("button", name="New key").click()
    form = page.get_by_role("dialog", name="New API key")
    form.get_by_role("textbox", name="Name").fill("For Acme")
    end_session(tab)
    # Not a click: ClerkJS may have noticed by itself, and the dialog may be there already.
    form.get_by_role("button", name="Create key").dispatch_event("click")
    page.get_by_role("dialog", name="Your session has ended").wait_for()
    sign_in_again(tab)
    expect(page.get_by_role("dialog", name="Your session has ended")).to_have_count(0)
    expect(page.get_by_role("button", name="Open organization switcher")).to_contain_text("Acme")
    form.get_by_role("button", name="Create key").click()
    token = tab.shown_token()
    assert tab.product.account(token).json["id"] == ACME.id
    tab.store()


def test_another_person_does_not_get_the_form(tab: Tab) -> None:
    """Whoever signs in instead sees their own keys, and nothing that was typed."""
    page = tab.signed_in()
    page.get_by_role("button", name="New key").click()
    form = page.get_by_role("dialog", name="New API key")
    form.get_by_role("textbox", name="Name").fill("Private plans")
    end_session(tab)
    # Not a click: ClerkJS may have noticed by itself, and the dialog may be there already.
    form.get_by_role("button", name="Create key").dispatch_event("click")
    page.get_by_role("dialog", name="Your session has ended").wait_for()
    sign_in_again(tab, MEMBER.email)
    expect(page.get_by_role("heading", name="No keys yet")).to_be_visible()
    expect(tab.dialog()).to_have_count(0)
    assert "Private plans" not in page.content()


def test_a_token_is_not_lost_with_the_session(tab: Tab) -> None:
    """Its dialog stays until it is stored; then the page asks to sign in."""
    page = tab.signed_in()
    token = tab.create("Just in time")
    tab.sign_out_elsewhere()
    page.evaluate("window.Clerk.session.getToken({ skipCache: true }).catch(() => {})")
    page.wait_for_function("window.Clerk.session === null")
    assert tab.shown_token() == token
    tab.store()
    expect(page.locator("input[name=identifier]")).to_be_visible()


def test_a_token_that_ran_out_on_the_way_is_replaced(tab: Tab) -> None:
    """Once, without a word: the session itself is alive."""
    page = tab.signed_in()
    page.route("**/dashboard/v1/api-keys", lambda route: route.fulfill(status=401), times=1)
    tab.create("Second try")
    tab.store()
    expect(tab.row("Second try")).to_be_visible()


def test_the_page_works_under_another_name_of_this_machine(tab: Tab) -> None:
    """A session is for the origin that asked for it."""
    tab.url = tab.url.replace("localhost", "127.0.0.1")
    page = tab.open()
    tab.sign_in()
    expect(page.get_by_role("heading", name="API keys")).to_be_visible()
    expect(tab.row("Local development")).to_be_visible()


@pytest.mark.parametrize("missing", ["**/clerk.browser.js", "**/app/components/workspace.js"])
def test_a_page_that_cannot_start_says_so(tab: Tab, missing: str) -> None:
    """And whether Clerk or the page's own part is missing."""
    tab.page.route(missing, lambda route: route.abort())
    tab.open()
    expect(tab.page.get_by_role("alert")).to_contain_text("Check your connection")
    tab.faults.clear()


def test_a_page_without_its_scripts_says_how_to_get_them(tab: Tab) -> None:
    """As it is where npm was missing."""

    def without(route: Route) -> None:
        script = route.fetch().text().replace('"notice": null', '"notice": "Install npm"')
        route.fulfill(body=script, content_type="text/javascript")

    tab.page.route("**/config.js", without)
    tab.open()
    expect(tab.page.get_by_role("alert")).to_have_text("Install npm")
