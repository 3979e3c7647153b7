"""A key's guards behind the authorizer: address, scope, rate, in this order."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from aws_lambda_powertools.event_handler import Response

from agentcontainer.auth.principal import KeyPrincipal
from agentcontainer.auth.rate_limit import RateCounter
from agentcontainer.clock import utc_now
from agentcontainer.dynamodb.table import Table
from agentcontainer.keys.verification import RateLimit
from agentcontainer.web.key_caller import KeyCaller
from agentcontainer.web.models import Answer
from agentcontainer.web.resolver import Api
from tests.support.events import CONTEXT, asking, body, event, header

LIMIT = "3/86400"
KEY = "key_01m85vr6h38tnqq4q62bxttx2k"


class Thing(Answer):
    """An answer."""

    count: int


@pytest.fixture
def api(tables: Any) -> Api[KeyPrincipal]:
    """An API with one route of each kind."""
    api = Api(KeyCaller(RateCounter(Table("Keys"))), tag="Things")

    @api.endpoint("GET", "/things", scope="agents:read")
    def get_things() -> Thing:
        """Get things."""
        return Thing(count=1)

    @api.endpoint("DELETE", "/key", enforce_limits=False, status=HTTPStatus.NO_CONTENT)
    def end_key() -> Response[None]:
        """End the key."""
        return Response(HTTPStatus.NO_CONTENT)

    return api


def ask(
    api: Api[KeyPrincipal],
    method: str = "GET",
    path: str = "/things",
    *,
    address: str = "192.0.2.9",
    allowed: str = "192.0.2.0/24 2001:db8::/32",
    scopes: str = "agents:read",
    limit: str = LIMIT,
) -> dict[str, Any]:
    """The answer to a request of a guarded key."""
    request = asking(event("account/get"), method, path)
    request["requestContext"]["identity"]["sourceIp"] = address
    request["requestContext"]["authorizer"] |= {
        "keyId": KEY,
        "allowedIps": allowed,
        "scopes": scopes,
        "rateLimit": limit,
    }
    return api.resolve(request, CONTEXT)


def remaining(answer: dict[str, Any]) -> int:
    """What the answer says is left of the window."""
    [name, left, resets] = str(header(answer, "RateLimit")).split(";")
    assert name == '"key"'
    assert 0 < int(resets.removeprefix("t=")) <= 86_400
    return int(left.removeprefix("r="))


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("192.0.2.9", 200),
        ("198.51.100.1", 403),
        ("2001:db8::1", 200),
        ("2001:db9::1", 403),
        ("::ffff:192.0.2.9", 200),
        ("", 403),
    ],
)
def test_an_address_outside_the_keys_networks_is_refused(
    api: Api[KeyPrincipal], address: str, status: int
) -> None:
    """IPv4 and IPv6; a key without networks is good anywhere."""
    answer = ask(api, address=address)
    assert answer["statusCode"] == status
    if status == 403:
        assert "address" in body(answer)["error"]["message"]
    assert ask(api, address=address, allowed="")["statusCode"] == 200


def test_the_address_is_looked_at_before_the_scope(api: Api[KeyPrincipal]) -> None:
    """Who is in the wrong place does not learn what the key may do."""
    refused = ask(api, address="198.51.100.1", scopes="")
    assert "address" in body(refused)["error"]["message"]


def test_a_header_does_not_change_the_address(api: Api[KeyPrincipal]) -> None:
    """Only the gateway knows where a request came from."""
    request = asking(
        event("account/get"), "GET", "/things", headers={"X-Forwarded-For": "192.0.2.9"}
    )
    request["requestContext"]["identity"]["sourceIp"] = "198.51.100.1"
    request["requestContext"]["authorizer"] |= {
        "allowedIps": "192.0.2.9",
        "scopes": "agents:read",
        "rateLimit": "",
    }
    assert api.resolve(request, CONTEXT)["statusCode"] == 403


def test_a_key_makes_as_many_requests_as_its_limit(api: Api[KeyPrincipal]) -> None:
    """Then 429 with the time to try again; every answer tells how it stands."""
    answers = [ask(api) for _ in range(5)]
    assert [answer["statusCode"] for answer in answers] == [200, 200, 200, 429, 429]
    assert [remaining(answer) for answer in answers] == [2, 1, 0, 0, 0]
    assert {header(answer, "RateLimit-Policy") for answer in answers} == {'"key";q=3;w=86400'}
    retry_after = int(header(answers[4], "Retry-After") or 0)
    assert f";t={retry_after}" in str(header(answers[4], "RateLimit"))
    assert body(answers[4])["error"]["code"] == "rate_limited"


def test_a_refused_address_or_scope_spends_nothing(api: Api[KeyPrincipal]) -> None:
    """And its answer tells how the window stands."""
    for _ in range(5):
        refused = ask(api, address="198.51.100.1")
        assert (refused["statusCode"], remaining(refused)) == (403, 3)
        refused = ask(api, scopes="agents:write")
        assert (refused["statusCode"], remaining(refused)) == (403, 3)
    assert remaining(ask(api)) == 2


def test_the_rate_is_counted_before_the_request_is_read(api: Api[KeyPrincipal]) -> None:
    """Bad requests, unknown paths and wrong methods count too."""
    for method, path, status in (
        ("GET", "/nothing", 404),
        ("PUT", "/things", 405),
        ("GET", "/things", 200),
        ("GET", "/nothing", 429),
    ):
        answer = ask(api, method, path)
        assert answer["statusCode"] == status
        assert header(answer, "RateLimit")


def test_who_holds_a_leaked_key_can_end_it(api: Api[KeyPrincipal]) -> None:
    """From any address, with no request left; and that spends none."""
    for _ in range(4):
        ask(api)
    for _ in range(2):
        answer = ask(api, "DELETE", "/key", address="198.51.100.1", scopes="")
        assert (answer["statusCode"], remaining(answer)) == (204, 0)


def test_a_key_without_a_limit_writes_nothing(api: Api[KeyPrincipal], tables: Any) -> None:
    """And its answers say nothing of limits."""
    answer = ask(api, limit="")
    assert header(answer, "RateLimit") is header(answer, "RateLimit-Policy") is None
    assert tables.scan(TableName="Keys")["Items"] == []


def test_a_limited_key_writes_once_a_request(api: Api[KeyPrincipal], tables: Any) -> None:
    """Into the window's item, and nowhere near the key's own items."""
    ask(api)
    ask(api, scopes="")
    [item] = tables.scan(TableName="Keys")["Items"]
    assert item["pk"]["S"] == f"rate#{KEY}"
    assert item["requests"]["N"] == "1"


def test_where_the_count_fails_nobody_passes(
    api: Api[KeyPrincipal], monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 for a request that would count; what is refused anyway is refused, and the key ends."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1")
    monkeypatch.setattr(api.caller, "_counter", RateCounter(Table("Keys")))
    for answer, status in (
        (ask(api), 503),
        (ask(api, scopes=""), 403),
        (ask(api, "DELETE", "/key"), 204),
    ):
        assert answer["statusCode"] == status
        assert header(answer, "RateLimit") is None
        assert header(answer, "RateLimit-Policy")


def test_one_callers_limit_is_not_told_to_the_next(api: Api[KeyPrincipal]) -> None:
    """A process answers one caller after the other."""
    ask(api)
    request = event("account/get")
    request["requestContext"]["authorizer"] = None
    refused = api.resolve(request, CONTEXT)
    assert refused["statusCode"] == 401
    assert header(refused, "RateLimit") is header(refused, "RateLimit-Policy") is None


def test_the_counter_agrees_with_the_answers(api: Api[KeyPrincipal]) -> None:
    """What the headers say is what the counter would."""
    ask(api)
    window = RateCounter(Table("Keys")).peek(KEY, RateLimit(3, 86_400), utc_now())
    assert window is not None
    assert window.remaining == 2
    assert timedelta(seconds=window.seconds_left) <= timedelta(days=1)
