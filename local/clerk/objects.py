"""The JSON objects of Clerk's Frontend API, as far as ClerkJS and its components read them.

Their shapes are those of packages/shared/src/types/json.ts in the repository clerk/javascript.
"""

import re
import secrets
import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from local.clerk.users import ACME, ADMIN_ROLE, MEMBER_ROLE, MOST_MEMBERS, USERS

if TYPE_CHECKING:
    from local.clerk.clients import Session, SignIn, SignUp
    from local.clerk.codes import Code
    from local.clerk.users import Address, Invitation, Organization, User

type Object = dict[str, Any]

AVATAR = "/__clerk/avatar.svg"
"""The picture of whoever has no name, of whom Clerk's components show the initials otherwise."""

_DAY = 24 * 3600 * 1000
_PERMISSIONS = {
    ADMIN_ROLE: [
        "org:sys_profile:manage",
        "org:sys_profile:delete",
        "org:sys_memberships:read",
        "org:sys_memberships:manage",
    ],
    MEMBER_ROLE: ["org:sys_memberships:read"],
}
_BROWSERS = (
    ("Edge", re.compile(r"Edg/([\d.]+)")),
    ("Opera", re.compile(r"OPR/([\d.]+)")),
    ("Firefox", re.compile(r"Firefox/([\d.]+)")),
    ("Chrome", re.compile(r"Chrome/([\d.]+)")),
    ("Safari", re.compile(r"Version/([\d.]+).* Safari/")),
)
_DEVICES = ("iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux")


def new_id(prefix: str) -> str:
    """An id of the kind that Clerk gives out."""
    return f"{prefix}_{secrets.token_hex(12)}"


def now() -> int:
    """Epoch milliseconds."""
    return int(time.time() * 1000)


def user(one: "User", organizations: Iterable["Organization"]) -> Object:
    """A user with the memberships in their organizations."""
    empty = (
        "phone_numbers",
        "web3_wallets",
        "external_accounts",
        "enterprise_accounts",
        "passkeys",
        "saml_accounts",
    )
    return {
        "object": "user",
        "id": one.id,
        "first_name": one.first_name or None,
        "last_name": one.last_name or None,
        "username": None,
        "image_url": _image(one),
        "profile_image_id": "",
        "has_image": False,
        "primary_email_address_id": one.addresses[0].id,
        "primary_phone_number_id": None,
        "primary_web3_wallet_id": None,
        "email_addresses": [email_address(address) for address in one.addresses],
        **{name: [] for name in empty},
        "organization_memberships": [membership(each, one) for each in organizations],
        "password_enabled": True,
        "totp_enabled": False,
        "backup_code_enabled": False,
        "two_factor_enabled": False,
        "public_metadata": {},
        "unsafe_metadata": {},
        "external_id": None,
        "create_organization_enabled": True,
        "create_organizations_limit": None,
        # The run's printed key is theirs: the seeded users are there at every start.
        "delete_self_enabled": one.id not in USERS,
        "last_sign_in_at": one.last_sign_in_at,
        "legal_accepted_at": None,
        "created_at": one.created_at,
        "updated_at": one.updated_at,
    }


def email_address(one: "Address", code: "Code | None" = None) -> Object:
    """An address, and where its verification stands."""
    return {
        "object": "email_address",
        "id": one.id,
        "email_address": one.email,
        "linked_to": [],
        "matches_sso_connection": False,
        "verification": _verified("email_code") if one.verified else verification(code),
    }


def organization(one: "Organization") -> Object:
    """An organization."""
    return {
        "object": "organization",
        "id": one.id,
        "name": one.name,
        "slug": one.slug,
        "image_url": "",
        "has_image": False,
        "members_count": len(one.members),
        "pending_invitations_count": len(one.invitations),
        "max_allowed_memberships": MOST_MEMBERS,
        "admin_delete_enabled": one.id != ACME.id,
        "public_metadata": {},
        "created_at": one.created_at,
        "updated_at": one.updated_at,
    }


def membership(one: "Organization", member: "User") -> Object:
    """A user's membership of an organization."""
    role, joined_at = one.members[member.id].role, one.members[member.id].joined_at
    return {
        "object": "organization_membership",
        "id": f"orgmem_{one.id}_{member.id}",
        "organization": organization(one),
        "public_user_data": _public_user(member),
        "role": role,
        "role_name": _role_name(role),
        "permissions": _PERMISSIONS[role],
        "public_metadata": {},
        "created_at": joined_at,
        "updated_at": joined_at,
    }


def roles() -> list[Object]:
    """The roles that a member can have."""
    return [
        {
            "object": "role",
            "id": f"role_{_role_name(key).lower()}",
            "key": key,
            "name": _role_name(key),
            "description": "",
            "permissions": [],
            "is_creator_eligible": key == ADMIN_ROLE,
            "created_at": ACME.created_at,
            "updated_at": ACME.created_at,
        }
        for key in _PERMISSIONS
    ]


def invitation(organization_id: str, one: "Invitation", status: str = "pending") -> Object:
    """An invitation, as the organization's admins see it."""
    return {
        "object": "organization_invitation",
        "id": one.id,
        "email_address": one.email,
        "organization_id": organization_id,
        "public_metadata": {},
        "status": status,
        "role": one.role,
        "role_name": _role_name(one.role),
        "created_at": one.created_at,
        "updated_at": one.created_at,
    }


def invitation_to(to: "Organization", one: "Invitation", status: str = "pending") -> Object:
    """The same invitation, as whoever is invited sees it."""
    public = {
        "id": to.id,
        "name": to.name,
        "slug": to.slug,
        "image_url": "",
        "has_image": False,
    }
    return invitation(to.id, one, status) | {"public_organization_data": public}


def session(one: "Session", org_id: str | None, user_: Object, token: str) -> Object:
    """A signed-in session, with the token that ClerkJS uses first."""
    return _session(one) | {
        "last_active_organization_id": org_id,
        "last_active_token": {"object": "token", "jwt": token},
        "tasks": None,
        "factor_verification_age": [0, -1],
        "user": user_,
        "public_user_data": {
            "first_name": user_["first_name"],
            "last_name": user_["last_name"],
            "image_url": user_["image_url"],
            "has_image": False,
            "identifier": user_["email_addresses"][0]["email_address"],
            "user_id": user_["id"],
        },
    }


def session_with_activity(one: "Session") -> Object:
    """A session in the list of somebody's devices."""
    return _session(one) | {"user": None, "latest_activity": _activity(one)}


def client(
    id_: str,
    sessions: Sequence[Object],
    current_sign_in: Object | None,
    current_sign_up: Object | None,
) -> Object:
    """A browser, with the session that it has, if any."""
    return {
        "object": "client",
        "id": id_,
        "sessions": list(sessions),
        "sign_in": current_sign_in,
        "sign_up": current_sign_up,
        "last_active_session_id": sessions[0]["id"] if sessions else None,
        "last_authentication_strategy": None,
        "cookie_expires_at": None,
        "captcha_bypass": False,
        "created_at": now(),
        "updated_at": now(),
    }


def sign_in(attempt: "SignIn", one: "User", session_id: str | None = None) -> Object:
    """An attempt to sign in: complete once there is a session."""
    return {
        "object": "sign_in",
        "id": attempt.id,
        "status": "complete" if session_id else attempt.status,
        "identifier": one.email,
        "supported_identifiers": ["email_address"],
        "supported_first_factors": _first_factors(one.addresses[0]),
        "supported_second_factors": None,
        "first_factor_verification": _first_factor_verification(attempt, session_id),
        "second_factor_verification": None,
        "user_data": {
            "first_name": one.first_name or None,
            "last_name": one.last_name or None,
            "image_url": _image(one),
            "has_image": False,
        },
        "created_session_id": session_id,
        "abandon_at": now() + _DAY,
    }


def sign_up(attempt: "SignUp", session_id: str | None = None, user_id: str | None = None) -> Object:
    """An attempt to sign up: complete once there is a user and a session."""
    given = {"email_address": attempt.email, "password": attempt.password_hash}
    return {
        "object": "sign_up",
        "id": attempt.id,
        "status": "complete" if session_id else "missing_requirements",
        "required_fields": ["email_address", "password"],
        "optional_fields": ["first_name", "last_name"],
        "missing_fields": [name for name, value in given.items() if not value],
        "unverified_fields": ["email_address"] if attempt.email and not session_id else [],
        "username": None,
        "first_name": attempt.first_name or None,
        "last_name": attempt.last_name or None,
        "email_address": attempt.email or None,
        "phone_number": None,
        "web3_wallet": None,
        "external_account_strategy": None,
        "external_account": None,
        "has_password": bool(attempt.password_hash),
        "unsafe_metadata": {},
        "created_session_id": session_id,
        "created_user_id": user_id,
        "abandon_at": now() + _DAY,
        "legal_accepted_at": None,
        "locale": None,
        "verifications": {
            "email_address": _sign_up_verification(attempt, session_id),
            "phone_number": None,
            "web3_wallet": None,
            "external_account": None,
        },
    }


def verification(code: "Code | None") -> Object:
    """Where an e-mail's code stands that was not given yet; without one ClerkJS asks for it."""
    return {
        "object": "verification",
        "status": "unverified",
        "strategy": code.strategy if code else None,
        "attempts": code.attempts if code else None,
        "expire_at": code.expires_at if code else None,
        "verified_at_client": None,
        "error": None,
    }


def page(found: Sequence[Object], total: int) -> Object:
    """A part of a list."""
    return {"data": list(found), "total_count": total}


def deleted(kind: str, id_: str) -> Object:
    """What is left of something that was deleted."""
    return {"object": kind, "id": id_, "deleted": True}


def errors(code: str, message: str, parameter: str | None = None) -> Object:
    """Why something was rejected; ClerkJS shows the message at the parameter's field."""
    meta = {"param_name": parameter} if parameter else {}
    return {
        "errors": [{"code": code, "message": message, "long_message": message, "meta": meta}],
        "clerk_trace_id": secrets.token_hex(16),
    }


def _session(one: "Session") -> Object:
    return {
        "object": "session",
        "id": one.id,
        "status": "active",
        "expire_at": one.last_active_at + 7 * _DAY,
        "abandon_at": one.last_active_at + 30 * _DAY,
        "last_active_at": one.last_active_at,
        "actor": None,
        "created_at": one.created_at,
        "updated_at": one.last_active_at,
    }


def _activity(one: "Session") -> Object:
    name, version = _browser(one.agent)
    return {
        "object": "session_activity",
        "id": "sess_activity_" + one.id.removeprefix("sess_"),
        "browser_name": name,
        "browser_version": version,
        "device_type": next((device for device in _DEVICES if device in one.agent), None),
        "ip_address": one.address,
        "city": "this machine",
        "country": None,
        "is_mobile": "Mobi" in one.agent,
    }


def _browser(agent: str) -> tuple[str | None, str | None]:
    for name, pattern in _BROWSERS:
        if match := pattern.search(agent):
            return name, match[1]
    return None, None


def _first_factors(address: "Address") -> list[Object]:
    codes = [
        {
            "strategy": strategy,
            "email_address_id": address.id,
            "safe_identifier": address.email,
            "primary": True,
        }
        for strategy in ("email_code", "reset_password_email_code")
    ]
    return [{"strategy": "password"}, *codes]


def _first_factor_verification(attempt: "SignIn", session_id: str | None) -> Object | None:
    if session_id or attempt.status == "needs_new_password":
        return _verified(attempt.code.strategy if attempt.code else "password")
    return verification(attempt.code) if attempt.code else None


def _sign_up_verification(attempt: "SignUp", session_id: str | None) -> Object:
    action = "needs_attempt" if attempt.code else "needs_prepare"
    where = _verified("email_code") if session_id else verification(attempt.code)
    return where | {
        "next_action": "" if session_id else action,
        "supported_strategies": ["email_code"],
    }


def _public_user(one: "User") -> Object:
    return {
        "first_name": one.first_name or None,
        "last_name": one.last_name or None,
        "image_url": _image(one),
        "has_image": False,
        "identifier": one.email,
        "user_id": one.id,
    }


def _image(one: "User") -> str:
    return "" if one.first_name or one.last_name else AVATAR


def _verified(strategy: str) -> Object:
    return {
        "object": "verification",
        "status": "verified",
        "strategy": strategy,
        "attempts": None,
        "expire_at": None,
        "verified_at_client": None,
        "error": None,
    }


def _role_name(role: str) -> str:
    return role.removeprefix("org:").capitalize()
