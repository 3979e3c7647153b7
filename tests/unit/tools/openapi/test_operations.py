from typing import Annotated, Any

import pytest
from aws_lambda_powertools.event_handler.openapi.params import Header

from agentcontainer.auth.rate_limit import RateCounter
from agentcontainer.dynamodb.table import Table
from agentcontainer.errors import FinalState
from agentcontainer.web.key_caller import KeyCaller
from agentcontainer.web.models import Answer, Cursor, IdempotencyKey, InputModel, Timestamp
from agentcontainer.web.resolver import Api
from agentcontainer.web.session_caller import SessionCaller
from tools.openapi import schemas
from tools.openapi.failures import Failures
from tools.openapi.operations import Operations

type Json = dict[str, Any]

IfMatch = Annotated[str, Header(alias="If-Match", description="What was read.")]


class MakeThing(InputModel):
    """What a new thing is to be."""

    title: str
    size: int = 5


class ThingObject(Answer):
    """A thing."""

    id: str
    title: str
    made_at: Timestamp
    lost_at: Timestamp | None


def register(api: Api[Any]) -> None:
    """Routes such as somebody adds who never heard of the generator."""

    @api.endpoint("GET", "/things")
    def list_things(after: Cursor = None) -> ThingObject:
        """List things."""
        raise NotImplementedError

    @api.endpoint("POST", "/things", scope="agents:write", headers=["Location"])
    def make_thing(thing: MakeThing, idempotency_key: IdempotencyKey = None) -> ThingObject:
        """Make a thing.

        It stays.
        """
        raise NotImplementedError

    @api.endpoint("PATCH", "/things/<thing_id>", admin_only=True, errors=[FinalState])
    def change_thing(thing_id: str, thing: MakeThing, if_match: IfMatch) -> ThingObject:
        """Change a thing."""
        raise NotImplementedError


def documented(api: Api[Any]) -> tuple[Json, Json]:
    """The operations of an API by name, and what they share."""
    register(api)
    generated = api.openapi()
    definitions = {
        schemas.public_name(name): schemas.tidy(one)
        for name, one in generated["components"]["schemas"].items()
    }
    failures = Failures(api.kind)
    found = Operations(api, generated, definitions, failures)
    return {one.content["operationId"]: one.content for one in found}, failures.components


@pytest.fixture
def of_keys() -> Json:
    """Programs' operations."""
    return documented(Api(KeyCaller(RateCounter(Table("Keys"))), tag="Things"))[0]


@pytest.fixture
def of_sessions() -> Json:
    """People's operations."""
    return documented(Api(SessionCaller("https://app.agentcontainer.test"), tag="Things"))[0]


ANYWHERE = {"400", "401", "403", "429", "500", "502", "503"}


def test_what_a_route_takes_says_how_it_can_fail(of_keys: Json) -> None:
    """A body, an id, a cursor and headers bring theirs; the rest is declared."""
    assert set(of_keys["listThings"]["responses"]) == {"200", *ANYWHERE}
    assert set(of_keys["makeThing"]["responses"]) == {"200", "413", "415", "422", *ANYWHERE}
    assert set(of_keys["changeThing"]["responses"]) == (
        {"200", "404", "409", "412", "413", "414", "415", *ANYWHERE}
    )
    assert of_keys["listThings"]["responses"]["400"]["$ref"].endswith("InvalidCursor")
    assert of_keys["makeThing"]["responses"]["400"]["$ref"].endswith("InvalidRequest")


def test_a_session_can_be_for_another_account(of_sessions: Json) -> None:
    """On every route, which has the header for it; programs have neither."""
    for operation in of_sessions.values():
        assert {"$ref": "#/components/parameters/Account"} in operation["parameters"]
        assert "AccountMismatch" in operation["responses"]["409"]["$ref"]


def test_headers_are_spelt_as_they_are_and_keep_their_patterns(of_keys: Json) -> None:
    """Powertools alone writes `idempotency-key`, without a pattern."""
    [header] = of_keys["makeThing"]["parameters"]
    assert header["name"] == "Idempotency-Key"
    assert header["schema"]["pattern"] == "^[ -~]+$"
    names = {one["name"] for one in of_keys["changeThing"]["parameters"]}
    assert names == {"thingId", "If-Match"}


def test_a_success_lists_its_headers(of_keys: Json, of_sessions: Json) -> None:
    """Those of every answer, of what the route takes, and those that it declares."""
    common = {"Cache-Control", "X-Request-Id"}
    limits = {"RateLimit", "RateLimit-Policy"}
    own = {"Location", "Idempotent-Replayed"}
    assert set(of_keys["listThings"]["responses"]["200"]["headers"]) == common | limits
    assert set(of_keys["makeThing"]["responses"]["200"]["headers"]) == common | limits | own
    assert set(of_sessions["makeThing"]["responses"]["200"]["headers"]) == common | own


def test_what_is_demanded_is_said(of_keys: Json, of_sessions: Json) -> None:
    """Behind the handler's own words."""
    assert of_keys["makeThing"]["description"] == (
        "It stays.\n\nThe key needs the scope `agents:write`."
    )
    assert of_sessions["changeThing"]["description"].endswith("for admins.")


def test_an_object_that_nobody_described_has_an_example(of_keys: Json) -> None:
    """Of its members' plainest values, so that a new route needs no more than its handler."""
    content = of_keys["makeThing"]
    assert content["requestBody"]["content"]["application/json"] == {
        "schema": {"$ref": "#/components/schemas/MakeThing"},
        "example": {"title": "text", "size": 5},
    }
    assert content["responses"]["200"]["content"]["application/json"] == {
        "schema": {"$ref": "#/components/schemas/Thing"},
        "example": {
            "id": "text",
            "title": "text",
            "madeAt": "2026-03-25T09:30:00.000Z",
            "lostAt": None,
        },
    }


def test_routes_that_fail_alike_share_the_answer() -> None:
    """Each code with an example that is the envelope's own."""
    _, failures = documented(Api(KeyCaller(RateCounter(Table("Keys"))), tag="Things"))
    examples = failures["Conflict"]["content"]["application/json"]["examples"]
    assert examples["conflict"]["value"]["error"]["code"] == "conflict"
    refused = failures["Unauthorized"]["content"]["application/json"]["examples"]
    assert refused["unauthorized"]["value"] == {
        "error": {"code": "unauthorized", "message": "Invalid or missing API key."}
    }
    assert "WWW-Authenticate" in failures["Unauthorized"]["headers"]
    assert "Retry-After" in failures["RateLimited"]["headers"]


def test_a_header_that_nobody_described_is_refused() -> None:
    """By name, when the document is made."""
    api = Api(KeyCaller(RateCounter(Table("Keys"))), tag="Things")

    @api.endpoint("GET", "/odd", headers=["X-Odd"])
    def odd() -> ThingObject:
        """Answer oddly."""
        raise NotImplementedError

    with pytest.raises(KeyError, match="X-Odd"):
        documented(api)
