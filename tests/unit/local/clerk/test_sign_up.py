import json

import pytest

from local.clerk import directory
from local.clerk.users import ADMIN
from tests.support.clerk_browser import Browser, LocalClerk

EMAIL = "ada@example.com"
CHOSEN = "analytical engine"


def test_whoever_has_the_mail_signs_up(local: LocalClerk, somebody: Browser) -> None:
    """Step by step as ClerkJS goes; the session is one that the product accepts."""
    attempt = somebody.done("POST", "/client/sign_ups", email_address=EMAIL, password=CHOSEN)
    assert attempt["status"] == "missing_requirements"
    assert (attempt["missing_fields"], attempt["unverified_fields"]) == ([], ["email_address"])
    assert attempt["verifications"]["email_address"]["next_action"] == "needs_prepare"
    path = f"/client/sign_ups/{attempt['id']}"
    prepared = somebody.done("POST", f"{path}/prepare_verification", strategy="email_code")
    assert prepared["verifications"]["email_address"]["next_action"] == "needs_attempt"
    assert somebody.session() is None

    done = somebody.done("POST", f"{path}/attempt_verification", code=local.code(EMAIL))
    session = somebody.session()
    assert done["status"] == "complete"
    assert done["created_session_id"] == session["id"]
    assert done["created_user_id"] == session["user"]["id"]
    accepted = somebody.verified(session["last_active_token"]["jwt"])
    assert (accepted.user_id, accepted.org_id) == (session["user"]["id"], None)


def test_a_newcomer_signs_in_after_a_restart(local: LocalClerk, ada: Browser) -> None:
    """In any browser, with the password that was chosen; it is nowhere in clear."""
    user_id = ada.session()["user"]["id"]
    local.start()
    assert local.browser().sign_in(EMAIL, CHOSEN)["user"]["id"] == user_id
    assert CHOSEN not in local.stored()
    assert "scrypt$" in local.stored()


def test_names_are_taken_where_they_are_given(local: LocalClerk, somebody: Browser) -> None:
    """Before or after the rest: an attempt is filled step by step."""
    attempt = somebody.done("POST", "/client/sign_ups", email_address=EMAIL)
    assert attempt["missing_fields"] == ["password"]
    path = f"/client/sign_ups/{attempt['id']}"
    names = {"first_name": " Ada ", "last_name": "Lovelace"}
    attempt = somebody.done("PATCH", path, password=CHOSEN, **names)
    assert (attempt["missing_fields"], attempt["has_password"]) == ([], True)
    assert somebody.done("GET", path)["first_name"] == "Ada"
    somebody.done("POST", f"{path}/prepare_verification", strategy="email_code")
    somebody.done("POST", f"{path}/attempt_verification", code=local.code(EMAIL))
    user = somebody.session()["user"]
    assert (user["first_name"], user["last_name"]) == ("Ada", "Lovelace")


@pytest.mark.parametrize(
    ("email", "password", "code", "field"),
    [
        ("ada", CHOSEN, "form_param_format_invalid", "email_address"),
        ("a b@example.com", CHOSEN, "form_param_format_invalid", "email_address"),
        ("a\x1b[2J@example.com", CHOSEN, "form_param_format_invalid", "email_address"),
        ("a" * 250 + "@example.com", CHOSEN, "form_param_format_invalid", "email_address"),
        (ADMIN.email.upper(), CHOSEN, "form_identifier_exists", "email_address"),
        (EMAIL, "short", "form_password_length_too_short", "password"),
    ],
    ids=["no address", "space", "escape", "long", "taken", "password"],
)
def test_what_is_wrong_is_said_at_its_field(
    somebody: Browser, email: str, password: str, code: str, field: str
) -> None:
    """And no attempt is begun with it."""
    form = {"email_address": email, "password": password}
    assert somebody.rejected("POST", "/client/sign_ups", **form) == (422, code, field)
    assert somebody.done("GET", "/client")["sign_up"] is None


def test_nobody_signs_up_without_the_code(local: LocalClerk, somebody: Browser) -> None:
    """Neither with a wrong one, nor with the one of an address given before."""
    path = somebody.begin_sign_up("other@example.com")
    old = local.code("other@example.com")
    wrong = f"{(int(old) + 1) % 10**6:06}"
    attempt = f"{path}/attempt_verification"
    assert somebody.rejected("POST", attempt, code=wrong) == (422, "form_code_incorrect", "code")
    somebody.done("PATCH", path, email_address=EMAIL)
    assert somebody.rejected("POST", attempt, code=old)[1] == "verification_missing"
    assert somebody.session() is None


def test_an_attempt_is_one_browsers(local: LocalClerk, somebody: Browser) -> None:
    """Its id is of no use in another one."""
    path = somebody.begin_sign_up(EMAIL)
    code = local.code(EMAIL)
    other = local.browser()
    assert other.rejected("POST", f"{path}/attempt_verification", code=code)[0] == 404


def test_an_address_is_one_persons(local: LocalClerk) -> None:
    """Of two who sign up with it at the same time the second is told so."""
    one, other = local.browser(), local.browser()
    first, second = one.begin_sign_up(EMAIL), other.begin_sign_up(EMAIL)
    [(_, first_text), (_, second_text)] = local.mails
    one.done("POST", f"{first}/attempt_verification", code=first_text[:6])
    rejected = other.rejected("POST", f"{second}/attempt_verification", code=second_text[:6])
    assert rejected == (422, "form_identifier_exists", "email_address")
    assert other.session() is None


def test_there_is_an_end_to_newcomers(local: LocalClerk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Said in the form; nobody is half signed up then."""
    monkeypatch.setattr(directory, "MOST_USERS", 2)
    browser = local.browser()
    path = browser.begin_sign_up(EMAIL)
    code = local.code(EMAIL)
    rejected = browser.rejected("POST", f"{path}/attempt_verification", code=code)
    assert rejected == (422, "user_quota_exceeded", None)
    assert browser.session() is None
    assert EMAIL not in json.dumps(local.stored())
