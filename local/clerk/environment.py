"""What the instance allows: signing up and in with address and password, and organizations."""

from local.clerk import passwords
from local.clerk.objects import Object
from local.clerk.users import MEMBER_ROLE, MOST_MEMBERS

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


def environment(home: str) -> Object:
    """The instance's settings, as ClerkJS asks for them at its start; `home` is the page."""
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
            "max_allowed_memberships": MOST_MEMBERS,
            "force_organization_selection": False,
            "actions": {"admin_delete": True},
            "domains": {"enabled": False, "enrollment_modes": [], "default_role": MEMBER_ROLE},
            "slug": {"disabled": True},
            "organization_creation_defaults": {"enabled": False},
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
        "after_join_waitlist",
        "waitlist",
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
        "captcha_public_key_invisible": None,
        "captcha_oauth_bypass": None,
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
    for name in ("first_name", "last_name"):
        attributes[name]["enabled"] = True
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
        "actions": {"delete_self": True, "create_organization": True},
        "sign_in": {"second_factor": {"required": False, "enabled": False}},
        "sign_up": {
            "allowlist_only": False,
            "mode": "public",
            "captcha_enabled": False,
            "captcha_widget_type": None,
            "custom_action_required": False,
            "legal_consent_enabled": False,
            "progressive": True,
        },
        "password_settings": _PASSWORD_SETTINGS,
        "passkey_settings": {"allow_autofill": False, "show_sign_in_button": False},
        "username_settings": {"min_length": 4, "max_length": 64},
    }


# What passwords.py checks, and no more: the estimate of strength is a script of 800 KB, and the
# list of leaked passwords is another server's.
_PASSWORD_SETTINGS = {
    "min_length": passwords.SHORTEST,
    "max_length": passwords.LONGEST,
    "allowed_special_characters": "",
    "disable_hibp": True,
    "require_special_char": False,
    "require_numbers": False,
    "require_uppercase": False,
    "require_lowercase": False,
    "show_zxcvbn": False,
    "min_zxcvbn_strength": 0,
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
