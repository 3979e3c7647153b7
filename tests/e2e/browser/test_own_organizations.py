"""An organization in Clerk's dialogs: made, filled with people, emptied, deleted."""

from playwright.sync_api import expect

from tests.e2e.browser.conftest import NewTab
from tests.e2e.browser.dashboard_driver import Tab
from tests.e2e.browser.test_accessibility import violations

CHOSEN = "analytical engine"


def create(tab: Tab, name: str, *emails: str) -> None:
    """An organization, with invitations on their way if there are addresses."""
    tab.open_switcher().get_by_role("button", name="Create organization").click()
    dialog = tab.dialog()
    dialog.get_by_role("textbox", name="Name").fill(name)
    dialog.get_by_role("button", name="Create organization").last.click()
    dialog.get_by_role("heading", name="Invite new members").wait_for()
    if emails:
        dialog.get_by_title("Example format").fill(",".join(emails))
        dialog.get_by_role("button", name="Send invitations").click()
        dialog.get_by_role("button", name="Finish").click()
    else:
        dialog.get_by_role("button", name="Skip").click()
    dialog.wait_for(state="detached")


def delete(tab: Tab, name: str) -> None:
    """The active organization, by its name."""
    dialog = tab.open_organization("General")
    dialog.get_by_role("button", name="Delete organization").click()
    dialog.get_by_role("textbox").last.fill(name)
    dialog.get_by_role("button", name="Delete organization").last.click()


def test_a_newcomers_organization_has_keys_of_its_own(tab: Tab) -> None:
    """It is the account in view as soon as it is there, and whoever made it is its admin."""
    page = tab.signed_up("founder@example.com", CHOSEN)
    create(tab, "Foundry")
    switcher = page.get_by_role("button", name="Open organization switcher")
    expect(switcher).to_contain_text("Foundry")
    expect(page.get_by_text("Keys of Foundry")).to_be_visible()
    token = tab.create("Shared")
    assert tab.product.account(token).json["type"] == "organization"
    tab.store()
    dialog = tab.open_organization("General")
    dialog.get_by_role("button", name="Update profile").click()
    dialog.get_by_role("textbox", name="Name").fill("Foundry & Sons")
    dialog.get_by_role("button", name="Save").click()
    dialog.get_by_role("button", name="Close modal").click()
    expect(page.get_by_text("Keys of Foundry & Sons")).to_be_visible()
    expect(tab.row("Shared")).to_be_visible()


def test_people_are_invited_and_removed(tab: Tab, new_tab: NewTab) -> None:
    """They join by Clerk's switcher, see the keys, and see them no more once they are out."""
    page, guest = tab.signed_up("host@example.com", CHOSEN), new_tab()
    create(tab, "Society", "guest@example.com", "nobody@example.com")
    tab.create("Seen by all")
    tab.store()
    dialog = tab.open_organization("Members")
    dialog.get_by_role("tab", name="Invitations 2").click()
    row = dialog.get_by_role("row").filter(has_text="nobody@example.com")
    row.get_by_role("menuitem", name="Open menu").click()
    page.get_by_role("menuitem", name="Revoke invitation").click()
    expect(dialog.get_by_role("tab", name="Invitations 1")).to_be_visible()
    dialog.get_by_role("button", name="Close modal").click()

    guest.signed_up("guest@example.com", CHOSEN)
    guest.open_switcher().get_by_role("button", name="Join").click()
    guest.dialog().get_by_role("button", name="Society").click()
    expect(guest.row("Seen by all")).to_be_visible()
    expect(guest.page.get_by_role("button", name="New key")).to_have_count(0)

    page.reload()
    dialog = tab.open_organization("Members")
    row = dialog.get_by_role("row").filter(has_text="guest@example.com")
    row.get_by_role("menuitem", name="Open menu").click()
    page.get_by_role("menuitem", name="Remove member").click()
    expect(row).to_have_count(0)
    guest.page.reload()
    expect(guest.page.get_by_role("heading", name="No keys yet")).to_be_visible()
    expect(guest.page.get_by_text("Keys of your personal account")).to_be_visible()


def test_after_an_organizations_end_the_page_is_usable(tab: Tab) -> None:
    """Deleted, it leaves its admin in their own account, with nothing left open over the page."""
    page = tab.signed_up("closing@example.com", CHOSEN)
    tab.create("My own")
    tab.store()
    create(tab, "Short-lived")
    expect(page.get_by_text("Keys of Short-lived")).to_be_visible()
    delete(tab, "Short-lived")
    expect(page.get_by_text("Keys of your personal account")).to_be_visible()
    expect(tab.dialog()).to_have_count(0)
    expect(tab.row("My own")).to_be_visible()
    assert violations(page) == []
    expect(tab.open_switcher()).not_to_contain_text("Short-lived")


def test_a_member_who_leaves_is_back_in_their_own_account(tab: Tab, new_tab: NewTab) -> None:
    """The last admin may not leave, and is told so; a member may."""
    tab.signed_up("staying@example.com", CHOSEN)
    guest = new_tab()
    create(tab, "Club", "member-of-club@example.com")
    dialog = tab.open_organization("General")
    dialog.get_by_role("button", name="Leave organization").click()
    dialog.get_by_role("textbox").last.fill("Club")
    dialog.get_by_role("button", name="Leave organization").last.click()
    expect(dialog.get_by_text("There has to be at least one member")).to_be_visible()

    page = guest.signed_up("member-of-club@example.com", CHOSEN)
    guest.open_switcher().get_by_role("button", name="Join").click()
    guest.dialog().get_by_role("button", name="Club").click()
    expect(page.get_by_text("Keys of Club. Programs")).to_be_visible()
    dialog = guest.open_organization("General")
    expect(dialog.get_by_role("button", name="Delete organization")).to_have_count(0)
    dialog.get_by_role("button", name="Leave organization").click()
    dialog.get_by_role("textbox").last.fill("Club")
    dialog.get_by_role("button", name="Leave organization").last.click()
    expect(page.get_by_text("Keys of your personal account")).to_be_visible()
    expect(guest.dialog()).to_have_count(0)
