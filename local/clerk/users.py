"""Who there is on the local run: two users and an organization that both belong to."""

from collections.abc import Mapping
from typing import NamedTuple

PASSWORD = "correct horse"  # noqa: S105 -- printed at every start; it opens this machine's run alone
"""Both users' password."""


class User(NamedTuple):
    """Somebody who can sign in."""

    id: str
    email: str
    first_name: str
    last_name: str


class Organization(NamedTuple):
    """An organization; `roles` are its members' by user id, spelt as Clerk spells them."""

    id: str
    name: str
    slug: str
    roles: Mapping[str, str]


ADMIN = User("user_demo", "demo@example.com", "Dana", "Demo")
MEMBER = User("user_member", "member@example.com", "Miro", "Member")
USERS = {user.id: user for user in (ADMIN, MEMBER)}

ACME = Organization("org_demo", "Acme", "acme", {ADMIN.id: "org:admin", MEMBER.id: "org:member"})
ORGANIZATIONS = {ACME.id: ACME}


def by_email(email: str) -> User | None:
    """The user with this address, however it is written."""
    wanted = email.strip().lower()
    return next((user for user in USERS.values() if user.email == wanted), None)


def organizations_of(user: User) -> list[Organization]:
    """The organizations that a user belongs to."""
    return [one for one in ORGANIZATIONS.values() if user.id in one.roles]
