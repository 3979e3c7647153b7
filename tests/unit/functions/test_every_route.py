"""What every route answers for a reason that is not its own, route by route."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import EndpointConnectionError

from agentcontainer.web.requests import MAX_BODY_BYTES
from tests.support.event_fixtures import store_what_they_are_about
from tests.support.events import AGENT, asking, body, event, header
from tests.support.resolvers import (
    RESOLVERS,
    ROUTES,
    SESSION_FUNCTIONS,
    Route,
    caller,
    invoke,
)

pytestmark = pytest.mark.usefixtures("things")

ENDPOINTS = {route: RESOLVERS[route[0]].endpoints[route[1:]] for route in ROUTES}
OF_SESSIONS = [route for route in ROUTES if route[0] in SESSION_FUNCTIONS]
OF_KEYS = [route for route in ROUTES if route not in OF_SESSIONS]
WITH_BODY = [route for route in ROUTES if route[1] in {"PATCH", "POST"}]
WITH_IDS = [(route, name) for route in ROUTES for name in re.findall("<.*?>", route[2])]
GUARDED = [route for route in OF_KEYS if ENDPOINTS[route].requirements.enforce_limits]
_VERSION = event("agents/get-version")["pathParameters"]
IDS = {
    "<key_id>": event("account/get")["requestContext"]["authorizer"]["keyId"],
    "<agent_id>": _VERSION["agentId"],
    "<version_id>": _VERSION["versionId"],
}
BODIES: dict[str, Any] = {
    "/api/v1/agents": AGENT,
    "/dashboard/v1/api-keys": {"name": "test"},
    "/dashboard/v1/api-keys/<key_id>/rotate": {"replace": "oldest"},
}
OTHER_BODIES: dict[str, Any] = {
    "agents": AGENT | {"name": "other"},
    "api-keys": {"name": "other"},
    "revoke": {"note": "other"},
    "rotate": {"gracePeriodSeconds": 1},
}


@pytest.fixture
def things(tables: Any) -> None:
    """The key that asks, and an agent."""
    store_what_they_are_about()


def ask(
    route: Route,
    sent: str | None = None,
    headers: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
    spelling: Callable[[str], str] = str,
    repeated: dict[str, list[str]] | None = None,
    ids: Mapping[str, str] = IDS,
    **context: str,
) -> tuple[dict[str, Any], int, str]:
    """Answer, status and code of a route, to a caller with more in the authorizer's context."""
    function, method, path = route
    if sent is None and route in WITH_BODY:
        sent = json.dumps(BODIES.get(path, {}))
    for placeholder, value in ids.items():
        path = path.replace(placeholder, value)
    asks = caller(function)
    asks["requestContext"]["authorizer"] |= context
    request = asking(asks, method, spelling(path), sent, query, headers)
    for name, values in (repeated or {}).items():
        for given in [each for each in request["headers"] if each.lower() == name.lower()]:
            if given not in (repeated or {}):
                del request["headers"][given], request["multiValueHeaders"][given]
        request["headers"][name] = values[-1]
        request["multiValueHeaders"][name] = values
    answer = invoke(function, request)
    error = body(answer)["error"] if answer["statusCode"] >= 400 else {}
    return answer, answer["statusCode"], error.get("code", "")


@pytest.mark.parametrize("route", ROUTES)
def test_a_dead_store_is_503(route: Route, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the time to try again, and never as if something were not there."""

    def dead(*_: object, **__: object) -> None:
        raise EndpointConnectionError(endpoint_url="https://dynamodb.eu-west-1.amazonaws.com")

    monkeypatch.setattr(BaseClient, "_make_api_call", dead)
    answer, *found = ask(route)
    assert (found, header(answer, "Retry-After")) == ([503, "service_unavailable"], "1")


@pytest.mark.parametrize("route", ROUTES)
def test_a_bug_is_500(route: Route, monkeypatch: pytest.MonkeyPatch) -> None:
    """And says nothing of itself."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the name of a table")

    monkeypatch.setattr(BaseClient, "_make_api_call", broken)
    answer, *found = ask(route)
    assert found == [500, "internal_error"]
    assert "table" not in answer["body"]


@pytest.mark.parametrize("spelt", ["%{:02x}", "%{:02X}"], ids=["lower", "upper"])
@pytest.mark.parametrize("route", ROUTES)
def test_a_path_is_the_same_in_every_spelling(route: Route, spelt: str) -> None:
    """Characters that need no encoding may have one (RFC 3986, 2.3 and 6.2.2)."""

    def encoded(path: str) -> str:
        return "".join(each if each == "/" else spelt.format(ord(each)) for each in path)

    assert ask(route, spelling=encoded)[1] < 400


@pytest.mark.parametrize("route", ROUTES)
def test_a_slash_that_is_encoded_is_none(route: Route) -> None:
    """A reserved character stands for itself only as it is."""
    assert ask(route, spelling=lambda path: path.replace("/v1/", "/v1%2F"))[1] == 404


@pytest.mark.parametrize(
    "strange",
    ["x" * 1020, "x" * 3000, "%F0%9F%94%91" * 300, "%00", "key%23", "agt_01"],
    ids=["1020 bytes", "3000 bytes", "1200 bytes of UTF-8", "control", "separator", "short"],
)
@pytest.mark.parametrize(("route", "name"), WITH_IDS)
def test_an_id_that_is_not_one_of_ours_is_404_before_the_store(
    route: Route, name: str, strange: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an id of ours that names nothing; DynamoDB refuses keys that are too long, in reads too.

    So a caller cannot have a request fail for the length of what it asks for.
    """
    unknown = IDS[name][:-4] + "zzzz"
    missing, *found = ask(route, ids=IDS | {name: unknown})

    def called(*_: object, **__: object) -> None:
        pytest.fail("the store was asked")

    monkeypatch.setattr(BaseClient, "_make_api_call", called)
    answer, *same = ask(route, ids=IDS | {name: strange})
    assert same == found == [404, "not_found"]
    assert body(answer) == body(missing)


@pytest.mark.parametrize("route", ROUTES)
def test_an_unknown_parameter_is_400(route: Route) -> None:
    """On every route, also one without any."""
    answer, *found = ask(route, query={"sort": "name"})
    assert found == [400, "invalid_request"]
    [detail] = body(answer)["error"]["details"]
    assert (detail["in"], detail["field"], detail["code"]) == ("query", "sort", "unknown")


def reads(route: Route) -> set[str]:
    """The headers that a route reads."""
    takes = ENDPOINTS[route].route.dependant
    names = {field.alias.lower() for field in takes.header_params}
    names |= {"agentcontainer-account"} if route in OF_SESSIONS else set()
    return names | ({"content-type"} if route in WITH_BODY else set())


HEADERS = {
    "Idempotency-Key": ("a", "b"),
    "If-Match": ('"1"', '"2"'),
    "AgentContainer-Account": ("user_demo", "user_other"),
    "Content-Type": ("application/json", "text/plain"),
    "X-Whatever": ("a", "b"),
}


@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.parametrize("route", ROUTES)
def test_a_header_that_is_read_stands_once_in_all_its_spellings(route: Route, name: str) -> None:
    """Names have no case (RFC 9110, 5.1), so neither of two wins: 400; all others may repeat."""
    for spellings in ((name, name.lower()), (name.upper(), name.title()), (name.lower(), name)):
        found: dict[str, list[str]] = {each: [] for each in spellings}
        for each, value in zip(spellings, HEADERS[name], strict=True):
            found[each].append(value)
        answer, status, _ = ask(route, repeated=found)
        if name.lower() in reads(route):
            assert status == 400, spellings
            [detail] = body(answer)["error"]["details"]
            assert (detail["in"], detail["code"]) == ("header", "repeated")
        else:
            assert status < 400


@pytest.mark.parametrize("route", WITH_BODY)
def test_a_large_body_is_413(route: Route) -> None:
    """Whatever is in it."""
    assert ask(route, " " * MAX_BODY_BYTES + "{}")[1:] == (413, "payload_too_large")


@pytest.mark.parametrize("sent", ['{"name": "a\ufffd"}', '{"\ufffd": 1}', "\ufffd"])
@pytest.mark.parametrize("route", WITH_BODY)
def test_text_that_was_damaged_on_its_way_is_400(route: Route, sent: str) -> None:
    """The gateway puts U+FFFD where an octet was not UTF-8; who means the character escapes it."""
    answer, *found = ask(route, sent)
    assert found == [400, "invalid_request"]
    [detail] = body(answer)["error"]["details"]
    assert (detail["in"], detail["field"], detail["code"]) == ("body", "", "malformed")
    assert r"\ufffd" in detail["message"]
    assert "\ufffd" not in answer["body"]


@pytest.mark.parametrize("route", WITH_BODY)
def test_a_body_that_is_not_json_is_415(route: Route) -> None:
    """By what it says it is."""
    found = ask(route, "{}", {"Content-Type": "text/plain"})[1:]
    assert found == (415, "unsupported_media_type")


@pytest.mark.parametrize("route", OF_KEYS)
def test_another_address_is_403_and_no_requests_left_are_429(route: Route) -> None:
    """But for the route that ends a leaked key."""
    elsewhere = ask(route, allowedIps="192.0.2.1")[1]
    ask(GUARDED[0], rateLimit="1/86400")
    spent, status, _ = ask(route, rateLimit="1/86400")
    if route in GUARDED:
        assert (elsewhere, status) == (403, 429)
        assert int(str(header(spent, "Retry-After"))) > 0
    else:
        assert (elsewhere, status) == (204, 204)


@pytest.mark.parametrize("route", OF_KEYS)
def test_a_key_without_the_scope_is_403(route: Route) -> None:
    """On the routes that have one."""
    code = ask(route, scopes="")[2]
    assert (code == "forbidden") == bool(ENDPOINTS[route].requirements.scope)


@pytest.mark.parametrize("route", OF_SESSIONS)
def test_a_member_may_not_manage(route: Route) -> None:
    """403 where something would change, and for what was done."""
    code = ask(route, accountId="org_demo", role="member")[2]
    assert (code == "forbidden") == ENDPOINTS[route].requirements.admin_only


@pytest.mark.parametrize("route", OF_SESSIONS)
def test_another_account_than_is_meant_is_409(route: Route) -> None:
    """Before anything is looked for."""
    found = ask(route, None, {"AgentContainer-Account": "org_other"})[1:]
    assert found == (409, "account_mismatch")


@pytest.mark.parametrize("route", [route for route in ROUTES if route[1] == "POST"])
def test_another_body_under_the_same_idempotency_key_is_422(route: Route) -> None:
    """Once the first was a success."""
    headers = {"Idempotency-Key": "1"}
    assert ask(route, headers=headers)[1] < 300
    last = route[2].rpartition("/")[2]
    assert last in OTHER_BODIES, f"OTHER_BODIES has no {last}"
    found = ask(route, json.dumps(OTHER_BODIES[last]), headers)[1:]
    assert found == (422, "idempotency_mismatch")
