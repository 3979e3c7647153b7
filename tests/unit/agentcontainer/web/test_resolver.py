import json
from typing import Any

import pytest
from aws_lambda_powertools.event_handler import Response

from agentcontainer.auth.rate_limit import RateCounter
from agentcontainer.dynamodb.table import Table
from agentcontainer.errors import StoreUnavailable
from agentcontainer.keys import token
from agentcontainer.web.key_caller import KeyCaller
from agentcontainer.web.models import Answer, InputModel
from agentcontainer.web.resolver import Api
from tests.support.events import CONTEXT, body, event, header

SECRET = token.mint()


class Thing(Answer):
    """An answer."""

    count: int


class MakeThing(InputModel):
    """A request."""

    count: int


api = Api(KeyCaller(RateCounter(Table("Keys"))), tag="Things")


@api.endpoint("GET", "/things", scope="agents:read")
def get_things() -> Thing:
    """Get things."""
    return Thing(count=1)


@api.endpoint("POST", "/things", scope="agents:write")
def make_thing(thing: MakeThing) -> Thing:
    """Make a thing.

    It counts.
    """
    return Thing(count=thing.count)


@api.endpoint("GET", "/raise")
def raise_something() -> Thing:
    """Fail in a way that nobody thought of."""
    raise RuntimeError(f"a secret: {SECRET}")


@api.endpoint("GET", "/unavailable")
def unavailable() -> Thing:
    """Meet a dead store."""
    raise StoreUnavailable


@api.endpoint("GET", "/wrong")
def answer_wrongly() -> Thing:
    """Answer what the document does not say."""
    return Thing.model_construct(count="many")


@api.endpoint("GET", "/header")
def with_header() -> Response[Thing]:
    """Answer with a header of its own."""
    return Response(200, "application/json", Thing(count=1), {"ETag": '"1"'})


def call(method: str, path: str, content: str | None = None, scopes: str = "") -> dict[str, Any]:
    """The answer to a request."""
    request = event("account/get") | {"httpMethod": method, "path": path, "body": content}
    request["headers"] |= {"Content-Type": "application/json"}
    request["requestContext"]["authorizer"]["scopes"] = scopes
    return api.resolve(request, CONTEXT)


def test_a_scope_that_the_key_lacks_is_named() -> None:
    """403, whatever else it may do."""
    answer = call("GET", "/things", scopes="agents:write")
    assert answer["statusCode"] == 403
    error = body(answer)["error"]
    assert error["code"] == "forbidden"
    assert "agents:read" in error["message"]
    assert call("GET", "/things", scopes="agents:write agents:read")["statusCode"] == 200
    assert call("GET", "/header")["statusCode"] == 200


def test_a_scope_is_demanded_before_the_body_is_read() -> None:
    """Who may not write learns nothing of what is wrong with what they wrote."""
    assert call("POST", "/things", "{", scopes="agents:read")["statusCode"] == 403
    assert call("POST", "/things", "{", scopes="agents:write")["statusCode"] == 400


@pytest.mark.parametrize("count", ['"5"', "true", "5.5", "null", "[5]", "{}"])
def test_nothing_is_coerced(count: str) -> None:
    """A number is a number."""
    answer = call("POST", "/things", f'{{"count": {count}}}', scopes="agents:write")
    assert answer["statusCode"] == 400
    assert body(answer)["error"]["details"][0]["field"] == "count"


def test_many_faults_are_not_all_listed() -> None:
    """Twenty are enough to go on with."""
    members = json.dumps({f"unknown{n}": n for n in range(100)})
    answer = call("POST", "/things", members, scopes="agents:write")
    assert len(body(answer)["error"]["details"]) == 20


def test_what_a_caller_sent_is_echoed_without_tokens_and_cut() -> None:
    """A member's name may be anything, also what looks much like a token."""
    almost = SECRET[:-1] + ("0" if SECRET[-1] != "0" else "1")
    members = json.dumps({almost: 1, "x" * 1000: 2})
    answer = call("POST", "/things", members, scopes="agents:write")
    assert almost not in answer["body"]
    fields = [detail["field"] for detail in body(answer)["error"]["details"]]
    assert fields == ["count", "ac_live_[redacted]", "x" * 200]


def test_a_lone_surrogate_is_refused() -> None:
    """It is no text, as a value or as a name, and no answer could hold it."""
    for members in ('{"count": "\\ud800"}', '{"count": 1, "\\ud800": 2}'):
        answer = call("POST", "/things", members, scopes="agents:write")
        assert answer["statusCode"] == 400
        answer["body"].encode()


def test_what_nobody_thought_of_is_a_500_that_tells_nothing(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """The stack goes to our log, without tokens, and to no other."""
    answer = call("GET", "/raise")
    assert answer["statusCode"] == 500
    assert body(answer)["error"] == {
        "code": "internal_error",
        "message": "Something went wrong on our side.",
        "requestId": header(answer, "X-Request-Id"),
    }
    written = capsys.readouterr().out
    assert "RuntimeError: a secret: ac_live_[redacted]" in written
    assert SECRET not in written + caplog.text


def test_a_dead_store_is_a_503() -> None:
    """With the time to try again."""
    answer = call("GET", "/unavailable")
    assert (answer["statusCode"], header(answer, "Retry-After")) == (503, "1")
    assert body(answer)["error"]["code"] == "service_unavailable"


def test_an_answer_that_breaks_the_document_is_our_fault() -> None:
    """500, where Powertools would tell the caller that the request was bad."""
    assert call("GET", "/wrong")["statusCode"] == 500


def test_an_endpoint_may_add_headers() -> None:
    """Beside those that every answer has."""
    answer = call("GET", "/header")
    assert header(answer, "ETag") == '"1"'
    assert header(answer, "Cache-Control") == "no-store"


def test_one_log_line_a_request_with_the_route_and_nothing_of_the_caller(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Not the path, the query nor a header: each could hold a token."""
    request = event("account/unknown-path")
    request["path"] = f"/{SECRET}"
    request["multiValueQueryStringParameters"] = {SECRET: [SECRET]}
    api.resolve(request, CONTEXT)
    [line] = [json.loads(text) for text in capsys.readouterr().out.splitlines()]
    assert line["route"] == "GET /{proxy+}"
    assert line["status"] == 400
    assert SECRET not in json.dumps(line)


def test_a_handlers_docstring_is_its_documentation() -> None:
    """First line and the rest; what a route demands is kept with it."""
    document = api.openapi()
    operation = document["paths"]["/things"]["post"]
    assert (operation["summary"], operation["description"]) == ("Make a thing", "It counts.")
    assert operation["operationId"] == "makeThing"
    assert operation["tags"] == ["Things"]
    assert api.endpoints["POST", "/things"].requirements.scope == "agents:write"


def test_a_caller_is_a_value_of_one_request() -> None:
    """After it, however it ended, nobody is the caller, and the next is not taken for them."""
    seen: list[str] = []

    @api.endpoint("GET", "/caller")
    def get_caller() -> Thing:
        """Say who calls."""
        seen.append(api.principal.key_id)
        return Thing(count=len(seen))

    request = event("account/get") | {"path": "/caller"}
    for path in ("/caller", "/raise", "/nowhere"):
        api.resolve(request | {"path": path}, CONTEXT)
        with pytest.raises(LookupError):
            _ = api.principal
    without = event("account/get") | {"path": "/caller"}
    without["requestContext"]["authorizer"] = {}
    assert api.resolve(without, CONTEXT)["statusCode"] == 401
    assert len(seen) == 1


def test_headers_of_one_response_are_not_the_next_ones() -> None:
    """Also where a handler has set one and then failed."""

    @api.endpoint("GET", "/half")
    def half() -> Thing:
        """Set a header, and fail."""
        api.response_headers["X-Half"] = "1"
        raise RuntimeError

    for path in ("/half", "/header"):
        answer = call("GET", path)
        assert "X-Half" not in answer["multiValueHeaders"]


@pytest.mark.parametrize(("method", "path"), [("GET", "/nowhere"), ("PUT", "/things")])
def test_what_no_handler_serves_is_checked_first(method: str, path: str) -> None:
    """An unknown route spends of the key's limit as any other, and says whether one is there."""
    request = event("account/get") | {"httpMethod": method, "path": path}
    request["requestContext"]["authorizer"] |= {"allowedIps": "203.0.113.7"}
    assert api.resolve(request, CONTEXT)["statusCode"] == 403


def test_each_response_of_a_route_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the path as it was registered; what no route answers is not."""
    told: list[tuple[str, str, int]] = []
    monkeypatch.setattr(api, "on_response", lambda *response: told.append(response))
    call("GET", "/things", scopes="agents:read")
    call("GET", "/things")
    call("GET", "/nowhere")
    assert told == [("GET", "/things", 200), ("GET", "/things", 403)]
