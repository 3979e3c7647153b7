import os
from datetime import UTC, datetime
from types import SimpleNamespace
from unittest import mock

import botocore.auth
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials
from hypothesis import given, settings
from hypothesis import strategies as st

from agentcontainer.dynamodb.lean.client import GetItem
from agentcontainer.dynamodb.lean.sigv4 import Credentials, Signer, amz_date, credentials

printable = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=60)
keys = st.builds(Credentials, printable, printable, st.just("") | printable)
moments = st.integers(0, 4_102_444_800)
regions = st.sampled_from(["eu-west-1", "us-east-1", "cn-north-1", "us-gov-west-1", "local"])
hosts = st.sampled_from(["localhost:8000", "127.0.0.1:1", "dynamodb.eu-west-1.amazonaws.com"])


def theirs(
    headers: dict[str, str], body: bytes, given: Credentials, region: str, moment: int
) -> str:
    """The Authorization header that botocore makes of the same request at the same moment."""
    request = AWSRequest("POST", f"https://{headers['host']}/", headers=dict(headers), data=body)
    signer = SigV4Auth(
        BotocoreCredentials(given.access_key, given.secret_key, given.session_token or None),
        "dynamodb",
        region,
    )
    now = datetime.fromtimestamp(moment, UTC)
    with mock.patch.object(botocore.auth, "get_current_datetime", return_value=now):
        signer.add_auth(request)
    authorization: str = request.headers["Authorization"]
    return authorization


@settings(max_examples=2000)
@given(keys, st.binary(max_size=300), moments, regions, hosts)
def test_signatures_equal_botocores(
    given: Credentials, body: bytes, moment: int, region: str, host: str
) -> None:
    """Whoever signs what, when, where and for which host, botocore would send the same."""
    headers = {
        "content-type": "application/x-amz-json-1.0",
        "host": host,
        "x-amz-date": amz_date(moment),
    }
    if given.session_token:
        headers["x-amz-security-token"] = given.session_token
    headers["x-amz-target"] = "DynamoDB_20120810.GetItem"
    signer = Signer(region, "dynamodb")
    assert signer.authorization(headers, body, given) == theirs(
        headers, body, given, region, moment
    )


@settings(max_examples=300)
@given(st.lists(st.tuples(keys, moments), min_size=2, max_size=6))
def test_a_key_is_kept_for_its_day_and_secret_only(uses: list[tuple[Credentials, int]]) -> None:
    """One signer through changes of credentials and of the day signs as a new one would."""
    kept = Signer("eu-west-1", "dynamodb")
    for secrets, moment in [*uses, *reversed(uses)]:
        headers = {"host": "h", "x-amz-date": amz_date(moment)}
        fresh = Signer("eu-west-1", "dynamodb")
        assert kept.authorization(headers, b"", secrets) == fresh.authorization(
            headers, b"", secrets
        )


@settings(max_examples=1000)
@given(st.text(max_size=80), st.text(max_size=80), keys, moments)
def test_what_is_sent_is_what_botocore_would_sign(
    pk: str, sk: str, given: Credentials, moment: int
) -> None:
    """The whole request of a question: every header that is signed is sent, with that value."""
    environment = {
        "AWS_ACCESS_KEY_ID": given.access_key,
        "AWS_SECRET_ACCESS_KEY": given.secret_key,
        "AWS_SESSION_TOKEN": given.session_token,
        "AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:8000",
    }
    clock = SimpleNamespace(time=lambda: moment)
    with (
        mock.patch.dict(os.environ, environment),
        mock.patch("agentcontainer.dynamodb.lean.client.time", clock),
    ):
        head, _, body = GetItem("Keys").request(pk, sk).partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    assert first == "POST / HTTP/1.1"
    assert headers.pop("accept-encoding") == "identity"
    assert int(headers.pop("content-length")) == len(body)
    assert headers.pop("authorization") == theirs(headers, body, given, "eu-west-1", moment)


def test_dates_are_utc_in_the_short_form() -> None:
    """Whatever the machine's time zone."""
    assert amz_date(0) == "19700101T000000Z"
    assert amz_date(1_774_431_000.9) == "20260325T093000Z"


def test_credentials_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Lambda sets them; the session's token may be absent, the keys may not."""
    assert credentials() == Credentials("test", "test", "")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "a-token")
    assert credentials() == Credentials("test", "test", "a-token")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(KeyError):
        credentials()
