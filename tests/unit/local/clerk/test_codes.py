import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.clerk import objects
from local.clerk.codes import Code
from local.clerk.errors import Rejected


def rejection(code: Code, given_: str) -> str:
    """Why something is not taken for the code."""
    with pytest.raises(Rejected) as rejected:
        code.check(given_)
    [error] = rejected.value.body["errors"]
    assert error["meta"] == {"param_name": "code"}
    return str(error["code"])


@given(st.text(max_size=8))
def test_a_code_is_its_six_digits_alone(text: str) -> None:
    """No other text passes for it."""
    code = Code("email_code", digits="012345")
    if text == "012345":
        code.check(text)
    else:
        assert rejection(code, text) == "form_code_incorrect"


def test_codes_are_six_digits_and_differ() -> None:
    """Leading zeros included."""
    codes = {Code("email_code").digits for _ in range(100)}
    assert len(codes) > 90
    assert all(len(code) == 6 and code.isdecimal() for code in codes)


def test_a_code_is_not_guessed_at_for_long() -> None:
    """After five wrong ones the right one is of no use either."""
    code = Code("email_code", digits="012345")
    for _ in range(5):
        assert rejection(code, "000000") == "form_code_incorrect"
    assert rejection(code, "012345") == "verification_failed"


def test_a_code_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten minutes after it was sent, to the millisecond."""
    code = Code("email_code", digits="012345")
    monkeypatch.setattr(objects, "now", lambda: code.expires_at - 1)
    code.check("012345")
    monkeypatch.setattr(objects, "now", lambda: code.expires_at)
    assert rejection(code, "012345") == "verification_expired"
