"""Whatever is sent to any route, the answer is in the envelope and never our fault."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic.alias_generators import to_camel

from agentcontainer.clock import utc_now
from agentcontainer.ids import new_id
from agentcontainer.keys import token
from agentcontainer.web.models import InputModel
from tests.support.event_fixtures import store_what_they_are_about
from tests.support.events import (
    UNAUTHORIZED_SESSION,
    asking,
    body,
    header,
    session_event,
)
from tests.support.resolvers import RESOLVERS, ROUTES, SESSION_FUNCTIONS, caller, invoke

pytestmark = pytest.mark.usefixtures("things")

texts = (
    st.text() | st.text(st.characters(codec=None)) | st.sampled_from(["", "\x00", "\ud800", "5"])
)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | texts
    | st.sampled_from([10**400, -0.0, 1e308, token.mint()]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
members = st.dictionaries(
    st.sampled_from(
        sorted(
            {to_camel(name) for model in InputModel.__subclasses__() for name in model.model_fields}
        )
    ),
    json_values,
)
bodies = (
    st.none()
    | texts
    | (json_values | members).map(lambda value: json.dumps(value, ensure_ascii=True))
    | st.integers(1, 3000).map(lambda depth: '{"name":' * depth + "1" + "}" * depth)
)
queries = st.dictionaries(
    st.sampled_from(["limit", "cursor", "status", "archived", "keyId", "days"]) | texts,
    texts,
    max_size=3,
)
headers = st.dictionaries(
    st.sampled_from(["Content-Type", "Idempotency-Key", "If-Match", "AgentContainer-Account"]),
    texts | st.just("application/json"),
)


@pytest.fixture
def things(tables: Any) -> None:
    """The key that asks, and an agent."""
    store_what_they_are_about()


def ask(
    function: str,
    method: str,
    path: str,
    sent: str | None = None,
    query: dict[str, str] | None = None,
    given_headers: dict[str, str] | None = None,
) -> dict[str, Any]:
    """The answer of a function."""
    asked = asking(caller(function), method, path, sent, query, given_headers)
    return invoke(function, asked)


def check(answer: dict[str, Any]) -> None:
    """Fails for an answer that is our fault, or that no caller could read."""
    assert answer["statusCode"] < 500
    assert header(answer, "X-Request-Id")
    assert header(answer, "Cache-Control") == "no-store"
    if answer["statusCode"] >= 400:
        error = body(answer)["error"]
        assert error.keys() <= {"code", "message", "requestId", "details"}
        assert error["requestId"] == header(answer, "X-Request-Id")
        for detail in error.get("details", []):
            assert detail.keys() == {"in", "field", "code", "message"}
    (answer["body"] or "").encode()


@pytest.mark.parametrize(("function", "method", "path"), ROUTES)
@given(data=st.data())
def test_any_request_is_answered(
    function: str, method: str, path: str, data: st.DataObject
) -> None:
    """Any ids, body, query and headers, on every route of every function."""
    real = "key_01m85vr6h38tnqq4q62bxttx2k"
    while "<" in path:
        before, _, rest = path.partition("<")
        name = data.draw(st.just(real) | texts.map(lambda t: quote(t, safe="", errors="replace")))
        path = before + name + rest.partition(">")[2]
    answer = ask(function, method, path, data.draw(bodies), data.draw(queries), data.draw(headers))
    check(answer)


@pytest.mark.parametrize("function", RESOLVERS)
@given(
    method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]),
    path=texts.map("/".__add__) | texts.map("/api/v1/".__add__),
    content=bodies,
)
def test_any_path_is_answered(function: str, method: str, path: str, content: str | None) -> None:
    """Known or not, with any verb."""
    check(ask(function, method, path, content))


@pytest.mark.parametrize(("function", "method", "path"), ROUTES)
def test_a_route_has_no_other_spelling_that_says_more(
    function: str, method: str, path: str
) -> None:
    """A slash at the end changes nothing; encoded ids are ids that nothing has."""
    path = path.replace("<key_id>", "key%5F1").replace("<agent_id>", "agt%5F1")
    path = path.replace("<version_id>", "agv%5F1")
    plain, slashed = (ask(function, method, where, "{}") for where in (path, path + "/"))
    assert plain["statusCode"] == slashed["statusCode"]
    if "%5F" in path:
        assert plain["statusCode"] in {400, 404}


def test_every_session_route_refuses_who_has_no_session() -> None:
    """By the handler itself, whatever let the request through."""
    for function, method, path in ROUTES:
        if function in SESSION_FUNCTIONS:
            request = asking(session_event("api_keys/list"), method, path, {})
            request["requestContext"]["authorizer"] = {"kind": "key"}
            answer = invoke(function, request)
            assert (answer["statusCode"], body(answer)) == (401, UNAUTHORIZED_SESSION)


def test_ids_are_looked_up_in_the_callers_account_alone() -> None:
    """An id made now, of anything, opens nothing on any route that takes one."""
    for function, method, path in ROUTES:
        if "<" in path:
            where = path.replace("<key_id>", new_id("key", utc_now()))
            where = where.replace("<agent_id>", new_id("agt", utc_now()))
            where = where.replace("<version_id>", new_id("agv", utc_now()))
            assert ask(function, method, where, "{}")["statusCode"] == 404
