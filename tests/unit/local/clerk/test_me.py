import pytest

from local.clerk.users import ADMIN, MEMBER
from tests.support.clerk_browser import Browser, LocalClerk

EMAIL, OTHER = "ada@example.com", "ada@work.example"
OLD, NEW = "analytical engine", "difference engine"


def change_password(current: str, new: str, *, others: bool = False) -> dict[str, str]:
    """What Clerk's form sends."""
    return {
        "current_password": current,
        "new_password": new,
        "sign_out_of_other_sessions": "true" if others else "false",
    }


def add_address(browser: Browser, email: str = OTHER) -> str:
    """The path of a new address, for which a code is on its way."""
    added = browser.done("POST", "/me/email_addresses/", email_address=email)
    assert added["verification"]["status"] == "unverified"
    path = f"/me/email_addresses/{added['id']}"
    browser.done("POST", f"{path}/prepare_verification", strategy="email_code")
    return path


def test_a_profile_has_a_name(local: LocalClerk, ada: Browser) -> None:
    """Which others see from then on, and which can be taken out again."""
    changed = ada.done("PATCH", "/me", first_name=" Ada ", last_name="Lovelace")
    assert (changed["first_name"], changed["last_name"]) == ("Ada", "Lovelace")
    local.start()
    assert ada.done("GET", "/me")["last_name"] == "Lovelace"
    assert ada.done("PATCH", "/me", first_name="", last_name="")["first_name"] is None
    rejected = ada.rejected("PATCH", "/me", first_name="x" * 257)
    assert rejected == (422, "form_param_max_length_exceeded", "first_name")


def test_whoever_has_no_name_has_a_picture(ada: Browser) -> None:
    """Clerk's components show the others' initials, and would show a broken picture here."""
    url = ada.session()["user"]["image_url"]
    response = ada.client.get(url, headers={"Host": "localhost:3000"})
    assert response.content_type == "image/svg+xml"
    assert b"<svg" in response.data
    assert ada.done("PATCH", "/me", first_name="Ada")["image_url"] == ""


@pytest.mark.parametrize("others", [True, False], ids=["ended", "kept"])
def test_a_password_is_changed(local: LocalClerk, ada: Browser, others: bool) -> None:  # noqa: FBT001
    """The old one signs nobody in any more; sessions elsewhere end if that is asked for."""
    other = local.browser()
    other.sign_in(EMAIL, OLD)
    ada.done("POST", "/me/change_password", **change_password(OLD, NEW, others=others))
    assert ada.session() is not None
    assert (other.session() is None) == others
    assert local.browser().sign_in(EMAIL, NEW)
    assert local.browser().ask("POST", "/client/sign_ins", identifier=EMAIL, password=OLD)[0] == 422


def test_a_password_is_changed_by_whoever_knows_it(ada: Browser) -> None:
    """Not by whoever sits down before an open browser; a new one must be one."""
    rejected = ada.rejected("POST", "/me/change_password", **change_password("wrong", NEW))
    assert rejected == (422, "form_password_incorrect", "current_password")
    rejected = ada.rejected("POST", "/me/change_password", **change_password(OLD, "short"))
    assert rejected == (422, "form_password_length_too_short", "new_password")


def test_an_address_is_added_and_becomes_the_primary_one(local: LocalClerk, ada: Browser) -> None:
    """Once its mail has come; until then it is of no use."""
    path = add_address(ada)
    assert local.browser().ask("POST", "/client/sign_ins", identifier=OTHER)[0] == 422
    address_id = path.rpartition("/")[2]
    rejected = ada.rejected("PATCH", "/me", primary_email_address_id=address_id)
    assert rejected[:2] == (422, "form_param_value_invalid")
    verified = ada.done("POST", f"{path}/attempt_verification", code=local.code(OTHER))
    assert verified["verification"]["status"] == "verified"
    user = ada.done("PATCH", "/me", primary_email_address_id=address_id)
    assert user["primary_email_address_id"] == address_id
    assert [one["email_address"] for one in user["email_addresses"]] == [OTHER, EMAIL]
    local.browser().sign_in(OTHER, OLD)
    local.browser().sign_in(EMAIL, OLD)


def test_an_address_is_removed(local: LocalClerk, ada: Browser) -> None:
    """But for the primary one: an account without an address could not be entered."""
    path = add_address(ada)
    ada.done("POST", f"{path}/attempt_verification", code=local.code(OTHER))
    assert ada.done("DELETE", path)["deleted"] is True
    assert local.browser().ask("POST", "/client/sign_ins", identifier=OTHER)[0] == 422
    primary = ada.session()["user"]["primary_email_address_id"]
    rejected = ada.rejected("DELETE", f"/me/email_addresses/{primary}")
    assert rejected[:2] == (422, "identification_deletion_failed")
    assert ada.rejected("DELETE", path)[0] == 404


def test_an_address_is_added_by_whoever_has_its_mail(local: LocalClerk, ada: Browser) -> None:
    """A code goes for the address that it was sent to, and for one that nobody has yet."""
    first, second = add_address(ada, "first@example.com"), add_address(ada, "second@example.com")
    code = local.code("second@example.com")
    rejected = ada.rejected("POST", f"{first}/attempt_verification", code=code)
    assert rejected[:2] == (400, "verification_missing")
    wrong = f"{(int(code) + 1) % 10**6:06}"
    rejected = ada.rejected("POST", f"{second}/attempt_verification", code=wrong)
    assert rejected == (422, "form_code_incorrect", "code")
    local.browser().sign_up("second@example.com")
    rejected = ada.rejected("POST", f"{second}/attempt_verification", code=code)
    assert rejected == (422, "form_identifier_exists", "code")
    rejected = ada.rejected("POST", "/me/email_addresses/", email_address=ADMIN.email)
    assert rejected == (422, "form_identifier_exists", "email_address")


def test_an_account_has_few_addresses(ada: Browser) -> None:
    """Adding one again adds none."""
    for number in (1, 1, 2, 3, 4):
        ada.done("POST", "/me/email_addresses/", email_address=f"{number}@example.com")
    rejected = ada.rejected("POST", "/me/email_addresses/", email_address="5@example.com")
    assert rejected == (422, "email_address_quota_exceeded", "email_address")
    assert len(ada.session()["user"]["email_addresses"]) == 5


def test_another_session_is_ended(local: LocalClerk, ada: Browser) -> None:
    """One's own alone, from the list of them, which holds no token."""
    other, stranger = local.browser(), local.browser()
    other.sign_in(EMAIL, OLD)
    stranger.sign_in(MEMBER.email)
    ids = [browser.session()["id"] for browser in (ada, other, stranger)]
    status, listed = ada.ask("GET", "/me/sessions/active")
    assert status == 200
    assert [one["id"] for one in listed] == ids[:2]
    assert "jwt" not in str(listed)
    assert ada.rejected("POST", f"/me/sessions/{ids[2]}/revoke")[0] == 404
    assert ada.done("POST", f"/me/sessions/{ids[1]}/revoke")["status"] == "revoked"
    assert other.session() is None
    assert other.ask("POST", f"/client/sessions/{ids[1]}/tokens")[0] == 401
    assert stranger.session() is not None
    assert ada.session() is not None


@pytest.mark.parametrize(
    ("agent", "name", "device"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/150.0.0.0 Safari/537.36", "Chrome", "Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/150.0 Safari/537 Edg/150.0", "Edge", "Windows"),
        ("Mozilla/5.0 (Macintosh) Version/26.0 Safari/605.1.15", "Safari", "Macintosh"),
        ("Mozilla/5.0 (Android 16; Mobile) Gecko/146.0 Firefox/146.0", "Firefox", "Android"),
        ("", None, None),
    ],
    ids=["Chrome", "Edge", "Safari", "Firefox", "none"],
)
def test_a_session_says_where_it_is(
    local: LocalClerk, agent: str, name: str | None, device: str | None
) -> None:
    """Roughly, for somebody to know it again in the list."""
    browser = local.browser()
    headers = {"Host": "localhost:3000", "User-Agent": agent}
    form = {"identifier": MEMBER.email, "password": "correct horse"}
    browser.client.post("/__clerk/v1/client/sign_ins", headers=headers, data=form)
    [session] = browser.ask("GET", "/me/sessions/active")[1]
    activity = session["latest_activity"]
    assert (activity["browser_name"], activity["device_type"]) == (name, device)
    assert activity["is_mobile"] == ("Mobile" in agent)
    assert activity["ip_address"] == "127.0.0.1"


def test_a_deleted_account_is_gone_at_once(local: LocalClerk, ada: Browser) -> None:
    """Its sessions in every browser end with it, and stay ended; the address is free again."""
    other = local.browser()
    session_id = other.sign_in(EMAIL, OLD)["id"]
    user_id = ada.session()["user"]["id"]
    deleted = ada.done("DELETE", "/me")
    assert deleted == {"object": "user", "id": user_id, "deleted": True}
    for _ in range(2):
        for browser in (ada, other):
            assert browser.session() is None
            assert browser.ask("GET", "/me")[0] == 401
        assert other.ask("POST", f"/client/sessions/{session_id}/tokens")[0] == 401
        assert local.browser().ask("POST", "/client/sign_ins", identifier=EMAIL)[0] == 422
        assert user_id not in local.stored()
        local.start()
    assert local.browser().sign_up(EMAIL)["id"] != user_id


def test_the_seeded_users_stay(local: LocalClerk) -> None:
    """The run's printed key is one's of them; Clerk's components do not even offer it."""
    browser = local.browser()
    for user in (ADMIN, MEMBER):
        assert browser.sign_in(user.email)["user"]["delete_self_enabled"] is False
        assert browser.rejected("DELETE", "/me")[:2] == (403, "not_authorized")
        assert browser.session() is not None


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/me"),
        ("PATCH", "/me"),
        ("DELETE", "/me"),
        ("POST", "/me/change_password"),
        ("POST", "/me/email_addresses/"),
        ("GET", "/me/sessions/active"),
        ("POST", "/me/sessions/sess_1/revoke"),
        ("GET", "/me/organization_memberships"),
        ("GET", "/me/organization_invitations"),
        ("GET", "/me/organization_suggestions"),
        ("POST", "/organizations"),
    ],
)
def test_nobody_does_it_without_a_session(somebody: Browser, method: str, path: str) -> None:
    """It is somebody's own account that all of it is about."""
    assert somebody.rejected(method, path) == (401, "signed_out", None)
