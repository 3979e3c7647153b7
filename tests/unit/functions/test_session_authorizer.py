import importlib
import json
from typing import Any

import pytest

from agentcontainer.auth.principal import SessionPrincipal, session_principal
from agentcontainer.settings import MissingSetting
from functions.session_authorizer import handler as module
from tests.support.events import CONTEXT, VECTORS, effect, event

BY_ID = {vector["id"]: vector for vector in VECTORS["vectors"]}


@pytest.fixture(autouse=True)
def _at_the_vectors_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: float(VECTORS["clock_unix"]))


def answer(authorization: str) -> dict[str, Any]:
    """What the authorizer says to an Authorization header."""
    return module.handler(
        event("session_authorizer/not-a-session") | {"authorizationToken": authorization}, CONTEXT
    )


def test_a_persons_own_account_is_the_user() -> None:
    """Without an active organization."""
    policy = answer(f"Bearer {BY_ID['v1-personal']['token']}")
    assert effect(policy) == "Allow"
    user = "user_2AcTestUser00000000000001"
    session = "sess_2AcTestSession000000000001"
    assert session_principal(policy["context"]) == SessionPrincipal(user, user, session, None)


@pytest.mark.parametrize("name", ["v1-org", "org-match"])
def test_the_active_organization_is_the_account(name: str) -> None:
    """In both versions of the token, with the role as the contract has it."""
    principal = session_principal(answer(f"bearer  {BY_ID[name]['token']}")["context"])
    assert principal is not None
    assert principal.account_id == "org_2AcTestOrg000000000000001"
    assert principal.role == "admin"


@pytest.mark.parametrize("name", ["exp-past", "sig-bitflip", "azp-wrong", "cat-m2m", "alg-none"])
def test_a_bad_token_is_denied_with_its_reason(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The reason goes to log and context; neither holds the token."""
    token = BY_ID[name]["token"]
    policy = answer(f"Bearer {token}")
    assert effect(policy) == "Deny"
    reason = policy["context"]["verdict"]
    written = capsys.readouterr().out
    assert json.loads(written)["verdict"] == reason
    assert token.split(".")[1] not in written + json.dumps(policy)
    assert session_principal(policy["context"]) is None


def test_an_api_key_is_denied() -> None:
    """A program's key never opens the dashboard."""
    assert effect(answer("Bearer ac_live_0123456789ABCDEFGHIJKLMNOPQRSTUV0VxI3t")) == "Deny"


@pytest.mark.parametrize("jwks", ["", "no JSON", '{"keys":[]}', '{"keys":[{"kty":"oct"}]}'])
def test_it_refuses_to_start_on_keys_that_it_cannot_use(
    monkeypatch: pytest.MonkeyPatch, jwks: str
) -> None:
    """A wrong parameter is met at the deployment, not as a 401 for everybody."""
    monkeypatch.setenv("CLERK_JWKS", jwks)
    with pytest.raises((ValueError, MissingSetting)):
        importlib.reload(module)
    monkeypatch.undo()
    importlib.reload(module)
