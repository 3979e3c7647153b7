"""Somebody's own account in Clerk's dialog: name, addresses, password, devices, and its end."""

from playwright.sync_api import expect

from tests.e2e.browser.conftest import NewTab
from tests.e2e.browser.dashboard_driver import Tab
from tests.support.product import eventually

OLD, NEW = "analytical engine", "difference engine"


def test_a_profile_is_filled_in(tab: Tab) -> None:
    """A name, and another address to sign in with, once the code that it was sent is typed."""
    page = tab.signed_up("profile@example.com", OLD)
    dialog = tab.open_account("Profile")
    dialog.get_by_role("button", name="Update profile").click()
    dialog.get_by_label("First name").fill("Ada")
    dialog.get_by_label("Last name").fill("Lovelace")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Ada Lovelace")).to_be_visible()
    dialog.get_by_role("button", name="Add email address").click()
    dialog.get_by_label("Email address").last.fill("work@example.com")
    dialog.get_by_role("button", name="Add", exact=True).click()
    tab.type_code("work@example.com")
    expect(dialog.get_by_role("button", name="Add email address")).to_be_enabled()
    expect(dialog.get_by_text("Unverified")).to_have_count(0)
    dialog.get_by_role("menuitem", name="Open menu").last.click()
    page.get_by_role("menuitem", name="Set as primary").click()
    eventually(
        lambda: (
            page.evaluate("window.Clerk.user.primaryEmailAddress.emailAddress")
            == "work@example.com"
        )
    )
    page.reload()
    page.get_by_role("button", name="Open user menu").click()
    expect(tab.dialog()).to_contain_text("Ada Lovelace")
    expect(tab.dialog()).to_contain_text("work@example.com")


def test_a_new_password_ends_the_other_sessions(tab: Tab, new_tab: NewTab) -> None:
    """Where they are: the next thing that is done there needs a new sign-in."""
    email = "changing@example.com"
    page, other = tab.signed_up(email, OLD), new_tab()
    other.signed_in(email, password=OLD)
    dialog = tab.open_account("Security")
    dialog.get_by_role("button", name="Update password").click()
    dialog.get_by_label("Current password").fill("a wrong one")
    dialog.get_by_role("textbox", name="New password").fill(NEW)
    dialog.get_by_role("textbox", name="Confirm password").fill(NEW)
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Password is incorrect.").first).to_be_visible()
    dialog.get_by_label("Current password").fill(OLD)
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("heading", name="Update password")).to_have_count(0)
    other.page.evaluate("window.Clerk.session.getToken({ skipCache: true }).catch(() => {})")
    expect(other.page.locator("input[name=identifier]")).to_be_visible()
    other.sign_in(email, NEW)
    expect(other.page.get_by_role("heading", name="No keys yet")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="No keys yet")).to_be_visible()


def test_another_device_is_signed_out(tab: Tab, new_tab: NewTab) -> None:
    """From the list of them, in which this one is marked."""
    email = "devices@example.com"
    page, other = tab.signed_up(email, OLD), new_tab()
    other.signed_in(email, password=OLD)
    dialog = tab.open_account("Security")
    expect(dialog.get_by_text("This device")).to_have_count(1)
    dialog.get_by_role("menuitem", name="Open menu").last.click()
    with page.expect_response("**/revoke?*"):
        page.get_by_role("menuitem", name="Sign out of device").click()
    other.page.evaluate("window.Clerk.session.getToken({ skipCache: true }).catch(() => {})")
    expect(other.page.locator("input[name=identifier]")).to_be_visible()
    page.reload()
    dialog = tab.open_account("Security")
    expect(dialog.get_by_text("This device")).to_be_visible()
    expect(dialog.get_by_role("menuitem", name="Open menu")).to_have_count(0)


def test_a_deleted_account_is_signed_out_everywhere(tab: Tab, new_tab: NewTab) -> None:
    """At once; whoever signs up with the address again finds nothing of the one before."""
    email = "leaving@example.com"
    page, other = tab.signed_up(email, OLD), new_tab()
    tab.create("Of the one before")
    tab.store()
    other.signed_in(email, password=OLD)
    dialog = tab.open_account("Security")
    dialog.get_by_role("button", name="Delete account").click()
    dialog.get_by_role("textbox").last.fill("Delete account")
    dialog.get_by_role("button", name="Delete account").last.click()
    expect(page.locator("input[name=identifier]")).to_be_visible()
    expect(tab.dialog()).to_have_count(0)
    other.page.evaluate("window.Clerk.session.getToken({ skipCache: true }).catch(() => {})")
    expect(other.page.locator("input[name=identifier]")).to_be_visible()
    page.locator("input[name=identifier]").fill(email)
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(page.get_by_role("heading", name="Create your account")).to_be_visible()
    page.locator("input[name=password]").fill(OLD)
    page.get_by_role("button", name="Continue", exact=True).click()
    tab.type_code(email, 2)
    expect(page.get_by_role("heading", name="No keys yet")).to_be_visible()


def test_the_seeded_users_cannot_be_deleted(tab: Tab) -> None:
    """Clerk's dialog does not offer it: the greeting and the printed key are theirs."""
    tab.signed_in()
    dialog = tab.open_account("Security")
    expect(dialog.get_by_role("button", name="Update password")).to_be_visible()
    expect(dialog.get_by_role("button", name="Delete account")).to_have_count(0)
