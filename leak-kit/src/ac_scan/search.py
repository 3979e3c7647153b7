"""Finds keys in a piece of text, in any spelling, however they are split.

Everything but letters, digits and underscores is left out first: line ends with what stands around
them (quotes, backslashes, plus signs, indentation), the zeros of UTF-16, invisible characters. So a
split key is whole again, and what the leaving out brings together by chance fails the checksum.
"""

import re
from collections.abc import Iterator
from itertools import compress
from typing import NamedTuple

from ac_scan.spelling import SPELLINGS, Spelling
from ac_scan.token import ALPHABET

_KEPT = ALPHABET + b"_"
_LEFT_OUT = bytes(set(range(256)) - set(_KEPT))
_IS_KEPT = bytes(byte in _KEPT for byte in range(256))
# As strings in JSON and in source code spell a line end: letters that are none of the key's.
_ESCAPED_LINE_END = re.compile(rb"\\[nrt]")


class Hit(NamedTuple):
    """A key, and the place in the text from its first character to behind its last."""

    token: bytes
    start: int
    end: int
    spelling: str


def search(text: bytes) -> list[Hit]:
    """Every key in `text`."""
    blanked = _ESCAPED_LINE_END.sub(b"  ", text)
    squeezed = blanked.translate(None, _LEFT_OUT)
    found = [hit for spelling in _SOUGHT for hit in _in_one_spelling(squeezed, *spelling)]
    if not found:
        return []
    places = list(compress(range(len(blanked)), blanked.translate(_IS_KEPT)))
    return [hit._replace(start=places[hit.start], end=places[hit.end - 1] + 1) for hit in found]


_SOUGHT = [(spelling, spelling.needle, spelling.length) for spelling in SPELLINGS]


def _in_one_spelling(text: bytes, spelling: Spelling, needle: bytes, length: int) -> Iterator[Hit]:
    at = text.find(needle)
    while at >= 0:
        token = spelling.read(text[at : at + length])
        if token:
            yield Hit(token, at, at + length, spelling.name)
        at = text.find(needle, at + 1)
