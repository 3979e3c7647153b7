"""An HTTP/1.1 answer as DynamoDB sends it, read strictly.

Source: RFC 9112. A status line, header fields, and the bytes that one Content-Length counts. Any
other framing is broken rather than guessed at, chunks included, which DynamoDB never sends: an
answer that is read wrongly could be taken for "there is no such key". It is what stands before
DynamoDB that answers so, for a moment, so the same again may go better.
"""

from collections.abc import Callable
from typing import NamedTuple

_MOST_HEAD = 16_384
# An item is at most 400 KB; numbers grow where JSON names their types.
_MOST_BODY = 4_194_304


class Broken(Exception):
    """The response was missing, truncated or malformed. A retry may succeed."""


class Refused(Exception):
    """What would be the same the next time: a mistake of ours, a server not verified."""


class Response(NamedTuple):
    """An answer; the names of `headers` are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes
    may_go_on: bool
    """Whether the server keeps the connection for another request."""


def read(data: bytes, more: Callable[[], bytes]) -> Response:
    """The answer that begins with `data`; `more` receives at least one byte, or raises."""
    while (end := data.find(b"\r\n\r\n")) < 0:
        if len(data) > _MOST_HEAD:
            raise Broken("header fields without an end")
        data += more()
    version, status, headers = _parse_head(data[:end].decode("latin-1"))
    length = _length(headers)
    parts = [data[end + 4 :]]
    missing = length - len(parts[0])
    while missing > 0:
        parts.append(more())
        missing -= len(parts[-1])
    if missing < 0:
        raise Broken("more bytes than Content-Length counts")
    options = headers.get("connection", "").lower().replace(" ", "").split(",")
    may_go_on = "close" not in options and (version == "HTTP/1.1" or "keep-alive" in options)
    return Response(status, headers, b"".join(parts), may_go_on)


def _parse_head(head: str) -> tuple[str, int, dict[str, str]]:
    first, *fields = head.split("\r\n")
    version, _, rest = first.partition(" ")
    status, _, _ = rest.partition(" ")
    if version not in {"HTTP/1.1", "HTTP/1.0"} or not _is_number(status, 3, 3):
        raise Broken("not an HTTP answer")
    headers: dict[str, str] = {}
    for field in fields:
        name, colon, value = field.partition(":")
        name = name.lower()
        # Also a line that continues another.
        if not colon or not name or name.strip() != name:
            raise Broken(f"the header field {name[:40]!r}")
        value = value.strip(" \t")
        # A field that stands twice is a list, and of two lengths there is none.
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return version, int(status), headers


def _length(headers: dict[str, str]) -> int:
    if "transfer-encoding" in headers:
        raise Broken("an answer with Transfer-Encoding")
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise Broken("an answer with Content-Encoding")
    length = headers.get("content-length", "")
    if not _is_number(length, 1, 7) or int(length) > _MOST_BODY:
        raise Broken(f"an answer with Content-Length {length[:40]!r}")
    return int(length)


def _is_number(text: str, least: int, most: int) -> bool:
    return text.isascii() and text.isdigit() and least <= len(text) <= most
