"""How a key can be spelled: as it is, with an escaped underscore, in hexadecimal, in base64.

Base64 depends on where in the encoded data the key begins, but only on that, modulo 3. Each place
gives a run of characters that belong to the key alone, whatever stands around it; the run of the
prefix is what is looked for. A key is ASCII, and no run has one of the characters in which base64
and its URL-safe variant differ.
"""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass

from ac_scan.token import CHECKSUM_LENGTH, FORM, LENGTH, PREFIX, checksum

_BODY_LENGTH = LENGTH - CHECKSUM_LENGTH
_SAMPLE = PREFIX.ljust(LENGTH, b"0")
_HEXADECIMAL = re.compile(rb"(?:[0-9A-Fa-f]{2})*")

# What an underscore becomes, without the punctuation that the search leaves out: in URLs (escaped
# once and twice), in JSON and JavaScript, in HTML.
_UNDERSCORES = (b"5F", b"5f", b"255F", b"255f", b"u005f", b"u005F", b"x5f", b"x5F", b"95")


@dataclass(frozen=True)
class Spelling:
    """One way to write a key; `encode` gives what is certain of data written so."""

    name: str
    encode: Callable[[bytes], bytes]
    decode: Callable[[bytes], bytes]

    @property
    def needle(self) -> bytes:
        """How every key begins in this spelling."""
        return self.encode(PREFIX)

    @property
    def length(self) -> int:
        """That of a whole key in this spelling."""
        return len(self.encode(_SAMPLE))

    def read(self, piece: bytes) -> bytes | None:
        """The key that `piece` spells, if it does.

        Its last bits may be shared with what follows, so the checksum is worked out and spelled.
        """
        body = self.decode(piece)[:_BODY_LENGTH]
        token = body + checksum(body)
        return token if FORM.fullmatch(token) and self.encode(token) == piece else None


def _plain() -> Spelling:
    return Spelling("plain", bytes, bytes)


def _escaped(underscore: bytes) -> Spelling:
    needle = PREFIX.replace(b"_", underscore)
    return Spelling(
        "escaped",
        lambda data: data.replace(b"_", underscore),
        lambda piece: PREFIX + piece[len(needle) :],
    )


def _hexadecimal(case: Callable[[bytes], bytes]) -> Spelling:
    return Spelling("hexadecimal", lambda data: case(data.hex().encode()), _from_hexadecimal)


def _from_hexadecimal(piece: bytes) -> bytes:
    return bytes.fromhex(piece.decode()) if _HEXADECIMAL.fullmatch(piece) else b""


def _base64(inner: Spelling, place: int, name: str) -> Spelling:
    """Base64 of data that have `inner` at a `place`, modulo 3."""
    return Spelling(
        name,
        lambda data: _to_base64(inner.encode(data), place),
        lambda piece: inner.decode(_from_base64(piece, inner.needle, place)),
    )


def _to_base64(data: bytes, place: int) -> bytes:
    """The characters all of whose six bits are of `data`."""
    encoded = base64.b64encode(bytes(place) + data)
    return encoded[_shared(place) : 8 * (place + len(data)) // 6]


def _from_base64(piece: bytes, begins: bytes, place: int) -> bytes:
    """Back again; the first character, which is shared, comes from what the data begin with."""
    if not piece.isalnum():
        return b""
    whole = base64.b64encode(bytes(place) + begins)[: _shared(place)] + piece
    padded = whole + b"A" * (-len(whole) % 4)
    return base64.b64decode(padded)[place : 6 * len(whole) // 8]


def _shared(place: int) -> int:
    """How many characters hold bits of what stands before."""
    return -(-8 * place // 6)


def _all() -> list[Spelling]:
    plain = _plain()
    wide = Spelling(
        "UTF-16", lambda data: data.decode().encode("utf-16-le"), lambda data: data[::2]
    )
    once = [_base64(plain, place, "base64") for place in range(3)]
    return [
        plain,
        *map(_escaped, _UNDERSCORES),
        _hexadecimal(bytes.lower),
        _hexadecimal(bytes.upper),
        *once,
        *(_base64(wide, place, "base64 of UTF-16") for place in range(3)),
        *(_base64(one, place, "base64 twice") for one in once for place in range(3)),
    ]


SPELLINGS = _all()
