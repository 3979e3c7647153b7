from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local.clerk.users import ACME, ADMIN, ADMIN_ROLE, MEMBER, MEMBER_ROLE, MOST_MEMBERS
from tests.support.clerk_browser import Browser, LocalClerk

EMAIL = "ada@example.com"
GRACE = "grace@example.com"


def create(browser: Browser, name: str = "Analytical Society") -> str:
    """The path of a new organization."""
    made = browser.done("POST", "/organizations", name=name)
    assert made["name"] == name
    return f"/organizations/{made['id']}"


def invite(browser: Browser, path: str, *emails: str, role: str = MEMBER_ROLE) -> list[Any]:
    """What is made of an invitation of some addresses."""
    form = {"email_address": list(emails), "role": role}
    made: list[Any] = browser.done("POST", f"{path}/invitations/bulk", **form)
    return made


def accept(browser: Browser) -> None:
    """Takes the one invitation that there is."""
    [invitation] = browser.done("GET", "/me/organization_invitations", status="pending")["data"]
    path = f"/me/organization_invitations/{invitation['id']}/accept"
    assert browser.done("POST", path)["status"] == "accepted"


@pytest.fixture
def society(ada: Browser) -> str:
    """The path of an organization of which Ada is the admin."""
    return create(ada)


@pytest.fixture
def grace(local: LocalClerk, ada: Browser, society: str) -> Browser:
    """A browser of another newcomer, whom Ada has invited and who has joined."""
    invite(ada, society, GRACE)
    browser = local.browser()
    browser.sign_up(GRACE)
    accept(browser)
    return browser


def roles(browser: Browser, path: str) -> dict[str, str]:
    """Who is in an organization, as what."""
    members = browser.done("GET", f"{path}/memberships", limit=100)["data"]
    return {one["public_user_data"]["identifier"]: one["role"] for one in members}


def test_whoever_creates_an_organization_is_its_admin(local: LocalClerk, ada: Browser) -> None:
    """In the session token too, which the product believes; a restart changes nothing."""
    path = create(ada, "Analytical Society")
    local.start()
    org_id = path.rpartition("/")[2]
    session = f"/client/sessions/{ada.session()['id']}"
    ada.done("POST", f"{session}/touch", active_organization_id=org_id)
    _, token = ada.ask("POST", f"{session}/tokens")
    accepted = ada.verified(token["jwt"])
    assert (accepted.org_id, accepted.org_role) == (org_id, "admin")
    assert roles(ada, path) == {EMAIL: ADMIN_ROLE}


def test_organizations_may_have_one_name(ada: Browser) -> None:
    """Their slugs differ; an organization without a name is none."""
    paths = [create(ada, "Society"), create(ada, "Society"), create(ada, "学会")]
    slugs = {ada.done("GET", path)["slug"] for path in paths}
    assert len(slugs) == 3
    assert ada.rejected("POST", "/organizations", name=" ") == (422, "form_param_nil", "name")
    assert ada.rejected("POST", "/organizations", name="x" * 257)[0] == 422


def test_an_organization_is_renamed(local: LocalClerk, ada: Browser, society: str) -> None:
    """For everybody, at once."""
    assert ada.done("PATCH", society, name="Analytical Club")["name"] == "Analytical Club"
    local.start()
    assert ada.done("GET", society)["name"] == "Analytical Club"


def test_whoever_is_invited_joins(local: LocalClerk, ada: Browser, society: str) -> None:
    """A newcomer or an old hand, with the role that was meant for them; a mail tells them."""
    invite(ada, society, GRACE, MEMBER.email)
    assert {address for address, text in local.mails if "Analytical Society" in text} == {
        GRACE,
        MEMBER.email,
    }
    local.start()
    pending = ada.done("GET", f"{society}/invitations")
    assert pending["total_count"] == 2
    newcomer, member = local.browser(), local.browser()
    newcomer.sign_up(GRACE)
    member.sign_in(MEMBER.email)
    accept(newcomer)
    accept(member)
    assert roles(ada, society) == {
        EMAIL: ADMIN_ROLE,
        GRACE: MEMBER_ROLE,
        MEMBER.email: MEMBER_ROLE,
    }
    assert ada.done("GET", f"{society}/invitations")["total_count"] == 0
    assert newcomer.done("GET", "/me/organization_invitations")["data"] == []


def test_an_invitation_is_for_whoever_has_its_mail(
    local: LocalClerk, ada: Browser, society: str
) -> None:
    """Nobody else sees it, or takes it by its id; a revoked one is nobody's."""
    [invitation] = invite(ada, society, GRACE)
    path = f"/me/organization_invitations/{invitation['id']}/accept"
    other = local.browser()
    other.sign_in(MEMBER.email)
    assert other.done("GET", "/me/organization_invitations")["data"] == []
    assert other.rejected("POST", path)[0] == 404
    # An address that is not verified is not theirs yet.
    other.done("POST", "/me/email_addresses/", email_address=GRACE)
    assert other.rejected("POST", path)[0] == 404
    revoked = ada.done("POST", f"{society}/invitations/{invitation['id']}/revoke")
    assert revoked["status"] == "revoked"
    newcomer = local.browser()
    newcomer.sign_up(GRACE)
    assert newcomer.rejected("POST", path)[0] == 404
    assert ada.rejected("POST", f"{society}/invitations/{invitation['id']}/revoke")[0] == 404


def test_an_invitation_takes_no_role_away(local: LocalClerk, ada: Browser, society: str) -> None:
    """Whoever is a member already, by another address, joins no second time."""
    other = "ada@work.example"
    [invitation] = invite(ada, society, other)
    added = ada.done("POST", "/me/email_addresses/", email_address=other)
    path = f"/me/email_addresses/{added['id']}"
    ada.done("POST", f"{path}/prepare_verification")
    ada.done("POST", f"{path}/attempt_verification", code=local.code(other))
    rejected = ada.rejected("POST", f"/me/organization_invitations/{invitation['id']}/accept")
    assert rejected[:2] == (422, "already_a_member_in_organization")
    assert roles(ada, society) == {EMAIL: ADMIN_ROLE}


def test_one_can_be_invited_alone(ada: Browser, society: str) -> None:
    """As other clients of Clerk's do."""
    form = {"email_address": GRACE, "role": ADMIN_ROLE}
    made = ada.done("POST", f"{society}/invitations", **form)
    assert (made["email_address"], made["role"]) == (GRACE, ADMIN_ROLE)


@pytest.mark.parametrize(
    ("emails", "role", "code"),
    [
        ([GRACE, "no address"], MEMBER_ROLE, "form_param_format_invalid"),
        ([GRACE, EMAIL], MEMBER_ROLE, "already_a_member_in_organization"),
        ([GRACE, "asked@example.com"], MEMBER_ROLE, "duplicate_record"),
        ([GRACE], "org:owner", "form_param_value_invalid"),
        (list("abcde"), MEMBER_ROLE, "organization_membership_quota_exceeded"),
    ],
    ids=["no address", "member", "invited", "role", "many"],
)
def test_invitations_are_made_all_or_none(
    local: LocalClerk, ada: Browser, society: str, emails: list[str], role: str, code: str
) -> None:
    """And nobody gets a mail for nothing."""
    invite(ada, society, "asked@example.com")
    mails = len(local.mails)
    emails = [f"{one}@example.com" if len(one) == 1 else one for one in emails]
    form = {"email_address": emails, "role": role}
    assert ada.rejected("POST", f"{society}/invitations/bulk", **form)[:2] == (422, code)
    assert ada.done("GET", f"{society}/invitations")["total_count"] == 1
    assert len(local.mails) == mails


def test_a_member_is_removed(local: LocalClerk, ada: Browser, society: str, grace: Browser) -> None:
    """And is in it nowhere from then on: not in a list, not in a token that is asked for next."""
    org_id, user_id = society.rpartition("/")[2], grace.session()["user"]["id"]
    session = f"/client/sessions/{grace.session()['id']}"
    grace.done("POST", f"{session}/touch", active_organization_id=org_id)
    removed = ada.done("DELETE", f"{society}/memberships/{user_id}")
    assert removed["public_user_data"]["user_id"] == user_id
    assert grace.session()["last_active_organization_id"] is None
    _, token = grace.ask("POST", f"{session}/tokens")
    assert grace.verified(token["jwt"]).org_id is None
    assert grace.ask("POST", f"{session}/tokens", organization_id=org_id)[0] == 404
    assert grace.ask("GET", society)[0] == 404
    assert roles(ada, society) == {EMAIL: ADMIN_ROLE}
    assert ada.rejected("DELETE", f"{society}/memberships/{user_id}")[0] == 404


def test_a_member_leaves(ada: Browser, society: str, grace: Browser) -> None:
    """By themselves; the last admin does not."""
    path = society.replace("/organizations/", "/me/organization_memberships/")
    assert grace.done("DELETE", path)["deleted"] is True
    assert roles(ada, society) == {EMAIL: ADMIN_ROLE}
    rejected = ada.rejected("DELETE", path)
    assert rejected[:2] == (422, "organization_minimum_permissions_needed")
    assert grace.rejected("DELETE", path)[0] == 404


def test_a_role_is_changed(ada: Browser, society: str, grace: Browser) -> None:
    """From one of the two that there are to the other; the next token has it."""
    org_id, user_id = society.rpartition("/")[2], grace.session()["user"]["id"]
    offered = ada.done("GET", f"{society}/roles")["data"]
    assert [role["key"] for role in offered] == [ADMIN_ROLE, MEMBER_ROLE]
    path = f"{society}/memberships/{user_id}"
    assert ada.done("PATCH", path, role=ADMIN_ROLE)["role"] == ADMIN_ROLE
    tokens = f"/client/sessions/{grace.session()['id']}/tokens"
    _, token = grace.ask("POST", tokens, organization_id=org_id)
    assert grace.verified(token["jwt"]).org_role == "admin"
    assert ada.rejected("PATCH", path, role="org:owner")[0] == 422


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(steps=st.lists(st.tuples(st.booleans(), st.sampled_from(["up", "down", "out"])), max_size=6))
def test_somebody_can_always_manage_it(
    local: LocalClerk, ada: Browser, grace: Browser, steps: list[tuple[bool, str]]
) -> None:
    """Whatever its members do to themselves and to each other."""
    path, people = create(ada), [ada, grace]
    invite(ada, path, GRACE, role=ADMIN_ROLE)
    accept(grace)
    for first, step in steps:
        user_id = people[first].session()["user"]["id"]
        for browser in people:
            member = f"{path}/memberships/{user_id}"
            match step:
                case "up":
                    browser.ask("PATCH", member, role=ADMIN_ROLE)
                case "down":
                    browser.ask("PATCH", member, role=MEMBER_ROLE)
                case _:
                    browser.ask("DELETE", member)
    members = [roles(browser, path) for browser in people if browser.ask("GET", path)[0] == 200]
    assert members
    assert ADMIN_ROLE in members[0].values()
    for browser in people:
        browser.ask("DELETE", path)


@pytest.mark.parametrize(
    ("method", "path", "form"),
    [
        ("PATCH", "", {"name": "Mine"}),
        ("DELETE", "", {}),
        ("GET", "/invitations", {}),
        ("POST", "/invitations/bulk", {"email_address": "x@example.com", "role": ADMIN_ROLE}),
        ("POST", "/invitations", {"email_address": "x@example.com", "role": ADMIN_ROLE}),
        ("POST", "/invitations/orginv_1/revoke", {}),
        ("PATCH", "/memberships/user_1", {"role": ADMIN_ROLE}),
        ("DELETE", "/memberships/user_1", {}),
    ],
)
def test_only_admins_change_it(
    local: LocalClerk, society: str, grace: Browser, method: str, path: str, form: dict[str, str]
) -> None:
    """A member may not; to a stranger it is as if it were not there."""
    assert grace.rejected(method, society + path, **form)[:2] == (403, "not_authorized")
    stranger = local.browser()
    stranger.sign_in(ADMIN.email)
    absent = stranger.rejected(method, "/organizations/org_none" + path, **form)
    assert stranger.rejected(method, society + path, **form) == absent
    assert absent[0] == 404


def test_members_are_found(ada: Browser, society: str, grace: Browser) -> None:
    """By name, address and role, page by page."""
    grace.done("PATCH", "/me", first_name="Grace", last_name="Hopper")
    path = f"{society}/memberships"

    def found(**query: object) -> list[str]:
        members = ada.done("GET", path, **query)["data"]
        return [one["public_user_data"]["identifier"] for one in members]

    assert found(query="hopp") == found(query="grace@") == [GRACE]
    assert found(role=ADMIN_ROLE) == [EMAIL]
    assert found(role=[ADMIN_ROLE, MEMBER_ROLE]) == found() == [EMAIL, GRACE]
    assert found(limit=1) == [EMAIL]
    assert found(limit=1, offset=1) == [GRACE]
    assert found(limit="x", offset="-1") == [EMAIL, GRACE]
    assert ada.done("GET", path, limit=1)["total_count"] == 2


def test_an_organization_is_deleted(local: LocalClerk, ada: Browser, grace: Browser) -> None:
    """With its memberships and invitations; whoever had it in view has their own account."""
    path = create(ada, "Short-lived")
    invite(ada, path, GRACE)
    org_id = path.rpartition("/")[2]
    session = f"/client/sessions/{ada.session()['id']}"
    ada.done("POST", f"{session}/touch", active_organization_id=org_id)
    assert ada.done("DELETE", path) == {"object": "organization", "id": org_id, "deleted": True}
    assert ada.session()["last_active_organization_id"] is None
    assert ada.ask("POST", f"{session}/tokens")[0] == 200
    assert ada.ask("GET", path)[0] == 404
    assert grace.done("GET", "/me/organization_invitations")["data"] == []
    assert org_id not in (local.folder / "clerk-users.json").read_text()


def test_the_seeded_organization_stays(local: LocalClerk) -> None:
    """The greeting names it."""
    browser = local.browser()
    browser.sign_in(ADMIN.email)
    path = f"/organizations/{ACME.id}"
    assert browser.done("GET", path)["admin_delete_enabled"] is False
    assert browser.rejected("DELETE", path)[:2] == (403, "not_authorized")
    assert browser.done("GET", path)["members_count"] == len(ACME.members)


def test_what_is_turned_off_is_empty(ada: Browser, society: str) -> None:
    """Clerk's components ask for it all the same."""
    for path in (f"{society}/domains", f"{society}/membership_requests"):
        assert ada.done("GET", path) == {"data": [], "total_count": 0}
    assert ada.done("GET", "/me/organization_suggestions")["data"] == []
    assert ada.done("GET", society)["max_allowed_memberships"] == MOST_MEMBERS
