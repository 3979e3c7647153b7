"""Bytes as text to search: what is binary is told apart, UTF-16 and UTF-32 become UTF-8."""

import codecs
from collections.abc import Iterator
from typing import BinaryIO

CHUNK = 1 << 20

# As much as git looks at.
_SAMPLE = 8000
_TEXT = bytes({0, 8, 9, 10, 12, 13, 27, *range(32, 127), *range(128, 256)})
# UTF-32's first: UTF-16's is the beginning of it.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def text_chunks(stream: BinaryIO, *, binary: bool = False) -> Iterator[bytes] | None:
    """The stream's text in chunks; None if it is binary, unless that is to be read too."""
    first = stream.read(CHUNK)
    if not binary and is_binary(first[:_SAMPLE]):
        return None
    return _decoded(first, stream)


def is_binary(sample: bytes) -> bool:
    """By zeros, as git does; but text whose only oddity is zeros is UTF-16, or partly so."""
    if b"\0" not in sample or _encoding(sample):
        return False
    return bool(sample.translate(None, _TEXT))


def _encoding(sample: bytes) -> str | None:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if sample.startswith(mark):
            return encoding
    return None


def _decoded(first: bytes, stream: BinaryIO) -> Iterator[bytes]:
    encoding = _encoding(first)
    if not encoding:
        return _read(first, stream)
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    return (decoder.decode(chunk).encode() for chunk in _read(first, stream))


def _read(chunk: bytes, stream: BinaryIO) -> Iterator[bytes]:
    while chunk:
        yield chunk
        chunk = stream.read(CHUNK)
