import json
from typing import Any

import pytest

from local.clerk.users import ACME, ADMIN, MEMBER, PASSWORD
from tests.support.clerk_browser import OTHER_NAME, Browser, LocalClerk


def test_signing_in_gives_a_session_that_the_product_accepts(somebody: Browser) -> None:
    """Signed by the key pair of `/__local/session-token`, for the page's own origin."""
    assert somebody.session() is None
    session = somebody.sign_in()
    accepted = somebody.verified(session["last_active_token"]["jwt"])
    assert (accepted.user_id, accepted.session_id) == (ADMIN.id, session["id"])
    assert accepted.org_id is None
    assert somebody.session()["id"] == session["id"]


def test_both_steps_can_be_one(somebody: Browser) -> None:
    """As where a password manager fills the whole form at once."""
    _, done = somebody.ask(
        "POST", "/client/sign_ins", identifier=f" {MEMBER.email.upper()}", password=PASSWORD
    )
    assert done["response"]["status"] == "complete"
    assert somebody.session()["user"]["id"] == MEMBER.id


def test_a_token_is_for_the_name_under_which_the_page_was_opened(somebody: Browser) -> None:
    """`azp` is the origin that asks, as with Clerk."""
    session = somebody.sign_in()
    path = f"/client/sessions/{session['id']}/tokens"
    _, token = somebody.ask("POST", path, origin=OTHER_NAME)
    assert somebody.verified(token["jwt"], OTHER_NAME).user_id == ADMIN.id


def test_what_is_wrong_is_said_at_its_field(somebody: Browser) -> None:
    """As Clerk says it, and without a session."""
    status, refused = somebody.ask("POST", "/client/sign_ins", identifier="nobody@example.com")
    assert (status, refused["errors"][0]["meta"]) == (422, {"param_name": "identifier"})
    for password in ("wrong", "", PASSWORD + " "):
        status, refused = somebody.ask(
            "POST", "/client/sign_ins", identifier=ADMIN.email, password=password
        )
        assert (status, refused["errors"][0]["code"]) == (422, "form_password_incorrect")
    assert somebody.session() is None


def test_no_password_is_tried_before_an_address(somebody: Browser) -> None:
    """There is nobody whose password it could be."""
    status, _ = somebody.ask(
        "POST", "/client/sign_ins/sia_1/attempt_first_factor", password=PASSWORD
    )
    assert status == 404


@pytest.mark.parametrize(
    ("person", "role"), [(ADMIN, "admin"), (MEMBER, "member")], ids=["admin", "member"]
)
def test_the_active_organization_is_in_the_token(somebody: Browser, person: Any, role: str) -> None:
    """With the role there; until another is made active."""
    session = somebody.sign_in(person.email)
    path = f"/client/sessions/{session['id']}"
    _, touched = somebody.ask("POST", f"{path}/touch", active_organization_id=ACME.id)
    assert touched["response"]["last_active_organization_id"] == ACME.id
    _, token = somebody.ask("POST", f"{path}/tokens")
    accepted = somebody.verified(token["jwt"])
    assert (accepted.org_id, accepted.org_role) == (ACME.id, role)
    somebody.ask("POST", f"{path}/touch", active_organization_id="")
    _, token = somebody.ask("POST", f"{path}/tokens")
    assert somebody.verified(token["jwt"]).org_id is None


def test_a_tab_can_ask_for_its_own_organization(somebody: Browser) -> None:
    """Whichever was made active last in another tab."""
    path = f"/client/sessions/{somebody.sign_in()['id']}/tokens"
    _, token = somebody.ask("POST", path, organization_id=ACME.id)
    assert somebody.verified(token["jwt"]).org_id == ACME.id
    status, _ = somebody.ask("POST", path, organization_id="org_of_others")
    assert status == 404


def test_an_organization_shows_its_members(somebody: Browser) -> None:
    """Who they are and what they may do; to members alone."""
    assert somebody.ask("GET", f"/organizations/{ACME.id}/memberships")[0] == 401
    somebody.sign_in(MEMBER.email)
    _, answer = somebody.ask("GET", f"/organizations/{ACME.id}/memberships")
    members = answer["response"]["data"]
    roles = {id_: member.role for id_, member in ACME.members.items()}
    assert {m["public_user_data"]["user_id"]: m["role"] for m in members} == roles
    _, mine = somebody.ask("GET", "/me/organization_memberships")
    assert [m["organization"]["id"] for m in mine["response"]["data"]] == [ACME.id]


@pytest.mark.parametrize(
    ("method", "path"),
    [("DELETE", "/client/sessions"), ("POST", "/client/sessions/{}/end")],
    ids=["sign out", "end"],
)
def test_an_ended_session_gives_no_token(somebody: Browser, method: str, path: str) -> None:
    """However it was ended; ClerkJS then takes the user for signed out."""
    session_id = somebody.sign_in()["id"]
    assert somebody.ask(method, path.format(session_id))[0] == 200
    assert somebody.session() is None
    assert somebody.ask("POST", f"/client/sessions/{session_id}/tokens")[0] == 401


def test_browsers_do_not_share_a_session(local: LocalClerk) -> None:
    """Each has a cookie of its own, and an id of another's session opens nothing."""
    one, other = local.browser(), local.browser()
    session_id = one.sign_in()["id"]
    assert other.session() is None
    other.sign_in(MEMBER.email)
    assert other.ask("POST", f"/client/sessions/{session_id}/tokens")[0] == 401


def test_a_session_outlives_a_restart(local: LocalClerk, somebody: Browser) -> None:
    """And nothing else does; the file is its owner's."""
    file = local.folder / "clerk-browsers.json"
    session = somebody.sign_in()
    assert file.stat().st_mode & 0o777 == 0o600
    local.start()
    assert somebody.session()["id"] == session["id"]
    file.write_text("[1]")
    local.start()
    assert somebody.session() is None


@pytest.mark.parametrize(
    "origin", ["http://localhost:3001", "https://evil.example", "null", "http://localhost"]
)
def test_no_other_page_is_answered(somebody: Browser, origin: str) -> None:
    """Not one of another port either, with which cookies are shared."""
    somebody.sign_in()
    for method, path in (("GET", "/client"), ("DELETE", "/client/sessions")):
        status, answer = somebody.ask(method, path, origin=origin)
        assert status == 403
        assert "jwt" not in json.dumps(answer)
    assert somebody.session() is not None


def test_scripts_cannot_read_the_cookie(somebody: Browser) -> None:
    """And no other site's request carries it, but for links."""
    response = somebody.client.get("/__clerk/v1/client", headers={"Host": "localhost:3000"})
    [secret, readable] = response.headers.getlist("Set-Cookie")
    assert secret.startswith("__client_3000=")
    assert secret.endswith("; Path=/__clerk; HttpOnly; SameSite=Lax")
    assert readable == "__client_uat=0; Path=/; SameSite=Lax"
    assert response.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/me/profile_image"),
        ("PUT", "/organizations/org_demo/logo"),
        ("POST", "/me/totp"),
        ("GET", "/environment/x"),
    ],
)
def test_what_it_does_not_do_it_says(somebody: Browser, method: str, path: str) -> None:
    """In an error that Clerk's components show."""
    somebody.sign_in()
    status, answer = somebody.ask(method, path)
    assert status == 404
    assert answer["errors"][0]["message"] == "The local run's Clerk does not do this."
