import importlib
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agentcontainer.auth.principal import KeyPrincipal, key_principal
from agentcontainer.dynamodb.lean.client import GetItem, GetItemFailed
from agentcontainer.ids import new_id
from agentcontainer.keys import token
from agentcontainer.keys.key import ApiKey, Secret
from tests.support.dynamodb_stub import error, stub
from tests.support.events import CONTEXT, effect, event, key_store, store_key
from tests.support.product import eventually

NOW = datetime.now(UTC)


class Authorizer:
    """The handler's module as Lambda starts it, which is when it connects."""

    def __init__(self, url: str) -> None:
        # boto3 must not see the variable.
        with pytest.MonkeyPatch.context() as context:
            context.setenv("AWS_ENDPOINT_URL_DYNAMODB", url)
            sys.modules.pop("functions.authorizer.handler", None)
            self.module = importlib.import_module("functions.authorizer.handler")
        self.table: GetItem = self.module.table

    def __call__(self, authorization: str) -> dict[str, Any]:
        """What it says to an Authorization header."""
        asked = event("authorizer/well-formed-key") | {"authorizationToken": authorization}
        policy: dict[str, Any] = self.module.handler(asked, CONTEXT)
        return policy


@pytest.fixture
def answer(tables: Any, moto_url: str) -> Iterator[Authorizer]:
    """The authorizer, over HTTP on the tables."""
    authorizer = Authorizer(moto_url)
    yield authorizer
    authorizer.table.close()


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


def test_a_good_key_is_admitted_with_what_handlers_need(answer: Authorizer, secret: str) -> None:
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
    ids=["revoked", "expired", "disabled"],
)
def test_a_key_that_ended_is_denied_with_the_reason(
    answer: Authorizer, changes: dict[str, Any], verdict: str
) -> None:
    """The reason and whose key it was go to the log; no `kind`, so that no handler takes it."""
    secret = token.mint()
    key = store(secret, **changes)
    policy = answer(f"Bearer {secret}")
    assert effect(policy) == "Deny"
    assert policy["context"] == {"verdict": verdict, "accountId": "user_1", "keyId": key.id}


@pytest.mark.parametrize("name", ["well-formed-key", "wrong-checksum"])
def test_a_key_that_never_was_is_denied(answer: Authorizer, name: str) -> None:
    """Unknown and malformed are told apart in the log only."""
    policy = answer(event(f"authorizer/{name}")["authorizationToken"])
    assert effect(policy) == "Deny"
    verdict = {"well-formed-key": "UNKNOWN", "wrong-checksum": "MALFORMED"}[name]
    assert policy["context"] == {"verdict": verdict}


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic x", "ac_live_x", "Bearer ac_live_" + "0" * 38]
)
def test_junk_is_denied_without_a_look_up(
    answer: Authorizer, monkeypatch: pytest.MonkeyPatch, header: str
) -> None:
    """Even if the gateway's expression let it through, it costs no read."""
    monkeypatch.setattr(answer.module, "table", None)
    assert effect(answer(header)) == "Deny"


def test_a_request_has_one_line_that_names_the_key_and_never_holds_a_token(
    answer: Authorizer, secret: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Verdict, key id, the first characters of the digest, the request's id; in one write."""
    policy = answer(f"Bearer {secret}")
    written = capsys.readouterr().out
    assert secret not in written
    assert token.digest(secret) not in written
    assert written.endswith("\n")
    line = json.loads(written)
    del line["_aws"]
    assert line == {
        "message": "verdict",
        "verdict": "VALID",
        "keyId": policy["principalId"],
        "digest": token.digest(secret)[:12],
        "requestId": CONTEXT.aws_request_id,
        "Verdicts": 1,
    }


@pytest.mark.parametrize(
    "authorization", ["Bearer ac_live_x", f"Bearer {token.mint()}"], ids=["malformed", "unknown"]
)
def test_a_refusal_has_its_line_too(
    answer: Authorizer, authorization: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the reason, without a key, and again without the token."""
    policy = answer(authorization)
    written = capsys.readouterr().out
    line = json.loads(written)
    assert line["verdict"] == policy["context"]["verdict"]
    assert line["keyId"] is None
    assert authorization.partition(" ")[2] not in written


def test_verdicts_are_counted_by_the_line_itself(
    answer: Authorizer, secret: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """CloudWatch's embedded metric: one dimension with a handful of values, never a key's id."""
    answer(f"Bearer {secret}")
    about = json.loads(capsys.readouterr().out)["_aws"]
    assert about["CloudWatchMetrics"] == [
        {
            "Namespace": "local",
            "Dimensions": [["verdict"]],
            "Metrics": [{"Name": "Verdicts", "Unit": "Count"}],
        }
    ]
    assert abs(about["Timestamp"] / 1000 - datetime.now(UTC).timestamp()) < 60


def test_a_fault_raises_and_is_counted(
    answer: Authorizer, secret: str, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    """The gateway then answers 5xx; a fault never becomes an admission nor a refusal."""

    def fail(*_: object) -> None:
        raise GetItemFailed("no answer")

    monkeypatch.setattr(answer.table, "get", fail)
    with pytest.raises(GetItemFailed):
        answer(f"Bearer {secret}")
    line = json.loads(capsys.readouterr().out)
    assert (line["verdict"], line["keyId"], line["Verdicts"]) == ("FAILED", None, 1)


@pytest.mark.parametrize("name", ["AccessDeniedException", "ResourceNotFoundException"])
def test_a_store_that_refuses_us_is_a_fault(name: str) -> None:
    """Our own credentials or our own table being wrong says nothing of the caller's key."""
    with stub(error("400 Bad Request", name)) as server:
        answer = Authorizer(server.url)
        with pytest.raises(GetItemFailed, match=name):
            answer(f"Bearer {token.mint()}")
        answer.table.close()


def test_an_item_that_cannot_be_read_raises(answer: Authorizer, secret: str, tables: Any) -> None:
    """A newer schema than this code knows is a fault, not a bad key."""
    tables.update_item(
        TableName="Keys",
        Key={"pk": {"S": f"digest#{token.digest(secret)}"}, "sk": {"S": "digest"}},
        UpdateExpression="SET v = :v",
        ExpressionAttributeValues={":v": {"N": "2"}},
    )
    with pytest.raises(ValueError, match="schema 2"):
        answer(f"Bearer {secret}")


def test_it_starts_without_a_store(capsys: pytest.CaptureFixture[str]) -> None:
    """A store that is down while Lambda starts the function is a line that an alarm can watch."""
    answer = Authorizer("http://127.0.0.1:1")
    line = json.loads(capsys.readouterr().out)
    assert (line["warning"], line["Warnings"]) == ("NOT_CONNECTED", 1)
    with pytest.raises(GetItemFailed):
        answer(f"Bearer {token.mint()}")


def test_it_is_connected_before_the_first_request() -> None:
    """While Lambda starts a function the processor is all its own."""
    with stub() as server:
        answer = Authorizer(server.url)
        eventually(lambda: server.connections == 1)
        assert server.asked == []
        answer.table.close()
