"""What is answered has the members that Clerk's own libraries take for granted."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from blueprint.paths import ROOT
from tests.support.clerk_browser import Browser, LocalClerk
from tests.unit.local.clerk.test_me import add_address
from tests.unit.local.clerk.test_organizations import create, invite
from tests.unit.local.clerk.test_sign_in import RESET, prepare

FIELDS = json.loads((ROOT / "tests/data/clerk-frontend-api-fields.json").read_text())["fields"]
INSIDE = {
    "latest_activity": "session_activity",
    "public_user_data": "public_user_data",
    "public_organization_data": "public_organization_data",
    "user_settings": "user_settings",
    "organization_settings": "organization_settings",
}
"""Objects that do not say what they are; their place does."""


def walk(value: Any, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object in some JSON that a kind is known of."""
    if isinstance(value, list):
        for each in value:
            yield from walk(each, place)
    if isinstance(value, dict):
        kind = INSIDE.get(place) or _kind(value)
        if kind in FIELDS:
            yield kind, value
        for name, each in value.items():
            yield from walk(each, name)


def _kind(value: dict[str, Any]) -> str:
    if value.get("deleted"):
        return "deleted"
    if "latest_activity" in value:
        return "session_with_activities"
    if "next_action" in value:
        return "sign_up_verification"
    if "public_organization_data" in value:
        return "user_organization_invitation"
    return str(value.get("object", ""))


@pytest.fixture
def answers(local: LocalClerk, ada: Browser) -> list[Any]:
    """One of each kind, in the states that ClerkJS meets them in."""
    ada.done("PATCH", "/me", first_name="Ada")
    path, other = create(ada), local.browser()
    invite(ada, path, "grace@example.com")
    forgetful = local.browser()
    sign_up = other.begin_sign_up("grace@example.com")
    asked = [
        other.ask("GET", sign_up),
        other.ask("POST", f"{sign_up}/attempt_verification", code=local.code("grace@example.com")),
        other.ask("GET", "/me/organization_invitations"),
        forgetful.ask("GET", prepare(forgetful, RESET)),
        ada.ask("GET", "/environment"),
        ada.ask("GET", "/client"),
        ada.ask("GET", "/me/sessions/active"),
        ada.ask("POST", f"/client/sessions/{ada.session()['id']}/tokens"),
        ada.ask("GET", f"{path}/roles"),
        ada.ask("GET", f"{path}/memberships"),
        ada.ask("GET", f"{path}/invitations"),
        ada.ask("DELETE", add_address(ada)),
        other.ask("POST", "/client/sign_ins", identifier="ada@example.com"),
    ]
    return [body for _, body in asked]


def test_every_object_has_its_members(answers: list[Any]) -> None:
    """Those that are not optional in the types of clerk/javascript."""
    met = set()
    for kind, value in walk(answers):
        met.add(kind)
        assert [name for name in FIELDS[kind] if name not in value] == [], kind
    assert met == FIELDS.keys()
