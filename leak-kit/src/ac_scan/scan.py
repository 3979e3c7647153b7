"""Finds the keys of a text that comes in chunks, with their lines, in memory that does not grow."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ac_scan.search import Hit, search

# A key that is split between two chunks is found if it stands within so many bytes.
_OVERLAP = 16 * 1024


class Found(NamedTuple):
    """A key, the line that it begins in, and how it is spelled."""

    token: bytes
    line: int
    spelling: str


def scan(chunks: Iterable[bytes]) -> Iterator[Found]:
    """Every key, once."""
    tail, line = b"", 1
    for chunk in chunks:
        window = tail + chunk
        for hit, hit_line in _with_lines(search(window), window, line):
            # What lies in the tail alone was found with the chunk before.
            if hit.end > len(tail):
                yield Found(hit.token, hit_line, hit.spelling)
        cut = max(0, len(window) - _OVERLAP)
        tail, line = window[cut:], line + window.count(b"\n", 0, cut)


def _with_lines(hits: list[Hit], window: bytes, line: int) -> Iterator[tuple[Hit, int]]:
    """Counts on from each to the next, for there may be very many."""
    counted = 0
    for hit in sorted(hits, key=lambda hit: hit.start):
        line += window.count(b"\n", counted, hit.start)
        counted = hit.start
        yield hit, line
