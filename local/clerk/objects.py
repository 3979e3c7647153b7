"""The JSON objects of Clerk's Frontend API, as far as ClerkJS and its components read them."""

import secrets
import time
from collections.abc import Sequence
from typing import Any

from local.clerk.users import USERS, Organization, User, organizations_of

type Object = dict[str, Any]

_ATTRIBUTES = (
    "authenticator_app",
    "backup_code",
    "email_address",
    "first_name",
    "last_name",
    "passkey",
    "password",
    "phone_number",
    "username",
    "web3_wallet",
)
_DAY = 24 * 3600 * 1000
_BIRTH = 1_767_225_600_000
"""Since when everybody here has existed, in epoch milliseconds."""


def new_id(prefix: str) -> str:
    """An id of the kind that Clerk gives out."""
    return f"{prefix}_{secrets.token_hex(12)}"


def now() -> int:
    """Epoch milliseconds."""
    return int(time.time() * 1000)


def environment(home: str) -> Object:
    """What the instance allows: signing in with address and password, and organizations."""
    return {
        "object": "environment",
        "id": "env_local",
        "maintenance_mode": False,
        "auth_config": {
            "object": "auth_config",
            "id": "aac_local",
            "single_session_mode": True,
            "claimed_at": None,
            "reverification": False,
            "preferred_channels": {},
        },
        "api_keys_settings": {
            "object": "api_keys_settings",
            "id": "aks_local",
            "enabled": False,
            "user_api_keys_enabled": False,
            "orgs_api_keys_enabled": False,
        },
        "commerce_settings": {
            "object": "commerce_settings",
            "id": "cms_local",
            "billing": _BILLING,
        },
        "display_config": _display_config(home),
        "organization_settings": {
            "enabled": True,
            "max_allowed_memberships": 5,
            "force_organization_selection": False,
            "actions": {"admin_delete": False},
            "domains": {"enabled": False, "enrollment_modes": [], "default_role": None},
            "slug": {"disabled": True},
        },
        "protect_config": {"object": "protect_config", "id": "ptc_local"},
        "user_settings": _user_settings(),
    }


_BILLING = {
    "stripe_publishable_key": "",
    "organization": {"enabled": False, "has_paid_plans": False},
    "user": {"enabled": False, "has_paid_plans": False},
}


def _display_config(home: str) -> Object:
    pages = (
        "home",
        "sign_in",
        "sign_up",
        "after_sign_in",
        "after_sign_up",
        "after_sign_out_one",
        "after_sign_out_all",
    )
    absent = (
        "user_profile",
        "organization_profile",
        "create_organization",
        "after_switch_session",
        "after_leave_organization",
        "after_create_organization",
        "logo_image",
        "favicon_image",
        "terms",
        "privacy_policy",
    )
    return {
        "object": "display_config",
        "id": "display_config_local",
        "instance_environment_type": "production",
        "application_name": "AgentContainer",
        "theme": {"general": {"color": "#4f46e5"}, "buttons": {}, "accounts": {}},
        "preferred_sign_in_strategy": "password",
        "branded": False,
        "captcha_public_key": None,
        "captcha_widget_type": None,
        "captcha_provider": "turnstile",
        "support_email": "",
        "clerk_js_version": "6",
        "show_devmode_warning": False,
        **{f"{page}_url": home for page in pages},
        **{f"{page}_url": "" for page in absent},
    }


def _user_settings() -> Object:
    attributes = {name: _attribute() for name in _ATTRIBUTES}
    attributes["password"] |= {"enabled": True, "required": True}
    attributes["email_address"] |= {
        "enabled": True,
        "required": True,
        "used_for_first_factor": True,
        "first_factors": ["email_code"],
        "verifications": ["email_code"],
        "verify_at_sign_up": True,
    }
    return {
        "attributes": attributes,
        "social": {},
        "enterprise_sso": {"enabled": False},
        "saml": {"enabled": False},
        "actions": {"delete_self": False, "create_organization": False},
        "sign_in": {"second_factor": {"required": False, "enabled": False}},
        "sign_up": {
            "mode": "restricted",
            "captcha_enabled": False,
            "captcha_widget_type": None,
            "custom_action_required": False,
            "legal_consent_enabled": False,
            "progressive": True,
        },
        "password_settings": {"min_length": 8, "max_length": 72},
        "passkey_settings": {"allow_autofill": False, "show_sign_in_button": False},
        "username_settings": {"min_length": 4, "max_length": 64},
    }


def _attribute() -> Object:
    return {
        "enabled": False,
        "required": False,
        "used_for_first_factor": False,
        "first_factors": [],
        "used_for_second_factor": False,
        "second_factors": [],
        "verifications": [],
        "verify_at_sign_up": False,
    }


def user(who: User) -> Object:
    """A user with its memberships."""
    address = {
        "object": "email_address",
        "id": f"idn_{who.id}",
        "email_address": who.email,
        "linked_to": [],
        "matches_sso_connection": False,
        "verification": _verified("email_code"),
    }
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
        "id": who.id,
        "first_name": who.first_name,
        "last_name": who.last_name,
        "username": None,
        "image_url": "",
        "has_image": False,
        "primary_email_address_id": address["id"],
        "primary_phone_number_id": None,
        "primary_web3_wallet_id": None,
        "email_addresses": [address],
        **{name: [] for name in empty},
        "organization_memberships": [membership(one, who) for one in organizations_of(who)],
        "password_enabled": True,
        "totp_enabled": False,
        "backup_code_enabled": False,
        "two_factor_enabled": False,
        "public_metadata": {},
        "unsafe_metadata": {},
        "external_id": None,
        "create_organization_enabled": False,
        "delete_self_enabled": False,
        "last_sign_in_at": now(),
        "legal_accepted_at": None,
        "created_at": _BIRTH,
        "updated_at": _BIRTH,
    }


def organization(one: Organization) -> Object:
    """An organization."""
    return {
        "object": "organization",
        "id": one.id,
        "name": one.name,
        "slug": one.slug,
        "image_url": "",
        "has_image": False,
        "members_count": len(one.roles),
        "pending_invitations_count": 0,
        "max_allowed_memberships": 5,
        "admin_delete_enabled": False,
        "public_metadata": {},
        "created_at": _BIRTH,
        "updated_at": _BIRTH,
    }


def membership(one: Organization, who: User) -> Object:
    """A user's membership of an organization."""
    role = one.roles[who.id]
    return {
        "object": "organization_membership",
        "id": f"orgmem_{one.id}_{who.id}",
        "organization": organization(one),
        "public_user_data": _public_user(who),
        "role": role,
        "role_name": role.removeprefix("org:").capitalize(),
        "permissions": ["org:sys_memberships:read"],
        "public_metadata": {},
        "created_at": _BIRTH,
        "updated_at": _BIRTH,
    }


def memberships(one: Organization) -> list[Object]:
    """Everybody's membership of an organization."""
    return [membership(one, USERS[member]) for member in one.roles]


def session(id_: str, who: User, org_id: str | None, token: str) -> Object:
    """A signed-in session, with the token that ClerkJS uses first."""
    at = now()
    return {
        "object": "session",
        "id": id_,
        "status": "active",
        "expire_at": at + 7 * _DAY,
        "abandon_at": at + 30 * _DAY,
        "last_active_at": at,
        "last_active_organization_id": org_id,
        "last_active_token": {"object": "token", "jwt": token},
        "actor": None,
        "tasks": None,
        "factor_verification_age": [0, -1],
        "user": user(who),
        "public_user_data": _public_user(who),
        "created_at": at,
        "updated_at": at,
    }


def client(id_: str, sessions: Sequence[Object], current_sign_in: Object | None) -> Object:
    """A browser, with the session that it has, if any."""
    return {
        "object": "client",
        "id": id_,
        "sessions": list(sessions),
        "sign_in": current_sign_in,
        "sign_up": None,
        "last_active_session_id": sessions[0]["id"] if sessions else None,
        "last_authentication_strategy": None,
        "cookie_expires_at": None,
        "captcha_bypass": False,
        "created_at": now(),
        "updated_at": now(),
    }


def sign_in(id_: str, who: User, session_id: str | None) -> Object:
    """An attempt to sign in: complete once there is a session, else in need of the password."""
    return {
        "object": "sign_in",
        "id": id_,
        "status": "complete" if session_id else "needs_first_factor",
        "identifier": who.email,
        "supported_identifiers": ["email_address"],
        "supported_first_factors": [{"strategy": "password"}],
        "supported_second_factors": None,
        "first_factor_verification": _verified("password") if session_id else None,
        "second_factor_verification": None,
        "user_data": {
            "first_name": who.first_name,
            "last_name": who.last_name,
            "image_url": "",
            "has_image": False,
        },
        "created_session_id": session_id,
        "abandon_at": now() + _DAY,
    }


def errors(code: str, message: str, parameter: str | None = None) -> Object:
    """Why something was refused; ClerkJS shows the message at the parameter's field."""
    meta = {"param_name": parameter} if parameter else {}
    return {
        "errors": [{"code": code, "message": message, "long_message": message, "meta": meta}],
        "clerk_trace_id": secrets.token_hex(16),
    }


def _public_user(who: User) -> Object:
    return {
        "first_name": who.first_name,
        "last_name": who.last_name,
        "image_url": "",
        "has_image": False,
        "identifier": who.email,
        "user_id": who.id,
    }


def _verified(strategy: str) -> Object:
    return {
        "object": "verification",
        "status": "verified",
        "strategy": strategy,
        "attempts": None,
        "expire_at": None,
    }
