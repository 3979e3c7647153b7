"""A newcomer: from Clerk's form to the first key, and back in when the password is forgotten."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser.conftest import NewTab
from tests.e2e.browser.dashboard_driver import Tab
from tests.e2e.browser.test_accessibility import violations

OLD, NEW = "analytical engine", "difference engine"


def sign_out(page: Page) -> None:
    """By Clerk's menu."""
    page.get_by_role("button", name="Open user menu").click()
    page.get_by_role("button", name="Sign out").click()


def begin_to_sign_in(page: Page, email: str) -> None:
    """As far as the password."""
    page.locator("input[name=identifier]").fill(email)
    page.get_by_role("button", name="Continue", exact=True).click()
    page.get_by_role("heading", name="Enter your password").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_newcomer_makes_the_first_key(new_tab: NewTab, scheme: str) -> None:
    """Signs up with the code that `make run` prints, and stands before an empty page."""
    tab = new_tab(color_scheme=scheme)
    page = tab.sign_up(f"first-{scheme}@example.com", OLD)
    expect(page.get_by_role("heading", name="No keys yet")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Create the first key").click()
    tab.dialog().get_by_role("textbox", name="Name").fill("My first")
    tab.dialog().get_by_role("button", name="Create key").click()
    token = tab.shown_token()
    account = tab.product.account(token).json
    assert account["type"] == "user"
    assert account["id"] == page.evaluate("window.Clerk.user.id")
    tab.store()
    expect(tab.row("My first")).to_be_visible()
    page.reload()
    expect(tab.row("My first")).to_be_visible()


def test_what_is_wrong_is_said_where_it_is_typed(tab: Tab) -> None:
    """A password that is too short, and a code that was not sent."""
    page = tab.open()
    page.locator("input[name=identifier]").fill("careless@example.com")
    page.get_by_role("button", name="Continue", exact=True).click()
    page.get_by_role("heading", name="Create your account").wait_for()
    page.locator("input[name=password]").fill("short")
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(page.get_by_text("8 or more characters").first).to_be_visible()
    page.locator("input[name=password]").fill(OLD)
    page.get_by_role("button", name="Continue", exact=True).click()
    [code] = tab.product.mailed_codes("careless@example.com")
    box = page.get_by_role("textbox", name="Enter verification code")
    box.press_sequentially(f"{(int(code) + 1) % 10**6:06}")
    expect(page.get_by_text("Incorrect code").first).to_be_visible()
    assert page.evaluate("window.Clerk.user") is None
    # Clerk empties it in a moment, and takes whatever is typed before for another attempt.
    expect(box).to_have_value("")
    box.press_sequentially(code)
    expect(page.get_by_role("heading", name="No keys yet")).to_be_visible()


def test_after_signing_out_the_form_begins_anew(tab: Tab) -> None:
    """Not where it was when the last person had filled it."""
    page = tab.sign_up("leaving@example.com", OLD)
    sign_out(page)
    expect(page.locator("input[name=identifier]")).to_be_visible()
    tab.sign_in("leaving@example.com", OLD)
    expect(page.get_by_role("heading", name="No keys yet")).to_be_visible()


def test_a_forgotten_password_is_replaced(tab: Tab) -> None:
    """With the code of another e-mail; the old one opens nothing any more."""
    email = "forgetful@example.com"
    page = tab.signed_up(email, OLD)
    sign_out(page)
    begin_to_sign_in(page, email)
    page.get_by_role("link", name="Forgot password?").click()
    page.get_by_role("button", name="Reset your password").click()
    tab.type_code(email, 2)
    page.get_by_role("textbox", name="New password").fill(NEW)
    page.get_by_role("textbox", name="Confirm password").fill(NEW)
    page.get_by_role("button", name="Reset Password").click()
    expect(page.get_by_role("heading", name="No keys yet")).to_be_visible()
    sign_out(page)
    begin_to_sign_in(page, email)
    page.locator("input[name=password]").fill(OLD)
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(page.get_by_text("Password is incorrect.").first).to_be_visible()
    page.locator("input[name=password]").fill(NEW)
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(page.get_by_role("heading", name="No keys yet")).to_be_visible()


def test_an_emails_code_signs_in_too(tab: Tab) -> None:
    """Where the password is not at hand."""
    email = "codes@example.com"
    page = tab.signed_up(email, OLD)
    sign_out(page)
    begin_to_sign_in(page, email)
    page.get_by_role("link", name="Use another method").click()
    page.get_by_role("button", name=f"Email code to {email}").click()
    tab.type_code(email, 2)
    expect(page.get_by_role("heading", name="No keys yet")).to_be_visible()
