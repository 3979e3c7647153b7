import pytest
from hypothesis import given
from hypothesis import strategies as st

from ac_scan.scan import scan
from agentcontainer.keys import token


@given(st.lists(st.integers(0, 30_000), max_size=6), st.integers(0, 25_000))
def test_a_key_is_found_once_wherever_the_chunks_end(cuts: list[int], lines: int) -> None:
    """With its line, though chunks end in it, and though it stands where they overlap."""
    key = token.mint().encode()
    text = b"\n" * lines + key + b"\n" * 5_000
    ends = sorted({*cuts, len(text)})
    chunks = [text[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    [found] = scan(chunks)
    assert (found.token, found.line) == (key, lines + 1)


@pytest.mark.parametrize("before", [0, 20_000])
@pytest.mark.parametrize("cut", range(47))
def test_a_key_is_found_once_though_a_chunk_ends_in_it(cut: int, before: int) -> None:
    """Or right before or behind it; with a chunk that is shorter than the overlap, and longer."""
    key = token.mint().encode()
    chunks = [b"\n" * before + key[:cut], key[cut:] + b"\n", b"\n"]
    assert [found.line for found in scan(chunks)] == [before + 1]


def test_keys_of_several_chunks_are_counted_through() -> None:
    """Lines go on where the chunk before ended."""
    keys = [token.mint().encode() for _ in range(3)]
    chunks = [b"x\n" * 20_000 + key + b"\n" for key in keys]
    assert [(found.token, found.line) for found in scan(chunks)] == [
        (key, 20_001 * place) for place, key in enumerate(keys, start=1)
    ]


def test_memory_does_not_grow_with_one_long_line() -> None:
    """A text without a line end is read like any other."""
    key = token.mint().encode()
    chunks = [b"x" * 1_000_000, key[:10], key[10:], b"x" * 1_000_000]
    assert [found.line for found in scan(chunks)] == [1]
