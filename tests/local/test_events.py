from typing import Any

import pytest

from local.events import Call, authorizer_event, proxy_event, read_answer
from local.messages import Request
from local.responses import Failure
from tests.support import event


def call(method: str = "GET", path: str = "/a", **changes: Any) -> Call:
    """A call of an API."""
    members: dict[str, Any] = {
        "method": method,
        "path": path,
        "query": "",
        "headers": [("Host", "api.test"), ("User-Agent", "test")],
        "body": b"",
        "source_ip": "127.0.0.1",
        "protocol": "HTTP/1.1",
    }
    return Call("a1b2c3d4e5", Request(**(members | changes)))


def test_row_19_an_authorizer_gets_exactly_three_members() -> None:
    """No address, no user agent, no request id: it can decide by the token alone."""
    assert authorizer_event(call(), "Bearer x") == {
        "type": "TOKEN",
        "authorizationToken": "Bearer x",
        "methodArn": "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/live/GET/a",
    }


def test_row_18_the_method_arn_has_stage_verb_and_concrete_path() -> None:
    """Without the query; the root ends in a slash."""
    assert call(path="/x/1", query="q=1").method_arn.endswith(":a1b2c3d4e5/live/GET/x/1")
    assert call(path="/").method_arn.endswith("/live/GET/")


def test_an_event_has_the_members_of_the_recorded_ones() -> None:
    """The same keys at every level as the events that the tests of the handlers use."""
    made = proxy_event(call(), "/a", {}, {"principalId": "x"})
    recorded = event("account/get")
    assert made.keys() == recorded.keys()
    assert made["requestContext"].keys() == recorded["requestContext"].keys()
    assert made["requestContext"]["identity"].keys() == (
        recorded["requestContext"]["identity"].keys()
    )


def test_row_55_empty_maps_are_null() -> None:
    """Query, path parameters and body; and no authorizer where there is none."""
    made = proxy_event(call(), "/a", {}, None)
    for name in (
        "queryStringParameters",
        "multiValueQueryStringParameters",
        "pathParameters",
        "stageVariables",
        "body",
    ):
        assert made[name] is None
    assert "authorizer" not in made["requestContext"]


def test_row_56_the_path_is_without_the_stage_and_the_contexts_with_it() -> None:
    """As on the service's own domain."""
    made = proxy_event(call(path="/a/b"), "/{proxy+}", {"proxy": "a/b"}, None)
    assert made["path"] == "/a/b"
    assert made["requestContext"]["path"] == "/live/a/b"
    assert made["resource"] == made["requestContext"]["resourcePath"] == "/{proxy+}"


def test_row_53_a_repeated_parameter_keeps_its_last_value() -> None:
    """All are in the other map; `+` is a space, an empty value stays."""
    made = proxy_event(call(query="a=1&b=x+y&a=2&c="), "/a", {}, None)
    assert made["queryStringParameters"] == {"a": "2", "b": "x y", "c": ""}
    assert made["multiValueQueryStringParameters"] == {"a": ["1", "2"], "b": ["x y"], "c": [""]}


def test_hop_by_hop_headers_stay_behind() -> None:
    """Others arrive as they were sent, with those that the gateway adds."""
    sent = [("X-One", "1"), ("x-one", "2"), ("Connection", "close"), ("TE", "trailers")]
    headers = proxy_event(call(headers=sent), "/a", {}, None)["headers"]
    assert headers["X-One"] == "1"
    assert headers["x-one"] == "2"
    assert headers["X-Forwarded-For"] == "127.0.0.1"
    assert not {"Connection", "TE"} & headers.keys()


def test_a_body_that_is_no_text_does_not_survive() -> None:
    """Without binary media types AWS hands it on as text, whatever it was."""
    made = proxy_event(call(body=b"\xff\xfe{}"), "/a", {}, None)
    assert made["body"] == "\ufffd\ufffd{}"
    assert made["isBase64Encoded"] is False


@pytest.mark.parametrize(
    ("result", "status"),
    [
        ({"statusCode": "201"}, 201),
        ({"headers": {"a": "b"}}, 200),
        ({"statusCode": 200, "headers": None, "body": None}, 200),
        ({"statusCode": 204, "multiValueHeaders": {"a": ["b"]}, "isBase64Encoded": False}, 204),
    ],
)
def test_row_48_answers_that_aws_accepts(result: dict[str, Any], status: int) -> None:
    """A status as text, only headers, nulls."""
    assert read_answer(result).status == status


@pytest.mark.parametrize(
    "result",
    [
        None,
        "text",
        [],
        {},
        {"statusCode": 200, "extra": 1},
        {"statusCode": "x"},
        {"statusCode": None},
        {"statusCode": 200, "headers": ["x"]},
        {"statusCode": 200, "multiValueHeaders": {"a": "b"}},
    ],
)
def test_row_45_answers_that_aws_refuses(result: object) -> None:
    """Each is a 502 of the gateway."""
    with pytest.raises(Failure) as failure:
        read_answer(result)
    assert failure.value.type == "INTEGRATION_FAILURE"


def test_headers_of_answers() -> None:
    """Rows 44, 49, 50 and 51: renamed, defaulted, as text, repeated."""
    headers = read_answer(
        {
            "statusCode": 200,
            "headers": {"X-Flag": True, "WWW-Authenticate": "Basic", "Connection": "close"},
            "multiValueHeaders": {"Set-Cookie": ["a=1", "b=2"]},
        }
    ).headers
    assert headers == [
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
        ("X-Flag", "true"),
        ("x-amzn-Remapped-WWW-Authenticate", "Basic"),
        ("x-amzn-Remapped-Connection", "close"),
        ("Content-Type", "application/json"),
    ]
