"""Codes that an e-mail brings: they show whose an address is."""

import hmac
import secrets
from dataclasses import dataclass, field

from local.clerk import objects
from local.clerk.errors import invalid

LIFETIME_MINUTES = 10
_MOST_ATTEMPTS = 5


def _digits() -> str:
    return f"{secrets.randbelow(10**6):06}"


def _end() -> int:
    return objects.now() + LIFETIME_MINUTES * 60 * 1000


@dataclass(slots=True)
class Code:
    """Six digits, good for one address, for ten minutes and for a few attempts. Never stored."""

    strategy: str
    digits: str = field(default_factory=_digits)
    expires_at: int = field(default_factory=_end)
    attempts: int = 0

    def check(self, given: str) -> None:
        """Rejects whatever is not this code, and this code once it is old or was guessed at."""
        if objects.now() >= self.expires_at:
            message = "This verification has expired. You must create a new one."
            raise invalid("verification_expired", message, "code")
        if self.attempts >= _MOST_ATTEMPTS:
            message = "Too many failed attempts. Ask for a new code."
            raise invalid("verification_failed", message, "code")
        self.attempts += 1
        if not hmac.compare_digest(given.encode(), self.digits.encode()):
            raise invalid("form_code_incorrect", "Incorrect code", "code")
