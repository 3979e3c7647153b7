import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.clerk import passwords
from local.clerk.errors import Rejected
from local.clerk.users import ADMIN, PASSWORD, Address, User


def with_password(password: str) -> User:
    """Somebody who has chosen a password."""
    address = Address("ada@example.com")
    return User("user_1", (address,), password_hash=passwords.hash_of(password))


@given(st.text(min_size=1, max_size=72), st.text(max_size=72))
def test_a_hash_belongs_to_one_password(password: str, other: str) -> None:
    """Whatever characters it is made of."""
    user = with_password(password)
    assert passwords.belongs_to(user, password)
    assert passwords.belongs_to(user, other) == (other == password)


def test_a_hash_tells_nothing() -> None:
    """Not the password, and not that two people have the same one."""
    one, other = passwords.hash_of("correct horse"), passwords.hash_of("correct horse")
    assert one != other
    assert "correct" not in one


def test_a_guess_costs_something(monkeypatch: pytest.MonkeyPatch) -> None:
    """16 MB at the least; what was hashed for less still opens."""
    cheap = with_password("correct horse")
    monkeypatch.undo()
    kept = passwords.hash_of("correct horse")
    n, r, _ = (int(number) for number in kept.split("$")[1:4])
    assert 128 * n * r >= 16 * 2**20
    assert passwords.belongs_to(cheap, "correct horse")


def test_the_seeded_users_have_the_printed_password() -> None:
    """Until one of them changes it."""
    assert passwords.belongs_to(ADMIN, PASSWORD)
    assert not passwords.belongs_to(ADMIN, PASSWORD + " ")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("7 signs", "form_password_length_too_short"),
        ("x" * 73, "form_password_size_in_bytes_exceeded"),
        ("ü" * 37, "form_password_size_in_bytes_exceeded"),
    ],
    ids=["short", "long", "long in bytes"],
)
def test_what_can_be_no_password(password: str, code: str) -> None:
    """Said at the field that it was typed into, as Clerk says it."""
    with pytest.raises(Rejected) as rejected:
        passwords.check(password, "new_password")
    [error] = rejected.value.body["errors"]
    assert (error["code"], error["meta"]) == (code, {"param_name": "new_password"})


@pytest.mark.parametrize("password", ["8 signs!", "x" * 72, "ü" * 36])
def test_what_can_be_one(password: str) -> None:
    """At its shortest and longest."""
    assert passwords.check(password, "password") == password
