from dataclasses import replace
from pathlib import Path

import pytest

from blueprint.errors import Refusal
from local.clerk import directory
from local.clerk.directory import Directory
from local.clerk.errors import Rejected
from local.clerk.users import (
    ACME,
    ADMIN,
    ADMIN_ROLE,
    MEMBER,
    Address,
    Invitation,
    Member,
    Organization,
    User,
)

KEPT = "scrypt$2$8$1$c2FsdA==$aGFzaA=="
ADA = User(
    "user_ada",
    (Address("ada@example.com"), Address("ada@work.example", verified=False)),
    "Ada",
    password_hash=KEPT,
)
SOCIETY = Organization(
    "org_society",
    "Society",
    "society",
    {ADA.id: Member(ADMIN_ROLE, 5)},
    (Invitation("orginv_1", "grace@example.com", ADMIN_ROLE, 6),),
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a directory is kept."""
    return tmp_path / "clerk-users.json"


def kept(file: Path) -> Directory:
    """A directory with a newcomer and their organization, written down."""
    found = Directory(file)
    found.add_user(ADA)
    found.add_organization(SOCIETY, ADA)
    found.keep()
    return found


def test_everybody_outlives_a_restart(file: Path) -> None:
    """To the last member of each, invitations and unverified addresses included."""
    before, after = kept(file), Directory(file)
    assert after.users == before.users
    assert after.organizations == before.organizations
    assert after.users[ADA.id] == ADA
    assert after.organizations[SOCIETY.id] == SOCIETY


def test_the_file_is_its_owners(file: Path) -> None:
    """It holds addresses and hashes."""
    kept(file)
    assert file.stat().st_mode & 0o777 == 0o600


def test_nothing_is_written_without_news(file: Path) -> None:
    """Most requests only read."""
    found = kept(file)
    file.unlink()
    found.keep()
    assert not file.exists()


def test_the_seeded_users_are_at_every_start_as_the_greeting_says(file: Path) -> None:
    """Their names, password and roles; what others did in their organization stays."""
    found = kept(file)
    found.change_user(replace(ADMIN, first_name="Eve", password_hash=KEPT))
    found.change_organization(
        replace(
            ACME.without_member(ADMIN.id).with_member(ADA.id, Member(ADMIN_ROLE)), name="Not Acme"
        )
    )
    found.keep()
    again = Directory(file)
    assert [again.users[user.id] for user in (ADMIN, MEMBER)] == [ADMIN, MEMBER]
    acme = again.organizations[ACME.id]
    assert acme.name == ACME.name
    assert acme.members == {**ACME.members, ADA.id: Member(ADMIN_ROLE)}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"users": [{}], "organizations": []}'])
def test_a_file_that_cannot_be_read_is_a_sentence(file: Path, text: str) -> None:
    """Starting without it would leave keys without anybody who can sign in to them."""
    file.write_text(text)
    with pytest.raises(Refusal, match=r"RESET=1"):
        Directory(file)


def test_an_unverified_address_is_nobodys(file: Path) -> None:
    """It signs nobody in, and somebody else can still sign up with it."""
    found = kept(file)
    assert found.by_email(" ADA@example.com ") == ADA
    assert found.by_email("ada@work.example") is None
    found.check_unused("ada@work.example", "email_address")
    with pytest.raises(Rejected, match="taken"):
        found.check_unused("ada@example.com", "email_address")


def test_a_directory_has_bounds(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever signs up in a loop does not fill the disk."""
    found = kept(file)
    monkeypatch.setattr(directory, "MOST_USERS", len(found.users))
    monkeypatch.setattr(directory, "MOST_ORGANIZATIONS", len(found.organizations))
    with pytest.raises(Rejected, match="at most"):
        found.add_user(replace(ADA, id="user_other"))
    with pytest.raises(Rejected, match="at most"):
        found.add_organization(replace(SOCIETY, id="org_other"), ADA)


def test_whoever_is_deleted_is_nowhere(file: Path) -> None:
    """In no organization, not even one that has nobody left then."""
    found = kept(file)
    found.delete_user(ADA)
    assert ADA.id not in found.users
    assert found.members(found.organizations[SOCIETY.id]) == []
    assert found.by_email(ADA.email) is None
