"""Organizations: made, renamed and deleted by their admins, who invite and remove members."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from local.clerk import objects
from local.clerk.backend import Backend
from local.clerk.calls import Call, Route, email
from local.clerk.errors import forbidden, invalid, not_found
from local.clerk.objects import Object
from local.clerk.users import (
    ACME,
    ADMIN_ROLE,
    MOST_MEMBERS,
    ROLES,
    Invitation,
    Member,
    Organization,
    User,
)


class Organizations:
    """Routes of `/organizations`, for members; what changes anything is for admins."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._directory = backend.directory

    @property
    def routes(self) -> list[Route]:
        """An organization's id comes first in each path."""
        one = r"/organizations/(\w+)"
        return [
            ("POST", "/organizations", self._create),
            ("GET", one, self._get),
            ("PATCH", one, self._rename),
            ("DELETE", one, self._delete),
            ("GET", f"{one}/roles", self._roles),
            ("GET", f"{one}/memberships", self._members),
            ("PATCH", rf"{one}/memberships/(\w+)", self._change_role),
            ("DELETE", rf"{one}/memberships/(\w+)", self._remove),
            ("GET", f"{one}/invitations", self._invitations),
            ("POST", f"{one}/invitations", self._invite_one),
            ("POST", f"{one}/invitations/bulk", self._invite),
            ("POST", rf"{one}/invitations/(\w+)/revoke", self._revoke),
            ("GET", f"{one}/(?:membership_requests|domains)", self._none),
        ]

    def _create(self, call: Call, _: re.Match[str]) -> Any:
        user, name, at = self._backend.user(call), _name(call), objects.now()
        id_ = objects.new_id("org")
        members = {user.id: Member(ADMIN_ROLE, at)}
        made = Organization(id_, name, _slug(name, id_), members, created_at=at, updated_at=at)
        self._directory.add_organization(made, user)
        return self._respond(call, made)

    def _get(self, call: Call, match: re.Match[str]) -> Any:
        return self._respond(call, self._of_member(call, match)[0])

    def _rename(self, call: Call, match: re.Match[str]) -> Any:
        changed = replace(self._of_admin(call, match), name=_name(call))
        return self._respond(call, self._directory.change_organization(changed))

    def _delete(self, call: Call, match: re.Match[str]) -> Any:
        organization = self._of_admin(call, match)
        if organization.id == ACME.id:
            raise forbidden("This organization is at every local run's start. Create another one.")
        self._directory.delete_organization(organization)
        return self._backend.respond(call, objects.deleted("organization", organization.id))

    def _roles(self, call: Call, match: re.Match[str]) -> Any:
        self._of_member(call, match)
        return self._page(call, objects.roles())

    # --- Members ----------------------------------------------------------------------------------

    def _members(self, call: Call, match: re.Match[str]) -> Any:
        organization, _ = self._of_member(call, match)
        wanted = call.query.get("query", [""])[-1].lower()
        roles = call.query.get("role", list(ROLES))
        found = [
            objects.membership(organization, member)
            for member in self._directory.members(organization)
            if wanted in f"{member.name} {member.email}".lower()
            and organization.members[member.id].role in roles
        ]
        return self._page(call, found)

    def _change_role(self, call: Call, match: re.Match[str]) -> Any:
        organization = self._of_admin(call, match)
        member = self._member(organization, match[2])
        role = replace(organization.members[member.id], role=_role(call))
        changed = _with_an_admin(organization.with_member(member.id, role))
        changed = self._directory.change_organization(changed)
        return self._backend.respond(call, objects.membership(changed, member))

    def _remove(self, call: Call, match: re.Match[str]) -> Any:
        organization = self._of_admin(call, match)
        member = self._member(organization, match[2])
        return self._backend.respond(call, remove(self._backend, organization, member))

    def _member(self, organization: Organization, user_id: str) -> User:
        if user_id not in organization.members:
            raise not_found("member")
        return self._directory.users[user_id]

    # --- Invitations ------------------------------------------------------------------------------

    def _invitations(self, call: Call, match: re.Match[str]) -> Any:
        organization = self._of_admin(call, match)
        found = [objects.invitation(organization.id, one) for one in organization.invitations]
        return self._page(call, found[::-1])

    def _invite_one(self, call: Call, match: re.Match[str]) -> Any:
        [made] = self._add_invitations(call, match, [call.email("email_address")])
        return self._backend.respond(call, made)

    def _invite(self, call: Call, match: re.Match[str]) -> Any:
        emails = [email(one, "email_address") for one in call.form.get("email_address", [])]
        return self._backend.respond(call, self._add_invitations(call, match, emails))

    def _add_invitations(
        self, call: Call, match: re.Match[str], emails: Iterable[str]
    ) -> list[Object]:
        """All of them or none."""
        organization, role = self._of_admin(call, match), _role(call)
        wanted = dict.fromkeys(emails)
        for address in wanted:
            self._check_invitable(organization, address)
        made = [Invitation(objects.new_id("orginv"), one, role, objects.now()) for one in wanted]
        changed = replace(organization, invitations=(*organization.invitations, *made))
        _check_quota(changed)
        self._directory.change_organization(changed)
        for one in made:
            text = f"you are invited to {organization.name}: sign in or up with this address"
            self._backend.deliver(one.email, text)
        return [objects.invitation(organization.id, one) for one in made]

    def _check_invitable(self, organization: Organization, address: str) -> None:
        if any(one.email == address for one in organization.invitations):
            message = f"There is already a pending invitation for {address}."
            raise invalid("duplicate_record", message, "email_address")
        user = self._directory.by_email(address)
        if user:
            _check_is_new(organization, user)

    def _revoke(self, call: Call, match: re.Match[str]) -> Any:
        organization = self._of_admin(call, match)
        invitation = organization.invitation(match[2])
        if invitation is None:
            raise not_found("invitation")
        self._directory.change_organization(organization.without_invitation(invitation))
        revoked = objects.invitation(organization.id, invitation, "revoked")
        return self._backend.respond(call, revoked)

    # --- Parts ------------------------------------------------------------------------------------

    def _none(self, call: Call, match: re.Match[str]) -> Any:
        """What this instance has turned off."""
        self._of_member(call, match)
        return self._page(call, [])

    def _of_member(self, call: Call, match: re.Match[str]) -> tuple[Organization, User]:
        """The organization of the path; to others it is as if it were not there."""
        user = self._backend.user(call)
        organization = self._backend.organization(user, match[1])
        if organization is None:
            raise not_found("organization")
        return organization, user

    def _of_admin(self, call: Call, match: re.Match[str]) -> Organization:
        organization, user = self._of_member(call, match)
        if user.id not in organization.admins:
            raise forbidden("Your role in this organization does not allow it.")
        return organization

    def _page(self, call: Call, found: list[Object]) -> Any:
        return self._backend.respond(call, objects.page(call.page(found), len(found)))

    def _respond(self, call: Call, organization: Organization) -> Any:
        return self._backend.respond(call, objects.organization(organization))


class MyOrganizations:
    """Routes of `/me` that are about the organizations somebody belongs to, or is invited to."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._directory = backend.directory

    @property
    def routes(self) -> list[Route]:
        """Each list has a page; suggestions need verified domains, which are off."""
        return [
            ("GET", "/me/organization_memberships", self._memberships),
            ("DELETE", r"/me/organization_memberships/(\w+)", self._leave),
            ("GET", "/me/organization_invitations", self._invitations),
            ("POST", r"/me/organization_invitations/(\w+)/accept", self._accept),
            ("GET", "/me/organization_suggestions", self._none),
        ]

    def _memberships(self, call: Call, _: re.Match[str]) -> Any:
        user = self._backend.user(call)
        mine = [objects.membership(one, user) for one in self._directory.organizations_of(user)]
        return self._page(call, mine)

    def _leave(self, call: Call, match: re.Match[str]) -> Any:
        user = self._backend.user(call)
        organization = self._backend.organization(user, match[1])
        if organization is None:
            raise not_found("organization")
        left = remove(self._backend, organization, user)
        return self._backend.respond(call, objects.deleted("organization_membership", left["id"]))

    def _invitations(self, call: Call, _: re.Match[str]) -> Any:
        found = self._directory.invitations_of(self._backend.user(call))
        return self._page(call, [objects.invitation_to(to, one) for to, one in found])

    def _accept(self, call: Call, match: re.Match[str]) -> Any:
        user = self._backend.user(call)
        for to, invitation in self._directory.invitations_of(user):
            if invitation.id == match[1]:
                _check_is_new(to, user)
                member = Member(invitation.role, objects.now())
                joined = to.without_invitation(invitation).with_member(user.id, member)
                joined = self._directory.change_organization(joined)
                self._directory.tell_joined(joined, user)
                accepted = objects.invitation_to(joined, invitation, "accepted")
                return self._backend.respond(call, accepted)
        raise not_found("invitation")

    def _none(self, call: Call, _: re.Match[str]) -> Any:
        self._backend.user(call)
        return self._page(call, [])

    def _page(self, call: Call, found: list[Object]) -> Any:
        return self._backend.respond(call, objects.page(call.page(found), len(found)))


def remove(backend: Backend, organization: Organization, member: User) -> Object:
    """Takes a member out, unless nobody could then manage the organization; what it was."""
    membership = objects.membership(organization, member)
    changed = _with_an_admin(organization.without_member(member.id))
    backend.directory.change_organization(changed)
    backend.directory.tell("organizationMembership.deleted", membership)
    return membership


def _with_an_admin(organization: Organization) -> Organization:
    if not organization.admins:
        message = "There has to be at least one member who can manage the organization."
        raise invalid("organization_minimum_permissions_needed", message)
    return organization


def _check_is_new(organization: Organization, user: User) -> None:
    if user.id in organization.members:
        message = f"{user.email} is already a member of the organization."
        raise invalid("already_a_member_in_organization", message, "email_address")


def _check_quota(organization: Organization) -> None:
    if len(organization.members) + len(organization.invitations) > MOST_MEMBERS:
        message = (
            f"You have reached your limit of {MOST_MEMBERS} organization memberships, "
            "including outstanding invitations."
        )
        raise invalid("organization_membership_quota_exceeded", message)


def _name(call: Call) -> str:
    name = call.text("name")
    if not name:
        raise invalid("form_param_nil", "Enter a name.", "name")
    return name


def _role(call: Call) -> str:
    role = call.field("role")
    if role not in ROLES:
        raise invalid("form_param_value_invalid", "There is no such role.", "role")
    return role


def _slug(name: str, id_: str) -> str:
    """Two organizations may have one name; their slugs differ."""
    words = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:32]
    return f"{words or 'org'}-{id_[-8:]}"
