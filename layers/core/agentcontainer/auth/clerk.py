"""Clerk session tokens: what is accepted, and who it says is signed in.

Clerk's own libraries accept more than a session token of this instance: other kinds of token,
tokens without expiry, duplicate members, unknown critical headers. So the token is read strictly
here, the signature comes before any claim is believed, and every claim that decides who owns
something has to be there and well-formed. Only the RSA arithmetic is a library's (PyJWT on
cryptography). Source: Clerk's documentation of session tokens, versions 1 and 2; RFC 7515, 7519.
"""

import base64
import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import RSAAlgorithm
from jwt.exceptions import InvalidKeyError

from agentcontainer import strict_json

MAX_TOKEN_BYTES = 8192
MAX_LIFETIME_SECONDS = 3600

_TOKEN = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)")
_ID = r"[0-9A-Za-z_]{1,100}"
# Categories: a session token, and the one that some instances stamp on every class of token.
# A tuple: what is compared with it may be of any type, also one that has no hash.
_CATEGORIES = ("cl_B7d4PD111AAA", "cl_I7d4PD111III")
# Headers that change what is signed, how it is read, or which key is to be believed.
_REFUSED_HEADERS = frozenset({"crit", "b64", "zip", "cty", "jwk", "jku", "x5u", "x5c"})
_MIN_KEY_BITS = 2048
_MIN_EXPONENT = 65537


class SessionRejected(Exception):
    """The token is not accepted; `reason` is one word for logs, never for the caller."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Session:
    """A Clerk sign-in. `org_role` has no `org:` in front, whichever version the token is of."""

    user_id: str
    session_id: str
    org_id: str | None
    org_role: str | None
    minutes_since_first_factor: int | None


class SessionVerifier:
    """Verifies session tokens of one Clerk instance, without any network.

    Args:
        jwks: the instance's JSON Web Key Set. Keys that are not RSA signature keys for RS256 of at
            least 2,048 bits are left out, and so is a `kid` that stands for two keys.
        issuer: the only `iss` that is accepted.
        authorized_parties: the origins that are accepted as `azp`.
        clock_skew: seconds by which Clerk's clock and ours may differ.
        audiences: what is accepted as `aud`. A token without one is for every service of the
            instance; one that is for somebody else must not open this one (RFC 7519, 4.1.3).

    """

    def __init__(
        self,
        jwks: Mapping[str, Any],
        issuer: str,
        authorized_parties: Collection[str],
        clock_skew: float = 5.0,
        audiences: Collection[str] = (),
    ) -> None:
        self.keys = _signature_keys(jwks)
        self._issuer = issuer
        self._authorized_parties = frozenset(authorized_parties)
        self._clock_skew = clock_skew
        self._audiences = frozenset(audiences)

    def verify(self, token: str, *, now: float) -> Session:
        """The session that `token` proves at `now` (seconds since the epoch).

        Raises SessionRejected, and nothing else, for whatever is not accepted.
        """
        if len(token) > MAX_TOKEN_BYTES:
            _reject("size")
        parts = _TOKEN.fullmatch(token)
        if parts is None:
            _reject("malformed")
        header, claims = _read_object(parts[1]), _read_object(parts[2])
        key = self._key_for(header)
        signed = token[: parts.end(2)].encode()
        if not RSAAlgorithm(RSAAlgorithm.SHA256).verify(signed, key, _read_bytes(parts[3])):
            _reject("signature")
        self._check_times(claims, now)
        self._check_origin(claims)
        return _session(claims)

    def _key_for(self, header: Mapping[str, Any]) -> RSAPublicKey:
        if header.get("alg") != "RS256":
            _reject("alg")
        if "typ" in header and header["typ"] != "JWT":
            _reject("type")
        if "cat" in header and header["cat"] not in _CATEGORIES:
            _reject("category")
        if _REFUSED_HEADERS & header.keys():
            _reject("header")
        kid = header.get("kid")
        if not isinstance(kid, str) or kid not in self.keys:
            _reject("kid")
        return self.keys[kid]

    def _check_times(self, claims: Mapping[str, Any], now: float) -> None:
        expires, issued = _number(claims.get("exp")), _number(claims.get("iat"))
        if expires <= now - self._clock_skew:
            _reject("expired")
        if issued > now + self._clock_skew:
            _reject("not-yet")
        if "nbf" in claims and _number(claims["nbf"]) > now + self._clock_skew:
            _reject("not-yet")
        if not issued < expires <= issued + MAX_LIFETIME_SECONDS:
            _reject("lifetime")

    def _check_origin(self, claims: Mapping[str, Any]) -> None:
        if claims.get("iss") != self._issuer:
            _reject("iss")
        party = claims.get("azp")
        if not isinstance(party, str) or party not in self._authorized_parties:
            _reject("azp")
        if "aud" in claims and not self._audiences & _audience(claims["aud"]):
            _reject("aud")
        if "cnf" in claims:
            # Whoever presents it would have to prove a key of theirs (RFC 7800).
            _reject("bound")


def _audience(value: object) -> frozenset[str]:
    """Whom a token is for: one name, or several in a list."""
    names = value if isinstance(value, list) else [value]
    if not all(isinstance(name, str) for name in names):
        _reject("aud")
    return frozenset(names)


def _session(claims: Mapping[str, Any]) -> Session:
    if claims.get("sts", "active") != "active":
        _reject("pending")
    if claims.get("act") is not None:
        # Somebody acting for the user: keys outlive the session, so nobody makes them for others.
        _reject("actor")
    org_id, org_role = _organization(claims)
    return Session(
        user_id=_id(claims.get("sub"), "user"),
        session_id=_id(claims.get("sid"), "sess"),
        org_id=org_id,
        org_role=org_role,
        minutes_since_first_factor=_minutes_since_first_factor(claims.get("fva")),
    )


def _organization(claims: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Id and role of the active organization, only from where the token's version puts them."""
    version = claims.get("v", 1)
    if type(version) is not int or version not in {1, 2}:
        _reject("claims")
    if version == 1:
        org_id, role = claims.get("org_id"), claims.get("org_role")
    else:
        organization = claims.get("o")
        if organization is None:
            return None, None
        if not isinstance(organization, dict) or organization.get("id") is None:
            _reject("org")
        org_id, role = organization["id"], organization.get("rol")
    if org_id is None:
        return None, None
    if role is not None and not isinstance(role, str):
        _reject("org")
    return _id(org_id, "org"), role.removeprefix("org:") if role else None


def _id(value: object, prefix: str) -> str:
    if not isinstance(value, str) or not re.fullmatch(f"{prefix}_{_ID}", value):
        _reject("claims")
    return value


def _minutes_since_first_factor(value: object) -> int | None:
    match value:
        case [int(minutes), *_] if not isinstance(minutes, bool) and minutes >= 0:
            return minutes
    return None


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        _reject("claims")
    try:
        number = float(value)
    except OverflowError:
        _reject("claims")
    if not math.isfinite(number):
        _reject("claims")
    return number


def _read_bytes(part: str) -> bytes:
    """Decodes base64url without padding, in its one canonical spelling (RFC 7515)."""
    try:
        decoded = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError:
        _reject("malformed")
    if base64.urlsafe_b64encode(decoded).rstrip(b"=") != part.encode():
        _reject("malformed")
    return decoded


def _read_object(part: str) -> dict[str, Any]:
    try:
        value = strict_json.loads(_read_bytes(part).decode("utf-8"))
    except ValueError:
        _reject("malformed")
    if not isinstance(value, dict):
        _reject("malformed")
    return value


def _signature_keys(jwks: Mapping[str, Any]) -> dict[str, RSAPublicKey]:
    """The usable keys by `kid`. An ambiguous `kid` is worse than a missing one: both go."""
    keys: dict[str, RSAPublicKey] = {}
    seen: set[str] = set()
    for jwk in jwks.get("keys", ()):
        kid, key = jwk.get("kid"), _rsa_key(jwk)
        if not isinstance(kid, str):
            continue
        if kid in seen:
            keys.pop(kid, None)
        elif key is not None:
            keys[kid] = key
        seen.add(kid)
    return keys


def _rsa_key(jwk: Mapping[str, Any]) -> RSAPublicKey | None:
    if (
        jwk.get("kty") != "RSA"
        or jwk.get("use", "sig") != "sig"
        or jwk.get("alg", "RS256") != "RS256"
        or not _may_verify(jwk.get("key_ops", ["verify"]))
    ):
        return None
    try:
        key = RSAAlgorithm.from_jwk({"kty": "RSA", "n": jwk["n"], "e": jwk["e"]})
    except (InvalidKeyError, KeyError, ValueError, TypeError):
        return None
    if not isinstance(key, RSAPublicKey) or key.key_size < _MIN_KEY_BITS:
        return None
    return key if key.public_numbers().e >= _MIN_EXPONENT else None


def _may_verify(operations: object) -> bool:
    """What a key is for narrows it, as its use does (RFC 7517, 4.3)."""
    return isinstance(operations, list) and "verify" in operations


def _reject(reason: str) -> NoReturn:
    raise SessionRejected(reason)
