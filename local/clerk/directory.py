"""All users and organizations, kept in a file; whoever changes one is told here what forbids it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from blueprint.errors import Refusal
from local import private_file
from local.clerk import objects
from local.clerk.errors import invalid
from local.clerk.events import Event
from local.clerk.users import ACME, USERS, Address, Invitation, Member, Organization, User

MOST_USERS = 1000
MOST_ORGANIZATIONS = 1000


class DirectoryUnreadable(Refusal):
    """The file of users cannot be read, and starting without them would orphan their keys."""


class Directory:
    """Users and organizations by id. `events` are what has happened to them and was not told yet.

    The seeded ones are at every start as the greeting says: with their addresses, names, printed
    password and roles. Everything else is as it was left.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self.users, self.organizations = _read(file)
        self.events: list[Event] = []
        self._kept = ""
        self._seed()

    def _seed(self) -> None:
        acme = self.organizations.get(ACME.id, ACME)
        members = {**acme.members, **ACME.members}
        self.users |= USERS
        self.organizations[ACME.id] = replace(acme, name=ACME.name, members=members)
        for user in USERS.values():
            if user.id not in acme.members:
                self.tell_joined(self.organizations[ACME.id], user)

    def by_email(self, email: str) -> User | None:
        """The user with this verified address, however it is written."""
        wanted = email.strip().lower()
        return next((user for user in self.users.values() if user.has_verified(wanted)), None)

    def organizations_of(self, user: User) -> list[Organization]:
        """Those that a user belongs to."""
        return [one for one in self.organizations.values() if user.id in one.members]

    def invitations_of(self, user: User) -> list[tuple[Organization, Invitation]]:
        """Those that wait for the user's answer, newest last."""
        return [
            (organization, invitation)
            for organization in self.organizations.values()
            for invitation in organization.invitations
            if user.has_verified(invitation.email)
        ]

    def members(self, organization: Organization) -> list[User]:
        """An organization's members. Those whose accounts are gone are not among them."""
        return [self.users[member] for member in organization.members]

    def check_unused(self, email: str, parameter: str) -> None:
        """Rejects an address that is somebody's already."""
        if self.by_email(email):
            message = "That email address is taken. Please try another."
            raise invalid("form_identifier_exists", message, parameter)

    def add_user(self, user: User) -> None:
        """Takes somebody in."""
        if len(self.users) >= MOST_USERS:
            raise invalid("user_quota_exceeded", f"The local run keeps {MOST_USERS} users at most.")
        self.users[user.id] = user

    def change_user(self, user: User) -> User:
        """Puts a user in the place of the one with the same id."""
        self.users[user.id] = replace(user, updated_at=objects.now())
        return self.users[user.id]

    def delete_user(self, user: User) -> None:
        """Deletes an account. The organizations stay, even one that has no admin left."""
        del self.users[user.id]
        for organization in self.organizations_of(user):
            self.organizations[organization.id] = organization.without_member(user.id)
        self.tell("user.deleted", objects.deleted("user", user.id))

    def add_organization(self, organization: Organization, creator: User) -> None:
        """Takes a new organization in."""
        if len(self.organizations) >= MOST_ORGANIZATIONS:
            message = f"The local run keeps {MOST_ORGANIZATIONS} organizations at most."
            raise invalid("organization_quota_exceeded", message)
        self.organizations[organization.id] = organization
        self.tell_joined(organization, creator)

    def change_organization(self, organization: Organization) -> Organization:
        """Puts an organization in the place of the one with the same id."""
        self.organizations[organization.id] = replace(organization, updated_at=objects.now())
        return self.organizations[organization.id]

    def delete_organization(self, organization: Organization) -> None:
        """Deletes an organization; its memberships and invitations go with it."""
        del self.organizations[organization.id]
        slug = {"slug": organization.slug}
        self.tell("organization.deleted", objects.deleted("organization", organization.id) | slug)

    def tell_joined(self, organization: Organization, user: User) -> None:
        """Remembers that somebody has become a member."""
        self.tell("organizationMembership.created", objects.membership(organization, user))

    def tell(self, type_: str, data: dict[str, Any]) -> None:
        """Remembers an event for the listener."""
        self.events.append(Event(type_, data, objects.now()))

    def take_events(self) -> list[Event]:
        """The events that were not taken yet."""
        taken, self.events = self.events, []
        return taken

    def keep(self) -> None:
        """Writes everything down, if there is news."""
        kept = json.dumps(
            {
                "users": [asdict(user) for user in self.users.values()],
                "organizations": [asdict(one) for one in self.organizations.values()],
            }
        )
        if kept != self._kept:
            private_file.write(self._file, kept)
            self._kept = kept


def _read(file: Path) -> tuple[dict[str, User], dict[str, Organization]]:
    """What the file holds; nobody, if it is not there yet."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        users = _by_id(_user(one) for one in kept["users"])
        return users, _by_id(_organization(one) for one in kept["organizations"])
    except FileNotFoundError:
        return {}, {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise DirectoryUnreadable(
            f"the users in {file} cannot be read ({error}); mend it, or start empty (RESET=1)"
        ) from None


def _by_id[T: (User, Organization)](records: Iterable[T]) -> dict[str, T]:
    return {record.id: record for record in records}


def _user(kept: Mapping[str, Any]) -> User:
    addresses = tuple(Address(**one) for one in kept["addresses"])
    return User(**{**kept, "addresses": addresses})


def _organization(kept: Mapping[str, Any]) -> Organization:
    members = {id_: Member(**member) for id_, member in kept["members"].items()}
    invitations = tuple(Invitation(**one) for one in kept["invitations"])
    return Organization(**{**kept, "members": members, "invitations": invitations})
