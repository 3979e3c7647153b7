"""The commands of an operator, from the outside."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from agentcontainer.clock import to_millis, to_rfc3339, utc_now
from agentcontainer.dynamodb.item import decode_item
from agentcontainer.keys import token
from agentcontainer.keys.key import ApiKey
from tests.integration.tools.operator.backup import Backups
from tests.integration.tools.operator.conftest import Operate
from tests.integration.tools.operator.owner import DAY, Owner
from tests.support.events import SOMEBODY
from tools.operator import desk
from tools.operator.__main__ import main


def status(backups: Backups, key: ApiKey) -> str:
    """What the key's owner is shown."""
    return backups.stores("Keys")[0].get(key.account_id, key.id).status(utc_now())


def give(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """On standard input."""
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_a_key_is_revoked_by_its_id(owner: Owner, backups: Backups, operate: Operate) -> None:
    """The very next request is refused, and the event names the operator; first it is only said."""
    key = owner.create()
    words = ("revoke-key", key.id, "--account", owner.account, "--note", "ticket 5")
    done, said, _ = operate("Keys", *words)
    assert (done, said.startswith("would: revoke")) == (0, True)
    assert backups.verdict("Keys", owner.tokens[0]) == "Allow"
    done, said, _ = operate("Keys", *words, "--yes")
    assert (done, said.startswith("revoke")) == (0, True)
    assert backups.verdict("Keys", owner.tokens[0]) == "REVOKED"
    [event] = [
        decode_item(item)
        for item in owner.items().values()
        if item.get("action") == {"S": "api_key.revoked"}
    ]
    assert (event["actor"]["type"], event["actor"]["id"]) == ("system", "arn:operator")
    assert event["changes"]["note"] == [None, "ticket 5"]
    before = owner.items()
    done, said, _ = operate("Keys", *words, "--yes")
    assert (done, said.startswith("leave, it was revoked before")) == (0, True)
    assert owner.items() == before


@pytest.mark.parametrize("note", ["a\u202eb", "a\nb", "\u200b", "x" * 201], ids=ascii)
def test_a_note_is_one_that_the_dashboard_would_take(owner: Owner, note: str) -> None:
    """It is shown there, beside those of people."""
    key = owner.create()
    where = ("--table", "Keys", "revoke-key", key.id, "--account", owner.account)
    with pytest.raises(SystemExit) as refused:
        main([*where, "--note", note, "--yes"])
    assert refused.value.code == 2


def test_a_token_that_was_found_ends_its_key(
    owner: Owner, backups: Backups, operate: Operate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is read from standard input, and neither it nor its hint is written anywhere."""
    key = owner.create()
    give(monkeypatch, f"{owner.tokens[0]}\n")
    done, said, wrong = operate("Keys", "revoke-key", "--token", "--reason", "leaked", "--yes")
    assert (done, wrong) == (0, "")
    assert key.id in said
    assert "ac_live_" not in said
    assert backups.verdict("Keys", owner.tokens[0]) == "REVOKED"
    assert backups.stores("Keys")[0].get(owner.account, key.id).revoked_reason == "leaked"


def test_an_older_secret_that_was_found_ends_alone(
    owner: Owner, backups: Backups, operate: Operate
) -> None:
    """What production uses by now works on; a secret that has ended already changes nothing."""
    owner.rotate(owner.create())
    old, new = owner.tokens
    digest = ("revoke-key", "--digest", token.digest(old), "--yes")
    assert operate("Keys", *digest)[1].startswith("end the older secret of")
    assert (backups.verdict("Keys", old), backups.verdict("Keys", new)) == ("REVOKED", "Allow")
    assert operate("Keys", *digest)[1].startswith("leave, that secret had ended before")
    assert backups.verdict("Keys", new) == "Allow"


def test_a_hint_finds_a_key_within_its_account(
    owner: Owner, backups: Backups, operate: Operate
) -> None:
    """As somebody reads it off a screenshot; one that fits none or many names no key."""
    key = owner.create()
    owner.create()
    words = ("revoke-key", "--account", owner.account, "--hint")
    assert operate("Keys", *words, key.hint, "--yes")[0] == 0
    assert [backups.verdict("Keys", each) for each in owner.tokens] == ["REVOKED", "Allow"]
    done, _, wrong = operate("Keys", *words, "ac_live_none...none", "--yes")
    assert (done, "0 secrets" in wrong) == (1, True)


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (["revoke-key", "key_x", "--account", "user_x"], "user_x has no key key_x"),
        (["revoke-key", "key_x"], "name the key's account"),
        (["revoke-key", "--account", "user_x"], "name the key,"),
        (["revoke-key", "--digest", "0" * 64], "no key has this secret"),
        (["reopen-account", "user_x"], "user_x is not closed"),
        (["replay"], "give files with the lines"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(operate: Operate, words: list[str], wrong: str) -> None:
    """With status 1, and no traceback."""
    done, said, told = operate("Keys", *words, "--yes")
    assert (done, said) == (1, "")
    assert told.startswith(f"operator: {wrong}")


def test_a_table_that_is_not_there_is_a_sentence(operate: Operate) -> None:
    """In AWS's words."""
    done, _, wrong = operate("Gone", "close-account", "user_x", "--yes")
    assert (done, wrong.startswith("operator: AWS says: ")) == (1, True)


def test_what_is_no_token_is_not_repeated(
    operate: Operate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be most of one."""
    give(monkeypatch, "ac_live_almost")
    done, said, wrong = operate("Keys", "revoke-key", "--token", "--yes")
    assert (done, said) == (1, "")
    assert "almost" not in wrong


def test_a_token_in_the_command_itself_is_refused_and_not_repeated(operate: Operate) -> None:
    """By then the shell remembers it; whoever typed it is told so."""
    done, said, wrong = operate("Keys", "revoke-key", token.mint(), "--yes")
    assert (done, said) == (2, "")
    assert "history" in wrong
    assert "ac_live_" not in wrong


def test_an_account_is_closed_and_reopened(
    owner: Owner, backups: Backups, operate: Operate
) -> None:
    """Its keys end; after the reopening new ones can be made."""
    keys = [owner.create() for _ in range(3)]
    said = operate("Keys", "close-account", owner.account)[1]
    assert said.count("would: revoke") == 3
    assert status(backups, keys[0]) == "active"
    assert operate("Keys", "close-account", owner.account, "--yes")[0] == 0
    assert {status(backups, key) for key in keys} == {"revoked"}
    assert operate("Keys", "reopen-account", owner.account, "--yes")[0] == 0
    assert status(backups, owner.create()) == "active"
    assert backups.verdict("Keys", owner.tokens[0]) == "REVOKED"


def test_what_was_issued_within_a_time_is_revoked(
    owner: Owner, backups: Backups, operate: Operate
) -> None:
    """New keys and new secrets, of all accounts; what was issued before or since works on."""
    other = Owner(backups, f"{owner.account}2")
    at = datetime(2020, 1, 1, tzinfo=UTC)
    before = owner.create(at=at)
    renewed = owner.create(at=at)
    owner.rotate(renewed, at=at + DAY)
    within = other.create(at=at + DAY)
    passed_on = owner.create(at=at + DAY)
    owner.rotate(passed_on, timedelta(days=7), at=at + 3 * DAY)
    owner.create(at=at + 2 * DAY)
    words = [
        *("revoke-issued", "--from", to_rfc3339(at + DAY), "--to", to_rfc3339(at + 2 * DAY)),
        *("--reason", "leaked", "--changes", "1000"),
    ]
    done, said, _ = operate("Keys", *words)
    assert (done, said.count("would: ")) == (0, 4)
    done, said, _ = operate("Keys", *words, "--yes")
    assert said.splitlines()[-1] == "3 secrets were issued in that time"
    [first, original, rotated, handed, followed, late] = owner.tokens
    verdicts = {each: backups.verdict("Keys", each) for each in owner.tokens}
    assert verdicts[first] == verdicts[followed] == verdicts[late] == "Allow"
    assert verdicts[rotated] == verdicts[handed] == "REVOKED"
    assert verdicts[original] != "Allow"
    assert backups.verdict("Keys", other.tokens[0]) == "REVOKED"
    assert status(backups, before) == status(backups, passed_on) == "active"
    assert {status(backups, key) for key in (renewed, within)} == {"revoked"}


def test_a_key_whose_events_are_forgotten_is_revoked_whole(
    owner: Owner, backups: Backups, operate: Operate
) -> None:
    """Nothing tells any more which of its secrets was the first."""
    at = datetime(2019, 1, 1, tzinfo=UTC)
    key = owner.create(at=at)
    owner.rotate(key, timedelta(days=7))
    for pk, sk in owner.items():
        if sk.startswith("audit#"):
            backups.client.delete_item(TableName="Keys", Key={"pk": {"S": pk}, "sk": {"S": sk}})
    words = ["--from", to_rfc3339(at), "--to", to_rfc3339(at + DAY), "--yes"]
    assert operate("Keys", "revoke-issued", *words)[0] == 0
    assert {backups.verdict("Keys", each) for each in owner.tokens} == {"REVOKED"}


@pytest.fixture
def aws() -> Iterator[None]:
    """AWS's other services."""
    with mock_aws():
        yield


@pytest.mark.usefixtures("aws")
def test_a_stack_names_its_table_its_log_and_how_long_it_keeps_events() -> None:
    """As CloudFormation knows them, by the template's logical ids."""
    template = {
        "Parameters": {"AuditRetentionDays": {"Type": "Number", "Default": 30}},
        "Resources": {
            "Keys": {
                "Type": "AWS::DynamoDB::Table",
                "Properties": {
                    "BillingMode": "PAY_PER_REQUEST",
                    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
                    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
                },
            },
            "KeyChangeLog": {
                "Type": "AWS::Logs::LogGroup",
                "Properties": {"LogGroupName": "/prod/key-changes"},
            },
        },
    }
    client = boto3.client("cloudformation")
    client.create_stack(StackName="prod", TemplateBody=json.dumps(template))
    place = desk.of_stack("prod")
    assert place.table.startswith("prod-Keys-")
    assert (place.log_group, place.retention) == ("/prod/key-changes", timedelta(days=30))


@pytest.mark.usefixtures("aws")
def test_lines_are_read_from_a_log_group_since_a_moment() -> None:
    """All of them, and none from before."""
    logs = boto3.client("logs")
    logs.create_log_group(logGroupName="/prod/key-changes")
    logs.create_log_stream(logGroupName="/prod/key-changes", logStreamName="one")
    now = utc_now()

    def ago(minutes: int) -> int:
        return to_millis(now - timedelta(minutes=minutes))

    logs.put_log_events(
        logGroupName="/prod/key-changes",
        logStreamName="one",
        logEvents=[{"timestamp": ago(60 - n), "message": str(n)} for n in range(60)],
    )
    since = now - timedelta(minutes=10, seconds=30)
    assert list(desk.messages("/prod/key-changes", since)) == [str(n) for n in range(50, 60)]


@pytest.mark.usefixtures("aws")
def test_an_operator_is_known_by_the_arn_of_the_credentials() -> None:
    """Unless another name is given."""
    assert desk.caller().startswith("arn:aws:")


def test_lines_can_come_through_a_pipe(
    owner: Owner, backups: Backups, restored: str, operate: Operate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From whatever keeps the log."""
    key = owner.create()
    backup = owner.items()
    owner.change(key, lambda k: k.revoke(utc_now(), "requested"))
    backups.restore(restored, backup)
    give(monkeypatch, "\n".join(owner.lines()))
    assert operate(restored, "replay", "-", "--yes")[0] == 0
    assert backups.verdict(restored, owner.tokens[0]) == "REVOKED"


def test_the_actor_is_somebody_even_without_an_account_of_aws(
    owner: Owner, backups: Backups, tmp_path: Path
) -> None:
    """On a DynamoDB of this machine there is nobody to ask."""
    owner.create()
    place = ["--table", "Keys", "--endpoint-url", backups.endpoint]
    assert main([*place, "close-account", owner.account, "--yes"]) == 0
    actors = [decode_item(item)["actor"] for item in owner.items().values() if "actor" in item]
    assert {actor["id"] for actor in actors} == {SOMEBODY.id, "local"}
