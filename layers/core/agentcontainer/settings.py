"""What a function takes from its environment, each by a name that template.yaml sets.

Reading fails at start, with the variable's name, rather than at the first request.
"""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta


class MissingSetting(Exception):
    """The template does not give this function what it needs."""


def region() -> str:
    """The AWS region that this runs in. Set by Lambda, not by the template."""
    return _required("AWS_REGION")


def metrics_namespace() -> str:
    """The namespace of our own metrics, which is the stack's name."""
    return _required("METRICS_NAMESPACE")


def keys_table() -> str:
    """Name of the table of keys."""
    return _required("KEYS_TABLE")


def agents_table() -> str:
    """Name of the table of agents."""
    return _required("AGENTS_TABLE")


def key_limit() -> int:
    """The most live keys of an account."""
    return int(_required("KEY_LIMIT"))


def audit_retention() -> "timedelta":
    """How long audit events are kept."""
    from datetime import timedelta  # noqa: PLC0415 -- the authorizer imports this module

    return timedelta(days=int(_required("AUDIT_RETENTION_DAYS")))


def dashboard_origin() -> str:
    """The one web origin that may read answers of the dashboard's API."""
    return _required("DASHBOARD_ORIGIN")


def clerk_issuer() -> str:
    """`iss` of the session tokens: Clerk's Frontend API address."""
    return _required("CLERK_ISSUER")


def clerk_jwks() -> str:
    """Clerk's public keys, a JSON Web Key Set as text."""
    return _required("CLERK_JWKS")


def clerk_authorized_parties() -> list[str]:
    """Origins whose pages may use a session (`azp`), separated by commas in the variable."""
    return [party.strip() for party in _required("CLERK_AUTHORIZED_PARTIES").split(",")]


def clerk_audiences() -> list[str]:
    """Who a session token may be made for (`aud`), separated by commas in the variable."""
    return [name for name in os.environ.get("CLERK_AUDIENCES", "").split(",") if name]


def _required(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise MissingSetting(f"the environment variable {name} is not set")
    return value
