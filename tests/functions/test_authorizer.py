import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agentcontainer.errors import ServiceUnavailable
from agentcontainer.ids import new_id
from agentcontainer.keys import token
from agentcontainer.keys.key import ApiKey, Secret
from agentcontainer.principal import KeyPrincipal, key_principal
from functions.authorizer import handler as module
from tests.support import CONTEXT, effect, event, key_store, store_key

NOW = datetime.now(UTC)


def answer(authorization: str) -> dict[str, Any]:
    """What the authorizer says to an Authorization header."""
    return module.handler(
        event("authorizer/well-formed-key") | {"authorizationToken": authorization}, CONTEXT
    )


@pytest.fixture
def secret(tables: Any) -> str:
    """The token of a key of `user_1` that works."""
    secret = token.mint()
    store(secret)
    return secret


def store(secret: str, **changes: Any) -> ApiKey:
    """Stores a key with this token."""
    key = ApiKey(
        id=new_id("key", NOW),
        account_id="user_1",
        name="CI",
        scopes=("agents:read",),
        secrets=(Secret(token.digest(secret), token.hint(secret)),),
        created_at=NOW,
        created_by="user_1",
    )
    key = replace(key, **changes)
    return store_key(key_store(), key)


def test_a_good_key_is_admitted_with_what_handlers_need(secret: str) -> None:
    """Account, key, digest and scopes travel in the context, as strings."""
    policy = answer(f"Bearer {secret}")
    assert effect(policy) == "Allow"
    principal = key_principal(policy["context"])
    assert principal == KeyPrincipal(
        "user_1", policy["principalId"], token.digest(secret), frozenset({"agents:read"}), (), None
    )


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"revoked_at": NOW, "revoked_reason": "requested"}, "REVOKED"),
        ({"expires_at": NOW - timedelta(seconds=1)}, "EXPIRED"),
        ({"disabled": True}, "DISABLED"),
    ],
)
def test_a_key_that_ended_is_denied_with_the_reason(
    tables: Any, changes: dict[str, Any], verdict: str
) -> None:
    """The reason and whose key it was go to the log; no `kind`, so that no handler takes it."""
    secret = token.mint()
    key = store(secret, **changes)
    policy = answer(f"Bearer {secret}")
    assert effect(policy) == "Deny"
    assert policy["context"] == {"verdict": verdict, "accountId": "user_1", "keyId": key.id}


@pytest.mark.parametrize("name", ["well-formed-key", "wrong-checksum"])
def test_a_key_that_never_was_is_denied(tables: Any, name: str) -> None:
    """Unknown and malformed are told apart in the log only."""
    policy = module.handler(event(f"authorizer/{name}"), CONTEXT)
    assert effect(policy) == "Deny"
    verdict = {"well-formed-key": "UNKNOWN", "wrong-checksum": "MALFORMED"}[name]
    assert policy["context"] == {"verdict": verdict}


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic x", "ac_live_x", "Bearer ac_live_" + "0" * 38]
)
def test_junk_is_denied_without_a_look_up(monkeypatch: pytest.MonkeyPatch, header: str) -> None:
    """Even if the gateway's expression let it through, it costs no read."""
    monkeypatch.setattr(module, "table", None)
    assert effect(answer(header)) == "Deny"


def test_the_log_line_names_the_key_and_never_holds_a_token(
    secret: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One JSON line: verdict, key id, the first characters of the digest."""
    policy = answer(f"Bearer {secret}")
    written = capsys.readouterr().out
    assert secret not in written
    line = json.loads(written)
    assert line["verdict"] == "VALID"
    assert line["keyId"] == policy["principalId"]
    assert token.digest(secret).startswith(line["digest"])
    assert len(line["digest"]) == 12


def test_a_fault_raises(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The gateway then answers 5xx; a fault never becomes an admission nor a refusal."""

    def fail(*_: object) -> None:
        raise ServiceUnavailable

    monkeypatch.setattr(module.table, "get", fail)
    with pytest.raises(ServiceUnavailable):
        answer(f"Bearer {secret}")


def test_an_item_that_cannot_be_read_raises(secret: str, tables: Any) -> None:
    """A newer schema than this code knows is a fault, not a bad key."""
    tables.update_item(
        TableName="Keys",
        Key={"pk": {"S": f"digest#{token.digest(secret)}"}, "sk": {"S": "digest"}},
        UpdateExpression="SET v = :v",
        ExpressionAttributeValues={":v": {"N": "2"}},
    )
    with pytest.raises(ValueError, match="schema 2"):
        answer(f"Bearer {secret}")
