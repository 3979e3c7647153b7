from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentcontainer.dynamodb.lean.http1 import Broken, read
from tests.support.dynamodb_stub import http

bodies = st.binary(max_size=200)


def in_pieces(whole: bytes, cuts: list[int]) -> Iterator[bytes]:
    """The octets in pieces, none of them empty."""
    bounds = sorted({0, len(whole), *(cut % len(whole) for cut in cuts)})
    return (whole[start:end] for start, end in pairwise(bounds))


@given(bodies, st.lists(st.integers(0, 10_000), max_size=8))
def test_it_does_not_matter_how_an_answer_arrives(body: bytes, cuts: list[int]) -> None:
    """In one piece or in many, cut anywhere, it reads the same."""
    pieces = in_pieces(http(body), cuts)
    response = read(next(pieces), lambda: next(pieces))
    assert (response.status, response.body, response.may_go_on) == (200, body, True)
    assert list(pieces) == []


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_octets_are_an_answer_or_an_error(data: bytes) -> None:
    """Whatever a server sends first, nothing but Broken is raised for it: it may be tried again."""

    def more() -> bytes:
        raise Broken("no more")

    try:
        response = read(data, more)
    except Broken:
        return
    assert data.endswith(response.body)


@given(bodies, bodies.filter(bool))
def test_what_follows_an_answer_breaks_it(body: bytes, behind: bytes) -> None:
    """More octets than were counted: the one or the other is wrong."""
    with pytest.raises(Broken, match="more bytes"):
        read(http(body) + behind, lambda: b"")


@pytest.mark.parametrize(
    "field",
    ["no colon", ": no name", "name : value", " name: value", "a: b\r\n\tc: d"],
)
def test_header_fields_are_read_strictly(field: str) -> None:
    """What two readers could read in two ways is not read at all."""
    with pytest.raises(Broken, match="header field"):
        read(f"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n{field}\r\n\r\n".encode(), lambda: b"")


def test_names_are_in_lower_case_and_values_without_spaces_around() -> None:
    """As fields are compared."""
    data = b"HTTP/1.1 200 OK\r\nX-Amz-Crc32:  7 \r\nContent-Length:0\r\n\r\n"
    assert read(data, lambda: b"").headers == {"x-amz-crc32": "7", "content-length": "0"}


def test_fields_that_stand_twice_are_a_list() -> None:
    """Some servers name themselves twice; two lengths or two ways to frame are refused."""
    head = "HTTP/1.1 200 OK\r\nserver: a\r\nServer: b\r\ncontent-length: 0\r\n"
    assert read(f"{head}\r\n".encode(), lambda: b"").headers["server"] == "a, b"
    with pytest.raises(Broken, match="Content-Length '0, 0'"):
        read(f"{head}Content-Length: 0\r\n\r\n".encode(), lambda: b"")


@pytest.mark.parametrize(
    ("version", "connection", "then"),
    [
        ("HTTP/1.1", None, "goes on"),
        ("HTTP/1.1", "keep-alive", "goes on"),
        ("HTTP/1.1", "Keep-Alive, Close", "ends"),
        ("HTTP/1.1", "close", "ends"),
        ("HTTP/1.0", None, "ends"),
        ("HTTP/1.0", "Keep-Alive", "goes on"),
    ],
)
def test_a_connection_goes_on_if_the_server_lets_it(
    version: str, connection: str | None, then: str
) -> None:
    """By the version's default, or by what the server says."""
    whole = http(b"{}", version=version, connection=connection)
    assert read(whole, lambda: b"").may_go_on is (then == "goes on")
