import io

import pytest

from ac_scan.text import CHUNK, is_binary, text_chunks


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32", "utf-8-sig"])
def test_text_with_a_mark_comes_out_as_utf_8(encoding: str) -> None:
    """Also where a character lies on the border of two chunks."""
    text = "a" + "ключ\n" * (CHUNK // 8)
    chunks = text_chunks(io.BytesIO(text.encode(encoding)))
    assert chunks is not None
    assert b"".join(chunks).decode().lstrip("\ufeff") == text


def test_broken_text_is_read_to_its_end() -> None:
    """Half a pair of surrogates and an odd byte stop nobody's search."""
    broken = "a".encode("utf-16") + b"\x00\xd8" + "b".encode("utf-16-le") + b"c"
    chunks = text_chunks(io.BytesIO(broken))
    assert chunks is not None
    assert b"".join(chunks).decode().strip("\ufffd") == "a\ufffdb"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "ascii"])
def test_latin_text_without_a_mark_is_no_binary_file(encoding: str) -> None:
    """Its zeros are all that is odd about it."""
    assert not is_binary("KEY=value\r\n".encode(encoding))


@pytest.mark.parametrize(
    "start", [b"\x7fELF\x02\x01\x01\0", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"PK\3\4\x14\0\0\0"]
)
def test_programs_pictures_and_archives_are_binary(start: bytes) -> None:
    """They are skipped, and read when that is asked for."""
    assert text_chunks(io.BytesIO(start)) is None
    chunks = text_chunks(io.BytesIO(start), binary=True)
    assert chunks is not None
    assert b"".join(chunks) == start


def test_an_empty_file_is_text() -> None:
    """Without chunks."""
    chunks = text_chunks(io.BytesIO(b""))
    assert chunks is not None
    assert list(chunks) == []
