import json
from typing import Any

import pytest

from blueprint.paths import ROOT
from local.apigateway.calls import Call
from local.apigateway.events import proxy_event
from local.http.messages import Request

EVENTS = [
    file
    for file in sorted((ROOT / "events").rglob("*.json"))
    if not file.parent.name.endswith(("authorizer", "recorder"))
]


def call(method: str = "GET", path: str = "/a", **changes: Any) -> Call:
    """A call of an API."""
    members: dict[str, Any] = {
        "method": method,
        "path": path,
        "path_as_sent": path,
        "query": "",
        "headers": [("Host", "api.test"), ("User-Agent", "test")],
        "body": b"",
        "source_ip": "127.0.0.1",
        "protocol": "HTTP/1.1",
    }
    return Call("a1b2c3d4e5", "live", Request(**(members | changes)))


@pytest.mark.parametrize("file", EVENTS, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_the_events_of_the_repository_have_the_members_of_the_gateways(file: Any) -> None:
    """At every level, so that what `sam local invoke` and the tests send is what AWS would."""
    recorded = json.loads(file.read_text())
    authorizer = recorded["requestContext"].get("authorizer")
    made = proxy_event(call(), "/a", {}, authorizer)
    assert made.keys() == recorded.keys()
    assert made["requestContext"].keys() == recorded["requestContext"].keys()
    assert made["requestContext"]["identity"].keys() == (
        recorded["requestContext"]["identity"].keys()
    )
    assert recorded["path"] == recorded["requestContext"]["path"].removeprefix("/live")
    assert recorded["resource"] == recorded["requestContext"]["resourcePath"]
    assert recorded["httpMethod"] == recorded["requestContext"]["httpMethod"]
    single = {name: values[-1] for name, values in recorded["multiValueHeaders"].items()}
    assert recorded["headers"] == single


def test_a_body_that_is_no_text_does_not_survive() -> None:
    """Without binary media types AWS hands it on as text, whatever it was."""
    made = proxy_event(call(body=b"\xff\xfe{}"), "/a", {}, None)
    assert made["body"] == "\ufffd\ufffd{}"
    assert made["isBase64Encoded"] is False


def test_each_call_has_ids_of_its_own() -> None:
    """Also where a client chose the request's id twice."""
    chosen = [("x-amzn-RequestId", "11111111-2222-4333-8444-555555555555")]
    one, other = call(headers=chosen), call(headers=chosen)
    assert one.request_id == other.request_id
    assert one.extended_request_id != other.extended_request_id
    assert call().request_id != call().request_id
