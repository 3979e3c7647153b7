"""Accounts: personal and an organization's, its admins and its members."""

from playwright.sync_api import Route, expect

from local.clerk.users import ACME, ADMIN, MEMBER
from tests.e2e.browser.dashboard_driver import Tab


def test_switching_shows_the_other_accounts_keys(tab: Tab) -> None:
    """Those of the organization belong to it, and are not in the personal list."""
    page = tab.signed_in()
    switcher = page.get_by_role("button", name="Open organization switcher")
    switcher.click()
    page.get_by_role("button", name="Acme").click()
    expect(page.get_by_role("heading", name="No keys yet")).to_be_visible()
    page.get_by_role("button", name="Create the first key").click()
    tab.dialog().get_by_role("textbox", name="Name").fill("Shared")
    expect(tab.dialog()).to_contain_text("It will belong to Acme")
    tab.dialog().get_by_role("button", name="Create key").click()
    assert tab.product.account(tab.shown_token()).json["id"] == ACME.id
    tab.store()
    expect(tab.row("Local development")).to_have_count(0)
    page.reload()
    expect(tab.row("Shared")).to_be_visible()
    switcher.click()
    page.get_by_role("button", name="Personal account").last.click()
    expect(tab.row("Local development")).to_be_visible()
    expect(tab.row("Shared")).to_have_count(0)


def test_a_member_only_looks(tab: Tab) -> None:
    """Sees keys with their makers' names, and nothing to change them with."""
    admin = tab.product.person(ADMIN.id, ACME.id, "admin")
    key = admin.create_key(name="Seen by all")
    page = tab.signed_in(MEMBER.email, ACME.id)
    expect(page.get_by_text("Its admins create, change and revoke them.")).to_be_visible()
    expect(tab.row("Seen by all")).to_contain_text("by Dana Demo")
    expect(page.get_by_role("button", name="New key")).to_have_count(0)
    page.get_by_role("button", name="Actions for Seen by all").click()
    expect(page.get_by_role("menuitem")).to_have_text(["Details"])
    page.get_by_role("menuitem", name="Details").click()
    expect(page.get_by_role("heading", name="Seen by all")).to_be_visible()
    expect(page.get_by_text("Admins of Acme see what was done to this key.")).to_be_visible()
    expect(page.get_by_role("button", name="Revoke…")).to_have_count(0)
    assert page.url.endswith(f"?key={key['id']}")


def test_a_role_that_was_taken_away_meanwhile_is_refused_in_words(tab: Tab) -> None:
    """The page still offers it; the API decides."""
    tab.product.person(ADMIN.id, ACME.id, "admin").create_key()
    page = tab.signed_in(ADMIN.email, ACME.id)
    member = tab.product.request(
        "GET", f"/__local/session-token?user={ADMIN.id}&org={ACME.id}&role=member"
    ).body.decode()

    def as_member(route: Route) -> None:
        headers = route.request.headers | {"authorization": f"Bearer {member}"}
        route.continue_(headers=headers)

    page.route("**/dashboard/v1/api-keys", as_member)
    page.get_by_role("button", name="New key").click()
    tab.dialog().get_by_role("textbox", name="Name").fill("Not any more")
    tab.dialog().get_by_role("button", name="Create key").click()
    expect(tab.dialog().get_by_role("alert")).to_contain_text("Your role in this organization")
    expect(tab.dialog().get_by_role("alert")).to_contain_text("Request id")


def test_another_tabs_account_is_never_acted_on(tab: Tab) -> None:
    """The session is the organization's by now: nothing is done, and a way back is offered."""
    page = tab.signed_in()
    organization = tab.product.request(
        "GET", f"/__local/session-token?user={ADMIN.id}&org={ACME.id}&role=admin"
    ).body.decode()
    page.route(
        "**/dashboard/v1/api-keys",
        lambda route: route.continue_(
            headers=route.request.headers | {"authorization": f"Bearer {organization}"}
        ),
        times=1,
    )
    page.get_by_role("button", name="New key").click()
    tab.dialog().get_by_role("textbox", name="Name").fill("Mine alone")
    tab.dialog().get_by_role("button", name="Create key").click()
    alert = tab.dialog().get_by_role("alert")
    expect(alert).to_contain_text("Another account has become active")
    alert.get_by_role("button", name="Work in your personal account again").click()
    tab.dialog().get_by_role("button", name="Create key").click()
    assert tab.product.account(tab.shown_token()).json["id"] == ADMIN.id
    tab.store()
