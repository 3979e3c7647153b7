"""What people do with keys on the page, from the first to the last."""

import re
import subprocess

from playwright.sync_api import expect

from local.clerk.users import ADMIN
from tests.e2e.browser.dashboard_driver import Tab


def test_from_signing_in_to_revoking(tab: Tab) -> None:
    """Through Clerk's own form: the curl line answers 200; after revoking, the same line 401."""
    page = tab.open()
    tab.sign_in()
    expect(page.get_by_role("heading", name="API keys")).to_be_visible()
    expect(tab.row("Local development")).to_be_visible()

    token = tab.create("CI")
    curl = tab.dialog().get_by_role("group", name="the curl line").inner_text()
    assert token in curl
    assert run(curl) == "200"
    tab.store()
    row = tab.row("CI")
    expect(row).to_contain_text(f"{token[:12]}…{token[-4:]}")
    expect(row).to_contain_text("Active")
    expect(row).to_contain_text("by you")

    page.reload()
    expect(row).to_be_visible()
    tab.choose("CI", "Revoke…")
    revoke = tab.dialog().get_by_role("button", name="Revoke key")
    expect(revoke).to_be_disabled()
    tab.dialog().get_by_label("Type CI to confirm").fill("CI")
    tab.dialog().get_by_label("Why").fill("It is no longer needed")
    revoke.click()
    expect(row).to_have_count(0)
    assert run(curl) == "401"

    page.get_by_role("radio", name="Revoked").check()
    expect(row).to_contain_text("Revoked just now")
    page.get_by_role("button", name="CI", exact=True).click()
    activity = page.get_by_role("region", name="Activity")
    expect(activity).to_contain_text("You revoked the key")
    expect(activity).to_contain_text("Note: It is no longer needed")
    expect(activity).to_contain_text("You created the key")


def run(curl: str) -> str:
    """The status that a pasted curl line gets."""
    command = curl.replace("curl ", "curl -s -o /dev/null -w '%{http_code}' ", 1)
    return subprocess.run(["bash", "-c", command], check=True, capture_output=True).stdout.decode()


def test_a_key_is_made_as_it_was_asked_for(tab: Tab) -> None:
    """Nothing beyond reading is ticked before; expiry, addresses and limit are what was set."""
    page = tab.signed_in()
    page.get_by_role("button", name="New key").click()
    form = tab.dialog()
    expect(form.get_by_label("Read agents")).to_be_checked()
    expect(form.get_by_label("Change agents")).not_to_be_checked()
    form.get_by_role("textbox", name="Name").fill("Narrow")
    form.get_by_label("30 days").check()
    form.get_by_label("Only from these addresses").fill("127.0.0.1\n2001:db8::/32, 192.0.2.7/24")
    form.get_by_label("Refuse more requests than").check()
    form.get_by_label("Requests", exact=True).fill("5")
    form.get_by_label("Window").select_option(label="hour")
    form.get_by_role("button", name="Create key").click()

    wrong = form.get_by_label("Only from these addresses")
    expect(wrong).to_be_focused()
    expect(wrong).to_have_accessible_description(
        re.compile("192.0.2.7/24: it has host bits; the network is 192.0.2.0/24")
    )
    wrong.fill("127.0.0.1\n2001:db8::/32, 192.0.2.0/24 ::1")
    form.get_by_role("button", name="Create key").click()
    token = tab.shown_token()
    tab.store()

    key = tab.product.account(token).json["key"]
    assert (key["name"], key["scopes"]) == ("Narrow", ["agents:read"])
    assert key["rateLimit"] == {"requests": 5, "windowSeconds": 3600}
    page.get_by_role("button", name="Narrow", exact=True).click()
    for text in ("192.0.2.0/24", "2001:db8::/32", "5 an hour"):
        expect(page.get_by_role("main")).to_contain_text(text)


def test_a_name_changes_in_place(tab: Tab) -> None:
    """Enter stores it, Escape does not, and the focus is where it was."""
    page = tab.signed_in()
    tab.create("Old name")
    tab.store()
    tab.choose("Old name", "Rename")
    field = page.get_by_label("New name of Old name")
    expect(field).to_be_focused()
    field.fill("Half")
    field.press("Escape")
    expect(tab.row("Old name")).to_be_visible()
    tab.choose("Old name", "Rename")
    field.fill("New name")
    field.press("Enter")
    expect(tab.row("New name")).to_be_visible()
    expect(page.get_by_role("button", name="New name", exact=True)).to_be_focused()
    page.reload()
    expect(tab.row("New name")).to_be_visible()


def test_disabling_can_be_undone(tab: Tab) -> None:
    """The very next request obeys, both times."""
    page = tab.signed_in()
    token = tab.create("Paused")
    tab.store()
    tab.choose("Paused", "Disable")
    expect(tab.row("Paused")).to_contain_text("Disabled")
    assert tab.product.account(token).status == 401
    page.get_by_role("button", name="Undo").click()
    expect(tab.row("Paused")).to_contain_text("Active")
    assert tab.product.account(token).status == 200


def test_access_is_changed(tab: Tab) -> None:
    """Scopes, addresses and limit, from the next request on."""
    tab.signed_in()
    token = tab.create("Widened")
    tab.store()
    assert create_agent(tab, token) == 403
    tab.choose("Widened", "Change access…")
    tab.dialog().get_by_label("Change agents").check()
    tab.dialog().get_by_role("button", name="Save").click()
    expect(tab.row("Widened")).to_contain_text("agents:write")
    assert create_agent(tab, token) == 400


def create_agent(tab: Tab, token: str) -> int:
    """The status of a request that needs `agents:write`, and has nothing else."""
    return tab.product.request("POST", "/api/v1/agents", f"Bearer {token}", {}).status


def test_a_rotation_leaves_time_and_can_be_ended(tab: Tab) -> None:
    """Both secrets work until the older one is ended; the row shows it meanwhile."""
    page = tab.signed_in()
    first = tab.create("Rotated")
    tab.store()
    tab.choose("Rotated", "Rotate…")
    tab.dialog().get_by_label("7 days").first.check()
    tab.dialog().get_by_role("button", name="Rotate", exact=True).click()
    second = tab.shown_token()
    tab.store()
    assert first != second
    assert [tab.product.account(token).status for token in (first, second)] == [200, 200]
    older = f"{first[:12]}…{first[-4:]}"
    expect(tab.row("Rotated")).to_contain_text(f"{older} still works for 7 days")

    page.get_by_role("button", name="End it (the older secret of Rotated)").click()
    tab.dialog().get_by_role("button", name="End it now").click()
    expect(tab.row("Rotated")).not_to_contain_text(older)
    assert [tab.product.account(token).status for token in (first, second)] == [401, 200]


def test_a_second_rotation_asks_which_secret_gives_way(tab: Tab) -> None:
    """The newest that was never received, the oldest that nothing uses, or both."""
    tab.signed_in()
    tokens = [tab.create("Twice")]
    tab.store()
    tab.choose("Twice", "Rotate…")
    rotate(tab, tokens)
    for choice, working in (
        ("Replace the newest", [200, 401, 200]),
        ("End the oldest", [401, 401, 200, 200]),
        ("End both", [401, 401, 401, 401, 200]),
    ):
        tab.choose("Twice", "Rotate…")
        button = tab.dialog().get_by_role("button", name="Rotate", exact=True)
        expect(button).to_be_disabled()
        tab.dialog().get_by_label(choice).check()
        rotate(tab, tokens)
        assert [tab.product.account(token).status for token in tokens] == working


def rotate(tab: Tab, tokens: list[str]) -> None:
    """Sends the rotation that is open, and adds its token."""
    tab.dialog().get_by_role("button", name="Rotate", exact=True).click()
    tokens.append(tab.shown_token())
    tab.store()


def test_a_rotation_can_renew_the_key(tab: Tab) -> None:
    """A key that ends within a week is warned of, until it is given more time."""
    page = tab.signed_in()
    page.get_by_role("button", name="New key").click()
    tab.dialog().get_by_role("textbox", name="Name").fill("Ending")
    tab.dialog().get_by_label("7 days").check()
    tab.dialog().get_by_role("button", name="Create key").click()
    tab.store()
    expect(tab.row("Ending")).to_contain_text("In 7 days")
    tab.choose("Ending", "Rotate…")
    tab.dialog().get_by_label("1 year").check()
    tab.dialog().get_by_role("button", name="Rotate", exact=True).click()
    tab.store()
    expect(tab.row("Ending")).not_to_contain_text("In 7 days")


def test_all_of_it_by_keyboard(tab: Tab) -> None:
    """Signing in, making a key, its menu and its dialogs: no pointer, and the focus comes back."""
    page = tab.open()
    keys = page.keyboard
    expect(page.locator("input[name=identifier]")).to_be_focused()
    keys.type(ADMIN.email)
    keys.press("Enter")
    page.get_by_label("Password", exact=True).wait_for()
    expect(page.locator("input[name=password]")).to_be_focused()
    keys.type("correct horse")
    keys.press("Enter")
    opener = page.get_by_role("button", name="New key")
    opener.wait_for()

    tab_to(tab, "New key")
    keys.press("Enter")
    expect(tab.dialog().get_by_role("textbox", name="Name")).to_be_focused()
    keys.press("Escape")
    expect(opener).to_be_focused()
    keys.press("Enter")
    keys.type("By keyboard")
    keys.press("Enter")
    expect(tab.dialog().get_by_role("button", name="Copy the secret")).to_be_focused()
    tab_to(tab, "I have stored it")
    keys.press("Space")
    tab_to(tab, "Done")
    keys.press("Enter")
    expect(tab.dialog()).to_have_count(0)

    tab_to(tab, "Actions for By keyboard")
    keys.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Details")).to_be_focused()
    keys.press("Escape")
    menu = page.get_by_role("button", name="Actions for By keyboard")
    expect(menu).to_be_focused()
    keys.press("Enter")
    keys.press("End")
    expect(page.get_by_role("menuitem", name="Revoke…")).to_be_focused()
    keys.press("Enter")
    keys.type("By keyboard")
    keys.press("Escape")
    expect(menu).to_be_focused()
    keys.press("ArrowDown")
    keys.press("ArrowUp")
    keys.press("Enter")
    keys.type("By keyboard")
    keys.press("Enter")
    expect(tab.row("By keyboard")).to_have_count(0)


def tab_to(tab: Tab, name: str) -> None:
    """Presses Tab until the control with a name has the focus."""
    for _ in range(60):
        tab.page.keyboard.press("Tab")
        if (
            tab.page.evaluate(
                """() => { const it = document.activeElement;
              return it.ariaLabel ?? it.labels?.[0]?.innerText ?? it.innerText; }"""
            ).strip()
            == name
        ):
            return
    raise AssertionError(f"{name} is not reached")
