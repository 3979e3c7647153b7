"""What a listener is told, from which webhooks can be sent."""

import json
from typing import Any

import pytest

from local.clerk.events import Event
from local.clerk.frontend_api import FrontendApi
from local.clerk.users import ACME, ADMIN, MEMBER, MEMBER_ROLE
from tests.support.clerk_browser import ORIGIN, Browser, LocalClerk
from tests.unit.local.clerk.test_organizations import accept, create, invite


def told(local: LocalClerk) -> list[tuple[str, Any]]:
    """Type and subject's id of each event so far."""
    return [(event.type, event.data["id"]) for event in local.events]


def test_a_deleted_user_is_told_once(local: LocalClerk, ada: Browser) -> None:
    """With what Clerk's webhook says of it; their memberships go without a word of their own."""
    create(ada)
    local.events.clear()
    user_id = ada.session()["user"]["id"]
    ada.done("DELETE", "/me")
    [event] = local.events
    assert event.type == "user.deleted"
    assert event.data == {"object": "user", "id": user_id, "deleted": True}
    assert event.at > 1_700_000_000_000


def test_a_deleted_organization_is_told_once(local: LocalClerk, ada: Browser) -> None:
    """With its slug."""
    made = ada.done("POST", "/organizations", name="Society")
    local.events.clear()
    ada.done("DELETE", f"/organizations/{made['id']}")
    [event] = local.events
    assert event.type == "organization.deleted"
    assert event.data == {
        "object": "organization",
        "id": made["id"],
        "slug": made["slug"],
        "deleted": True,
    }


@pytest.mark.parametrize("removed", [True, False], ids=["removed", "left"])
def test_whoever_comes_and_goes_is_told(local: LocalClerk, ada: Browser, removed: bool) -> None:  # noqa: FBT001
    """Organization, user and role, as Clerk's webhooks of memberships have them."""
    path = create(ada)
    invite(ada, path, MEMBER.email)
    member = local.browser()
    member.sign_in(MEMBER.email)
    accept(member)
    org_id = path.rpartition("/")[2]
    if removed:
        ada.done("DELETE", f"{path}/memberships/{MEMBER.id}")
    else:
        member.done("DELETE", f"/me/organization_memberships/{org_id}")
    made, created, deleted = local.events
    assert made.type == created.type == "organizationMembership.created"
    assert deleted.type == "organizationMembership.deleted"
    for event in (created, deleted):
        assert event.data["organization"]["id"] == org_id
        assert event.data["public_user_data"]["user_id"] == MEMBER.id
        assert event.data["role"] == MEMBER_ROLE


def test_whoever_is_back_at_a_start_is_told(local: LocalClerk) -> None:
    """Whoever heard that a seeded member was removed hears that they are there again."""
    admin = local.browser()
    admin.sign_in(ADMIN.email)
    admin.done("DELETE", f"/organizations/{ACME.id}/memberships/{MEMBER.id}")
    for _ in range(2):
        local.start()
        admin.session()
    deleted, created = local.events
    assert deleted.type == "organizationMembership.deleted"
    assert created.type == "organizationMembership.created"
    assert created.data["public_user_data"]["user_id"] == MEMBER.id


def test_nothing_is_told_that_did_not_happen(local: LocalClerk, ada: Browser) -> None:
    """The last admin who may not leave, the seeded user who stays."""
    path = create(ada)
    local.events.clear()
    ada.ask("DELETE", path.replace("/organizations/", "/me/organization_memberships/"))
    member = local.browser()
    member.sign_in(MEMBER.email)
    member.ask("DELETE", "/me")
    assert local.events == []


def test_the_change_is_on_disk_before_it_is_told(local: LocalClerk, ada: Browser) -> None:
    """And no lock is held: a listener may ask the Frontend API."""
    heard = []

    def listen(event: Event) -> None:
        stored = json.loads((local.folder / "clerk-users.json").read_text())
        ids = [user["id"] for user in stored["users"]]
        heard.append(event.data["id"] in ids)
        assert local.browser().ask("GET", "/client")[0] == 200

    local.api = FrontendApi(local.clerk, local.folder, [ORIGIN], lambda *_: None, listen)
    ada.done("DELETE", "/me")
    assert heard == [False]


def test_a_listener_that_fails_breaks_nothing(
    local: LocalClerk, ada: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    """The answer comes all the same, and the log says what went wrong."""

    def fail(event: Event) -> None:
        raise RuntimeError("no way to send it")

    local.api = FrontendApi(local.clerk, local.folder, [ORIGIN], lambda *_: None, fail)
    ada.done("DELETE", "/me")
    assert ada.session() is None
    assert "no way to send it" in caplog.text
