"""Clerk's part of the local run: an instance of our own, whose key pair exists only here.

A deployed stack never trusts it: its issuer is not https, which the template's parameters demand.
"""

import base64
import contextlib
import json
import time
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from local import private_file

LIFETIME_SECONDS = 60

_KEY_ID = "ins_local"
_CATEGORY = "cl_B7d4PD111AAA"


class Clerk:
    """Signs session tokens as Clerk does, for pages of one origin."""

    def __init__(self, key_file: Path, origin: str) -> None:
        self._key = _private_key(key_file)
        self._origin = origin
        self.issuer = f"{origin}/__clerk"

    @property
    def jwks(self) -> str:
        """The public key, as the session authorizer is given it."""
        jwk = RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        jwk |= {"use": "sig", "alg": "RS256", "kid": _KEY_ID}
        return json.dumps({"keys": [jwk]})

    @property
    def publishable_key(self) -> str:
        """By which ClerkJS tells instances apart; its host is never asked for anything."""
        host = "clerk-" + self._origin.rpartition(":")[2] + ".localhost$"
        return "pk_live_" + base64.b64encode(host.encode()).decode()

    def session_token(
        self,
        user: str,
        org: str | None = None,
        role: str | None = None,
        *,
        slug: str | None = None,
        session_id: str | None = None,
        party: str | None = None,
    ) -> str:
        """A session of a user, in an organization if one is given; it lives 60 seconds.

        `party` is the origin of the page that uses it, if that is not the run's own.
        """
        now = int(time.time())
        claims: dict[str, Any] = {
            "azp": party or self._origin,
            "exp": now + LIFETIME_SECONDS,
            "fva": [0, -1],
            "iat": now,
            "iss": self.issuer,
            "nbf": now - 10,
            "sid": session_id or f"sess_{user.removeprefix('user_')}",
            "sts": "active",
            "sub": user,
            "v": 2,
        }
        if org:
            claims["o"] = {"id": org, "slg": slug or org.removeprefix("org_")}
            if role:
                claims["o"]["rol"] = role
        headers = {"kid": _KEY_ID, "cat": _CATEGORY}
        return jwt.encode(claims, self._key, algorithm="RS256", headers=headers)


def _private_key(file: Path) -> rsa.RSAPrivateKey:
    """The key of the file, or a new one put there."""
    with contextlib.suppress(FileNotFoundError, ValueError):
        kept = serialization.load_pem_private_key(file.read_bytes(), password=None)
        if isinstance(kept, rsa.RSAPrivateKey):
            return kept
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    private_file.write(file, pem.decode())
    return key
