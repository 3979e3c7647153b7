import pytest

from local.clerk.users import ADMIN, PASSWORD
from tests.support.clerk_browser import Browser, LocalClerk

EMAIL = "ada@example.com"
OLD, NEW = "analytical engine", "difference engine"
RESET = "reset_password_email_code"


def prepare(browser: Browser, strategy: str, email: str = EMAIL) -> str:
    """The address of an attempt for which a code is on its way."""
    attempt = browser.done("POST", "/client/sign_ins", identifier=email)
    path = f"/client/sign_ins/{attempt['id']}"
    [factor] = [f for f in attempt["supported_first_factors"] if f["strategy"] == strategy]
    form = {"strategy": strategy, "email_address_id": factor["email_address_id"]}
    prepared = browser.done("POST", f"{path}/prepare_first_factor", **form)
    assert prepared["first_factor_verification"]["strategy"] == strategy
    return path


def test_an_emails_code_signs_in(local: LocalClerk, ada: Browser) -> None:
    """As well as the password."""
    other = local.browser()
    path = prepare(other, "email_code")
    form = {"strategy": "email_code", "code": local.code(EMAIL)}
    done = other.done("POST", f"{path}/attempt_first_factor", **form)
    assert done["status"] == "complete"
    assert other.session()["user"]["id"] == ada.session()["user"]["id"]


@pytest.mark.parametrize("others", [True, False], ids=["ended", "kept"])
def test_a_forgotten_password_is_replaced(local: LocalClerk, ada: Browser, others: bool) -> None:  # noqa: FBT001
    """By whoever has the mail; the other sessions end if that is asked for."""
    browser = local.browser()
    path = prepare(browser, RESET)
    form = {"strategy": RESET, "code": local.code(EMAIL)}
    half = browser.done("POST", f"{path}/attempt_first_factor", **form)
    assert half["status"] == "needs_new_password"
    assert half["first_factor_verification"]["status"] == "verified"
    assert browser.session() is None
    ended = {"sign_out_of_other_sessions": "true" if others else "false"}
    done = browser.done("POST", f"{path}/reset_password", password=NEW, **ended)
    assert done["created_session_id"] == browser.session()["id"]
    assert (ada.session() is None) == others
    local.browser().sign_in(EMAIL, NEW)
    form = {"identifier": EMAIL, "password": OLD}
    rejected = local.browser().rejected("POST", "/client/sign_ins", **form)
    assert rejected == (422, "form_password_incorrect", "password")


def test_a_new_password_needs_the_code_first(local: LocalClerk, ada: Browser) -> None:
    """Or whoever knows an address would have the account; a code to sign in is another one."""
    browser = local.browser()
    path = prepare(browser, RESET)
    assert browser.rejected("POST", f"{path}/reset_password", password=NEW)[0] == 400
    form = {"strategy": "email_code", "code": local.code(EMAIL)}
    rejected = browser.rejected("POST", f"{path}/attempt_first_factor", **form)
    assert rejected == (422, "verification_missing", "code")
    wrong = f"{(int(local.code(EMAIL)) + 1) % 10**6:06}"
    form = {"strategy": RESET, "code": wrong}
    rejected = browser.rejected("POST", f"{path}/attempt_first_factor", **form)
    assert rejected == (422, "form_code_incorrect", "code")
    assert browser.rejected("POST", f"{path}/reset_password", password=NEW)[0] == 400


def test_a_new_password_is_checked(local: LocalClerk, ada: Browser) -> None:
    """And the code need not be given again for the next one."""
    browser = local.browser()
    path = prepare(browser, RESET)
    form = {"strategy": RESET, "code": local.code(EMAIL)}
    browser.done("POST", f"{path}/attempt_first_factor", **form)
    rejected = browser.rejected("POST", f"{path}/reset_password", password=OLD[:5])
    assert rejected == (422, "form_password_length_too_short", "password")
    browser.done("POST", f"{path}/reset_password", password=NEW)


def test_only_what_is_offered_can_be_prepared(somebody: Browser) -> None:
    """No text message, and no other provider."""
    attempt = somebody.done("POST", "/client/sign_ins", identifier=ADMIN.email)
    path = f"/client/sign_ins/{attempt['id']}/prepare_first_factor"
    rejected = somebody.rejected("POST", path, strategy="phone_code")
    assert rejected == (422, "strategy_for_user_invalid", None)


def test_a_changed_printed_password_is_the_printed_one_again(local: LocalClerk) -> None:
    """At the next start, whose greeting would not be true otherwise."""
    browser = local.browser()
    path = prepare(browser, RESET, ADMIN.email)
    form = {"strategy": RESET, "code": local.code(ADMIN.email)}
    browser.done("POST", f"{path}/attempt_first_factor", **form)
    browser.done("POST", f"{path}/reset_password", password=NEW)
    local.browser().sign_in(ADMIN.email, NEW)
    local.start()
    local.browser().sign_in(ADMIN.email, PASSWORD)
