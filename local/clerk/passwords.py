"""Passwords: what one must be like, and what is kept of it."""

import base64
import functools
import hashlib
import hmac
import secrets

from local.clerk.errors import invalid
from local.clerk.users import PASSWORD, User

SHORTEST, LONGEST = 8, 72

# N, r and p: 16 MB and some tens of milliseconds a guess. OWASP's password storage cheat sheet has
# 2^14, 8, 5; a fifth of that time does for passwords that open this machine's run alone.
_COST = (2**14, 8, 1)
_SALT_BYTES = 16


def check(password: str, parameter: str) -> str:
    """The password, if it can be one; `parameter` is the field that it was typed into."""
    if len(password) < SHORTEST:
        message = f"Passwords must be {SHORTEST} characters or more."
        raise invalid("form_password_length_too_short", message, parameter)
    if len(password.encode()) > LONGEST:
        message = f"Passwords must be {LONGEST} bytes or less."
        raise invalid("form_password_size_in_bytes_exceeded", message, parameter)
    return password


def hash_of(password: str) -> str:
    """What is kept of a password: scrypt's cost, salt and hash."""
    salt = secrets.token_bytes(_SALT_BYTES)
    cost = "$".join(str(number) for number in _COST)
    return f"scrypt${cost}${_text(salt)}${_text(_scrypt(password, salt, _COST))}"


def belongs_to(user: User, password: str) -> bool:
    """Whether this is the user's password."""
    _, n, r, p, salt, kept = (user.password_hash or _printed()).split("$")
    found = _scrypt(password, base64.b64decode(salt), (int(n), int(r), int(p)))
    return hmac.compare_digest(found, base64.b64decode(kept))


@functools.cache
def _printed() -> str:
    """The seeded users' hash, made when the first of them signs in: a start does not wait."""
    return hash_of(PASSWORD)


def _scrypt(password: str, salt: bytes, cost: tuple[int, int, int]) -> bytes:
    n, r, p = cost
    return hashlib.scrypt(password.encode(), salt=salt, n=n, r=r, p=p)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
