import binascii
import hashlib
import re
import string

from hypothesis import given
from hypothesis import strategies as st

from agentcontainer.keys import token

BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
bodies = st.text(BASE62, min_size=32, max_size=32).map("ac_live_".__add__)
tokens = bodies.map(lambda body: body + token.checksum(body))


def test_a_minted_token_has_the_published_form_and_parses() -> None:
    """Scanners find a token by the contract's expression, and it parses as itself."""
    minted = token.mint()
    assert re.fullmatch(r"\bac_live_[0-9A-Za-z]{38}\b", minted)
    assert len(minted) == 46
    assert token.parse(minted) == minted


def test_minted_tokens_differ_and_use_every_character() -> None:
    """The random part is drawn from the whole alphabet, without repeats among 2,000 tokens."""
    minted = {token.mint() for _ in range(2000)}
    assert len(minted) == 2000
    assert set("".join(t[8:40] for t in minted)) == set(BASE62)


def test_the_checksum_has_its_known_answers() -> None:
    """Worked out once, apart from the code; the last one has a leading zero."""
    assert token.checksum("ac_live_00000000000000000000000000000000") == "47LJsQ"
    assert token.checksum("ac_live_zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz") == "3LQ84W"
    assert token.checksum("ac_live_0123456789ABCDEFGHIJKLMNOPQRSTUV") == "0VxI3t"


@given(bodies)
def test_the_checksum_reads_back_as_the_crc(body: str) -> None:
    """Read as a base62 number, most significant digit first, it is the CRC-32 of the body."""
    number = sum(
        BASE62.index(digit) * 62**place
        for place, digit in enumerate(reversed(token.checksum(body)))
    )
    assert number == binascii.crc32(body.encode())


@given(tokens, st.data())
def test_any_one_wrong_character_is_refused(good: str, data: st.DataObject) -> None:
    """A typing error in any place is caught without a look-up."""
    place = data.draw(st.integers(0, 45))
    wrong = data.draw(st.sampled_from(BASE62).filter(lambda c: c != good[place]))
    assert token.parse(good[:place] + wrong + good[place + 1 :]) is None


@given(st.text())
def test_other_text_is_no_token(text: str) -> None:
    """Text that was not minted does not parse, and never raises."""
    assert token.parse(text) is None


@given(tokens)
def test_nothing_may_stand_around_a_token(good: str) -> None:
    """White space, a line end or a look-alike digit makes it no token."""
    for text in (good + "\n", " " + good, good + " ", good[:-1] + "٣", good.upper()):
        assert token.parse(text) is None


@given(
    tokens,
    st.sampled_from(["Bearer", "bearer", "BEARER", "bEaReR"]),
    st.integers(1, 5),
)
def test_a_header_gives_its_token(good: str, scheme: str, spaces: int) -> None:
    """The scheme in any case and one or more spaces, as RFC 9110 has it."""
    assert token.parse_header(scheme + " " * spaces + good) == good


@given(tokens)
def test_other_headers_give_none(good: str) -> None:
    """No scheme, another scheme, anything behind the token, two tokens: all malformed."""
    for header in (
        good,
        f"Basic {good}",
        f"Bearer{good}",
        f"Bearer\t{good}",
        f"Bearer {good} ",
        f"Bearer {good},Bearer {good}",
        f" Bearer {good}",
        f"Bearer {good}\n",
        "",
    ):
        assert token.parse_header(header) is None


@given(tokens)
def test_the_digest_is_sha_256_of_the_whole_token(good: str) -> None:
    """Lower-case hex, so that any tool can look a token up."""
    assert token.digest(good) == hashlib.sha256(good.encode()).hexdigest()


@given(tokens)
def test_a_hint_shows_eight_characters_of_the_secret_part(good: str) -> None:
    """Prefix, first four random characters, last four: enough to tell keys apart."""
    assert token.hint(good) == f"ac_live_{good[8:12]}...{good[-4:]}"


@given(st.text(), tokens, st.text())
def test_redaction_leaves_no_token(before: str, good: str, after: str) -> None:
    """Whatever surrounds it, a token is not in redacted text."""
    assert good not in token.redact(f"{before} {good} {after}")
