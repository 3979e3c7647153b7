"""The kit has its own copy of the format, for it must not need the service; it has to agree."""

from hypothesis import given
from hypothesis import strategies as st

from ac_scan import token as kit
from agentcontainer.keys import token as service

ALPHABET = kit.ALPHABET.decode()
bodies = st.text(ALPHABET, min_size=32, max_size=32).map(kit.PREFIX.decode().__add__)
tokens = bodies.map(lambda body: body + service.checksum(body))


@given(bodies)
def test_both_work_out_the_same_checksum(body: str) -> None:
    """Of any prefix and random part."""
    assert kit.checksum(body.encode()).decode() == service.checksum(body)


@given(tokens)
def test_both_show_and_store_the_same_of_a_key(token: str) -> None:
    """The kit's hint and SHA-256 are those that the dashboard shows and an operator looks up."""
    assert kit.is_token(token.encode())
    assert kit.hint(token.encode()) == service.hint(token)
    assert kit.sha256(token.encode()) == service.digest(token)


@given(tokens, st.integers(0, 45), st.sampled_from(f"{ALPHABET}_-é\n"))
def test_both_reject_the_same(token: str, place: int, character: str) -> None:
    """With any one character another one, or not, and with one more."""
    for text in (token[:place] + character + token[place + 1 :], token + character):
        assert kit.is_token(text.encode()) == (service.parse(text) is not None)


def test_what_is_minted_is_found() -> None:
    """Without any of the kit's constants in between."""
    assert kit.is_token(service.mint().encode())
