"""The secret of an API key: its form, checksum, digest and hint. Pure, standard library only.

A token is 190 bits from the system's CSPRNG, so it cannot be guessed, and a fast unsalted SHA-256
is enough to store it by. Never use this for passwords: people choose those.

The checksum is not a secret. It lets the authorizer turn away typing errors and made-up tokens
without a look-up, and lets scanners that search for leaked keys know a real one when they see it.
"""

import hashlib
import re
import zlib

PREFIX = "ac_live_"
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
RANDOM_LENGTH = 32
CHECKSUM_LENGTH = 6
_FINGERPRINT_LENGTH = 12

_TOKEN = re.compile(f"{PREFIX}[0-9A-Za-z]{{{RANDOM_LENGTH + CHECKSUM_LENGTH}}}")
_HEADER = re.compile(f"[Bb][Ee][Aa][Rr][Ee][Rr] +({_TOKEN.pattern})")
_REDACTED = f"{PREFIX}[redacted]"


def mint() -> str:
    """A new token: prefix, 32 random characters, 6 characters of checksum."""
    import secrets  # noqa: PLC0415 -- the authorizer imports this module and never mints

    body = PREFIX + "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LENGTH))
    return body + checksum(body)


def parse(text: str) -> str | None:
    """The token if `text` is one, form and checksum; else None."""
    if not _TOKEN.fullmatch(text):
        return None
    body, given = text[:-CHECKSUM_LENGTH], text[-CHECKSUM_LENGTH:]
    return text if checksum(body) == given else None


def parse_header(authorization: str) -> str | None:
    """The token of an `Authorization` header's value: `Bearer` in any case, spaces, the token."""
    match = _HEADER.fullmatch(authorization)
    return parse(match[1]) if match else None


def checksum(body: str) -> str:
    """CRC-32 (as in zlib) of prefix and random part, in base62, six digits."""
    number = zlib.crc32(body.encode())
    digits = ""
    for _ in range(CHECKSUM_LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    return digits


def digest(token: str) -> str:
    """Lower-case hex SHA-256 of the whole token: what is stored and looked up in its place."""
    return hashlib.sha256(token.encode()).hexdigest()


def fingerprint(digest: str) -> str:
    """Of a digest no more than tells secrets apart: what is logged and counted by."""
    return digest[:_FINGERPRINT_LENGTH]


def hint(token: str) -> str:
    """What may be shown of a token: `ac_live_Ab3x...9fQz`."""
    shown = len(PREFIX) + 4
    return f"{token[:shown]}...{token[-4:]}"


def holds_token(text: str) -> bool:
    """Whether a real token, form and checksum, stands anywhere in `text`."""
    # Matches do not overlap: what follows a prefix has no underscore.
    return any(parse(found) for found in _TOKEN.findall(text))


def redact(text: str) -> str:
    """`text` with everything that has a token's form cut out, for what is logged or recorded."""
    return _TOKEN.sub(_REDACTED, text)
