"""Users and organizations, and those of them that every local run has."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

PASSWORD = "correct horse"  # noqa: S105 -- printed at every start; it opens this machine's run alone
"""Both seeded users' password."""

ADMIN_ROLE, MEMBER_ROLE = "org:admin", "org:member"
ROLES = (ADMIN_ROLE, MEMBER_ROLE)

MOST_MEMBERS = 5
"""Of an organization, pending invitations included: what Clerk begins with."""

_SEEDED_AT = 1_767_225_600_000
"""Since when the seeded users and their organization exist, in epoch milliseconds."""


@dataclass(frozen=True, slots=True)
class Address:
    """An e-mail address; one that is not verified signs nobody in and receives no invitation."""

    email: str
    verified: bool = True

    @property
    def id(self) -> str:
        """The same address has the same id, whoever has it."""
        return "idn_" + hashlib.sha256(self.email.encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who can sign in. The first address is the primary one, and is always verified.

    `password_hash` is absent of the seeded users, whose password is the printed one.
    """

    id: str
    addresses: tuple[Address, ...]
    first_name: str = ""
    last_name: str = ""
    password_hash: str | None = None
    created_at: int = _SEEDED_AT
    updated_at: int = _SEEDED_AT
    last_sign_in_at: int | None = None

    @property
    def email(self) -> str:
        """The primary address."""
        return self.addresses[0].email

    @property
    def name(self) -> str:
        """How others know the user."""
        return " ".join(filter(None, (self.first_name, self.last_name))) or self.email

    def address(self, address_id: str) -> Address | None:
        """One of the addresses, by its id."""
        return next((one for one in self.addresses if one.id == address_id), None)

    def has_verified(self, email: str) -> bool:
        """Whether an address is known to be the user's."""
        return Address(email) in self.addresses

    def with_primary(self, address: Address) -> "User":
        """The same user with one of the addresses, now verified, as the primary one."""
        others = (one for one in self.addresses if one.id != address.id)
        return replace(self, addresses=(Address(address.email), *others))

    def without(self, address: Address) -> "User":
        """The same user with an address fewer."""
        return replace(self, addresses=tuple(one for one in self.addresses if one != address))

    def with_verified(self, address: Address) -> "User":
        """The same user, who has shown that an address is theirs."""
        verified = Address(address.email)
        addresses = tuple(verified if one.id == address.id else one for one in self.addresses)
        return replace(self, addresses=addresses)


@dataclass(frozen=True, slots=True)
class Member:
    """A user's place in an organization; the role is spelt as Clerk spells it."""

    role: str
    joined_at: int = _SEEDED_AT


@dataclass(frozen=True, slots=True)
class Invitation:
    """An address that may join an organization. What is accepted or revoked is not kept."""

    id: str
    email: str
    role: str
    created_at: int


@dataclass(frozen=True, slots=True)
class Organization:
    """An organization; `members` are by user id."""

    id: str
    name: str
    slug: str
    members: Mapping[str, Member]
    invitations: tuple[Invitation, ...] = ()
    created_at: int = _SEEDED_AT
    updated_at: int = _SEEDED_AT

    @property
    def admins(self) -> list[str]:
        """Ids of those who may change it."""
        return [id_ for id_, member in self.members.items() if member.role == ADMIN_ROLE]

    def invitation(self, invitation_id: str) -> Invitation | None:
        """One of the pending invitations."""
        return next((one for one in self.invitations if one.id == invitation_id), None)

    def with_member(self, user_id: str, member: Member) -> "Organization":
        """The same organization with a member more, or with another role for one."""
        return replace(self, members={**self.members, user_id: member})

    def without_member(self, user_id: str) -> "Organization":
        """The same organization with a member fewer."""
        members = {id_: member for id_, member in self.members.items() if id_ != user_id}
        return replace(self, members=members)

    def without_invitation(self, invitation: Invitation) -> "Organization":
        """The same organization with an invitation fewer."""
        invitations = tuple(one for one in self.invitations if one.id != invitation.id)
        return replace(self, invitations=invitations)


ADMIN = User("user_demo", (Address("demo@example.com"),), "Dana", "Demo")
MEMBER = User("user_member", (Address("member@example.com"),), "Miro", "Member")
USERS = {user.id: user for user in (ADMIN, MEMBER)}

ACME = Organization(
    "org_demo", "Acme", "acme", {ADMIN.id: Member(ADMIN_ROLE), MEMBER.id: Member(MEMBER_ROLE)}
)
