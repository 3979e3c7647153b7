"""What an API key looks like: prefix, 32 random characters, 6 characters of checksum.

The checksum is the CRC-32 of what stands before it, so a key is known without asking anybody: of
texts of the right form one in 62 ** 6, or 57 billion, passes for a key by chance.
"""

import hashlib
import re
import zlib

PREFIX = b"ac_live_"
ALPHABET = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
CHECKSUM_LENGTH = 6
LENGTH = 46
FORM = re.compile(rb"ac_live_[0-9A-Za-z]{38}")


def checksum(body: bytes) -> bytes:
    """CRC-32 (as in zlib) of prefix and random part, in base62, six digits."""
    number = zlib.crc32(body)
    digits = bytearray(CHECKSUM_LENGTH)
    for place in reversed(range(CHECKSUM_LENGTH)):
        number, digit = divmod(number, len(ALPHABET))
        digits[place] = ALPHABET[digit]
    return bytes(digits)


def is_token(text: bytes) -> bool:
    """Whether `text` is an API key, by form and checksum."""
    body, given = text[:-CHECKSUM_LENGTH], text[-CHECKSUM_LENGTH:]
    return FORM.fullmatch(text) is not None and checksum(body) == given


def hint(token: bytes) -> str:
    """What may be shown of a key: `ac_live_Ab3x...9fQz`, as on the Settings page."""
    shown = len(PREFIX) + 4
    return f"{token[:shown].decode()}...{token[-4:].decode()}"


def sha256(token: bytes) -> str:
    """What the service stores in the key's place; 190 random bits cannot be guessed from it."""
    return hashlib.sha256(token).hexdigest()
