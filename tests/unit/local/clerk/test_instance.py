import json
import time
from pathlib import Path

import pytest

from agentcontainer.auth.clerk import Session, SessionRejected, SessionVerifier
from local.clerk.instance import Clerk

ORIGIN = "http://localhost:3000"


@pytest.fixture
def clerk(tmp_path: Path) -> Clerk:
    """An instance with a new key pair."""
    return Clerk(tmp_path / "clerk-key.pem", ORIGIN)


def verify(clerk: Clerk, token: str, *, issuer: str | None = None) -> Session:
    """What the deployed code takes a token for."""
    verifier = SessionVerifier(json.loads(clerk.jwks), issuer or clerk.issuer, [ORIGIN])
    return verifier.verify(token, now=time.time())


def test_its_tokens_pass_the_deployed_verifier(clerk: Clerk) -> None:
    """With and without an organization, as Clerk's would."""
    assert verify(clerk, clerk.session_token("user_demo")).user_id == "user_demo"
    session = verify(clerk, clerk.session_token("user_demo", "org_demo", "admin"))
    assert (session.org_id, session.org_role) == ("org_demo", "admin")
    assert verify(clerk, clerk.session_token("user_demo", "org_demo")).org_role is None


def test_no_deployed_stack_can_trust_it(clerk: Clerk) -> None:
    """Its issuer is not https, which the template demands, and its key is in no other set."""
    assert clerk.issuer.startswith("http://localhost")
    with pytest.raises(SessionRejected, match="iss"):
        verify(clerk, clerk.session_token("user_demo"), issuer="https://clerk.agentcontainer.com")


def test_a_key_that_cannot_be_read_is_replaced(tmp_path: Path) -> None:
    """Sessions of the local run are worth nothing."""
    file = tmp_path / "clerk-key.pem"
    file.write_text("no key")
    clerk = Clerk(file, ORIGIN)
    assert verify(clerk, clerk.session_token("user_demo"))
    assert Clerk(file, ORIGIN).jwks == clerk.jwks


def test_its_key_is_kept_and_is_its_owners(clerk: Clerk, tmp_path: Path) -> None:
    """Sessions survive a restart; nobody else reads the key."""
    again = Clerk(tmp_path / "clerk-key.pem", ORIGIN)
    assert again.jwks == clerk.jwks
    assert (tmp_path / "clerk-key.pem").stat().st_mode & 0o777 == 0o600
