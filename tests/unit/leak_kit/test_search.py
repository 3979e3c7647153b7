import base64
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ac_scan.search import search
from ac_scan.spelling import SPELLINGS
from agentcontainer.keys import token
from tests.support.disguises import DISGUISES

ALPHABET = string.digits + string.ascii_letters
bodies = st.text(ALPHABET, min_size=32, max_size=32).map("ac_live_".__add__)
tokens = bodies.map(lambda body: body + token.checksum(body))
# What separates the pieces of a split key: anything but what a key is made of.
gaps = st.text(" \t\r\n\"'\\+#>,;:|*/=()[]\u200b", max_size=20).filter(
    lambda gap: not gap.endswith("\\")
)


def found(text: bytes) -> set[str]:
    """The keys in a text."""
    return {hit.token.decode() for hit in search(text)}


@pytest.mark.parametrize("name", DISGUISES)
@given(key=tokens)
def test_a_key_is_found_in_every_disguise(name: str, key: str) -> None:
    """Whatever its characters are."""
    assert found(DISGUISES[name](key)) == {key}


@given(st.binary(max_size=100), tokens, st.binary(max_size=100))
def test_base64_is_seen_through_wherever_the_key_begins(
    before: bytes, key: str, after: bytes
) -> None:
    """Between any bytes, in both alphabets, in lines or not, and twice."""
    data = before + key.encode() + after
    for encode in (base64.b64encode, base64.urlsafe_b64encode, base64.encodebytes):
        assert key in found(encode(data))
        assert key in found(base64.b64encode(before + encode(key.encode())))


@given(tokens, st.lists(st.tuples(st.integers(1, 45), gaps), max_size=5))
def test_a_key_is_found_however_it_is_split(key: str, splits: list[tuple[int, str]]) -> None:
    """In up to six pieces, with any punctuation and white space between them."""
    split = key
    for place, gap in sorted(splits, reverse=True):
        split = split[:place] + gap + split[place:]
    assert found(split.encode()) == {key}


@given(tokens, st.data())
def test_one_wrong_character_is_no_key_in_any_spelling(key: str, data: st.DataObject) -> None:
    """The checksum is looked at in all of them; base64 can share a key's last bits with others."""
    place = data.draw(st.integers(8, 43))
    wrong = data.draw(st.sampled_from(ALPHABET).filter(lambda one: one != key[place]))
    broken = (key[:place] + wrong + key[place + 1 :]).encode()
    for spelling in SPELLINGS:
        assert search(spelling.encode(broken)) == []


@given(st.integers(0, 38), tokens)
def test_a_cut_key_does_not_hide_the_one_behind_it(kept: int, key: str) -> None:
    """As hints and examples are cut: what follows is read from its own beginning."""
    cut = "ac_live_" + "x" * kept
    assert key in found(f"{cut}{key}".encode())
    assert key in found(f"{cut}\n{key}".encode())


@given(st.text(max_size=50), tokens, st.text(max_size=50))
def test_the_place_is_from_the_first_character_to_the_last(
    before: str, key: str, after: str
) -> None:
    """In the text as it was, with what the search leaves out."""
    text = f"{before}\n{key[:20]}\\\n  {key[20:]}\n{after}".encode()
    [hit] = search(text)
    assert text[hit.start :].startswith(key[:20].encode())
    assert text[: hit.end].endswith(key[20:].encode())


@given(st.binary(max_size=300))
def test_other_bytes_hold_no_key_and_never_raise(data: bytes) -> None:
    """Nor do they behind a needle."""
    for spelling in SPELLINGS:
        assert search(spelling.needle + data) == []
