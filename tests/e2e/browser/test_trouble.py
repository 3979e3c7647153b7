"""What goes wrong on the way: said in words, with the request's id, and a way to go on."""

from collections.abc import Callable

from playwright.sync_api import Route, expect

from local.clerk.users import ADMIN
from tests.e2e.browser.dashboard_driver import Tab

KEYS = "**/dashboard/v1/api-keys*"

type Answering = Callable[[Route], None]


def failing(status: int, code: str, message: str) -> Answering:
    """Answers as the product does when it fails."""
    error = {"code": code, "message": message, "requestId": "11111111-2222-4333-8444-555555555555"}
    return lambda route: route.fulfill(status=status, json={"error": error})


DOWN = failing(503, "service_unavailable", "The service is unavailable. Try again.")


TROUBLES: dict[str, Answering] = {
    "The service is unavailable": DOWN,
    "on our side": failing(500, "internal_error", "Something went wrong on our side."),
    "Wait a moment": failing(429, "rate_limited", "Too many requests."),
    "cannot be read": lambda route: route.fulfill(status=502, body="<html>"),
    "could not be reached": lambda route: route.abort(),
}


def test_a_list_that_does_not_come_can_be_asked_for_again(tab: Tab) -> None:
    """Whatever the reason; its request id is shown where there is one; then the keys are there."""
    answers = iter(TROUBLES.values())

    def answer_next(route: Route) -> None:
        next(answers)(route)

    tab.page.route(KEYS, answer_next, times=len(TROUBLES))
    page = tab.signed_in()
    alert = page.get_by_role("alert")
    for said, answer in TROUBLES.items():
        expect(alert).to_contain_text(said)
        if answer is DOWN:
            expect(alert).to_contain_text("Request id 11111111-2222-4333-8444-555555555555")
        alert.get_by_role("button", name="Try again").click()
    expect(tab.row("Local development")).to_be_visible()
    expect(alert).to_have_count(0)


def fill(tab: Tab, name: str) -> None:
    """Fills the form of a new key."""
    tab.page.get_by_role("button", name="New key").click()
    tab.dialog().get_by_role("textbox", name="Name").fill(name)


def test_a_form_that_fails_is_sent_again_as_it_is(tab: Tab) -> None:
    """Nothing typed is lost, and no second key is made."""
    page = tab.signed_in()
    page.route(KEYS, DOWN, times=1)
    fill(tab, "Stubborn")
    tab.dialog().get_by_role("button", name="Create key").click()
    expect(tab.dialog().get_by_role("alert")).to_contain_text("Request id")
    tab.dialog().get_by_role("button", name="Try again").click()
    tab.shown_token()
    tab.store()
    expect(tab.row("Stubborn")).to_have_count(1)


def lose(route: Route) -> None:
    """Lets a request take place, and loses its answer."""
    route.fetch()
    route.abort()


def test_a_lost_answer_makes_no_second_key_and_still_gives_a_secret(tab: Tab) -> None:
    """The one that nobody received is replaced, and has ended."""
    page = tab.signed_in()
    page.route(KEYS, lose, times=1)
    fill(tab, "Lost once")
    tab.dialog().get_by_role("button", name="Create key").click()
    expect(tab.dialog().get_by_role("alert")).to_contain_text("could not be reached")
    tab.dialog().get_by_role("button", name="Try again").click()
    token = tab.shown_token()
    expect(tab.dialog()).to_contain_text("was lost on the way")
    assert tab.product.account(token).status == 200
    tab.store()
    expect(tab.row("Lost once")).to_have_count(1)
    page.reload()
    expect(tab.row("Lost once")).to_have_count(1)
    expect(tab.row("Lost once")).not_to_contain_text("still works")


def test_a_lost_rotation_keeps_the_older_secrets_time(tab: Tab) -> None:
    """Of three secrets the one in the middle was never received: it alone ends."""
    page = tab.signed_in()
    first = tab.create("Lost rotation")
    tab.store()
    page.route("**/rotate", lose, times=1)
    tab.choose("Lost rotation", "Rotate…")
    tab.dialog().get_by_role("button", name="Rotate", exact=True).click()
    tab.dialog().get_by_role("button", name="Try again").click()
    last = tab.shown_token()
    expect(tab.dialog()).to_contain_text("was lost on the way")
    tab.store()
    assert [tab.product.account(token).status for token in (first, last)] == [200, 200]
    expect(tab.row("Lost rotation")).to_contain_text("still works for 24 hours")


def test_a_change_that_fails_leaves_the_key_as_it_was(tab: Tab) -> None:
    """And says so, until that is read."""
    page = tab.signed_in()
    tab.create("Steady")
    tab.store()
    page.route("**/api-keys/key_*", DOWN, times=1)
    tab.choose("Steady", "Disable")
    expect(page.get_by_text("“Steady” stays as it was.")).to_be_visible()
    expect(tab.row("Steady")).to_contain_text("Active")
    page.get_by_role("button", name="Dismiss").last.click()


def test_a_key_that_somebody_revoked_meanwhile(tab: Tab) -> None:
    """The refusal is said in the dialog; the row behind it is up to date afterwards."""
    page = tab.signed_in()
    person = tab.product.person(ADMIN.id)
    key = person.create_key(name="Revoked elsewhere")
    page.reload()
    tab.choose("Revoked elsewhere", "Rotate…")
    person.revoke(key["id"])
    tab.dialog().get_by_role("button", name="Rotate", exact=True).click()
    expect(tab.dialog().get_by_role("alert")).to_contain_text("This key is revoked")
    tab.dialog().get_by_role("button", name="Cancel").click()
    expect(tab.row("Revoked elsewhere")).to_have_count(0)
    page.get_by_role("radio", name="Revoked").check()
    expect(tab.row("Revoked elsewhere")).to_be_visible()


def test_a_rotation_that_somebody_began_meanwhile(tab: Tab) -> None:
    """The dialog learns of the older secret, and asks which gives way."""
    page = tab.signed_in()
    person = tab.product.person(ADMIN.id)
    key = person.create_key(name="Rotated elsewhere")
    page.reload()
    tab.choose("Rotated elsewhere", "Rotate…")
    person.request("POST", f"/api-keys/{key['id']}/rotate")
    button = tab.dialog().get_by_role("button", name="Rotate", exact=True)
    button.click()
    tab.dialog().get_by_label("End the oldest").check()
    button.click()
    tab.store()
    assert tab.product.account(key["token"]).status == 401


def test_a_full_account_says_what_to_do(tab: Tab) -> None:
    """As the API does, which counts exactly."""
    page = tab.signed_in()
    message = "The account has 100 live keys, the most it may. Revoke one first."
    page.route(KEYS, failing(409, "key_limit_reached", message), times=1)
    fill(tab, "One too many")
    tab.dialog().get_by_role("button", name="Create key").click()
    expect(tab.dialog().get_by_role("alert")).to_contain_text("Revoke one first.")


def test_a_key_that_does_not_exist_has_no_page(tab: Tab) -> None:
    """As for another account's; the list is one step away."""
    page = tab.signed_in(address="/?key=key_00000000000000000000000000")
    expect(page.get_by_role("heading", name="No such key")).to_be_visible()
    page.get_by_role("button", name="API keys").click()
    expect(tab.row("Local development")).to_be_visible()
