import json
from typing import Any

import pytest

from blueprint.template.gateway_responses import DEFAULTS, TYPES
from local.apigateway.gateway_responses import Failure, GatewayResponses
from local.http.messages import Request

REQUEST = Request(
    "GET", "/", "/", "", [("Origin", "https://page.test")], b"", "127.0.0.1", "HTTP/1.1"
)


def answer(
    failure: Failure, custom: dict[str, Any] | None = None
) -> tuple[int, dict[str, str], Any]:
    """Status, headers and body of a gateway response, with these customised."""
    body = {"x-amazon-apigateway-gateway-responses": custom or {}}
    made = GatewayResponses(body).answer(failure, REQUEST, {"requestId": "r1", "stage": "live"})
    return made.status, dict(made.headers), json.loads(made.body)


@pytest.mark.parametrize(
    ("failure", "status", "error_type", "body"),
    [
        (Failure("UNAUTHORIZED"), 401, "UnauthorizedException", {"message": "Unauthorized"}),
        (Failure("ACCESS_DENIED", "no"), 403, "AccessDeniedException", {"Message": "no"}),
        (
            Failure("MISSING_AUTHENTICATION_TOKEN"),
            403,
            "MissingAuthenticationTokenException",
            {"message": "Missing Authentication Token"},
        ),
        (
            Failure("AUTHORIZER_FAILURE"),
            500,
            "AuthorizerConfigurationException",
            {"message": None},
        ),
        (
            Failure("INTEGRATION_FAILURE"),
            502,
            "InternalServerErrorException",
            {"message": "Internal server error"},
        ),
        (
            Failure("INTEGRATION_TIMEOUT"),
            504,
            "InternalServerErrorException",
            {"message": "Endpoint request timed out"},
        ),
    ],
)
def test_the_built_in_answers_are_those_of_aws(
    failure: Failure, status: int, error_type: str, body: dict[str, Any]
) -> None:
    """As recorded or documented, where a template customises nothing."""
    made = answer(failure)
    assert (made[0], made[1]["x-amzn-ErrorType"], made[2]) == (status, error_type, body)


def custom(status: int | None = None, **headers: str) -> dict[str, Any]:
    """A customised response that says who asked."""
    entry: dict[str, Any] = {
        "responseTemplates": {"application/json": '{"id":"$context.requestId"}'},
        "responseParameters": {f"gatewayresponse.header.{k}": v for k, v in headers.items()},
    }
    return entry | ({"statusCode": status} if status else {})


def test_a_types_own_entry_comes_before_the_default() -> None:
    """And the default before what is built in."""
    entries = {"UNAUTHORIZED": custom(418), "DEFAULT_4XX": custom()}
    assert answer(Failure("UNAUTHORIZED"), entries)[0] == 418
    assert answer(Failure("ACCESS_DENIED"), entries)[2] == {"id": "r1"}
    assert answer(Failure("INTEGRATION_FAILURE"), entries)[2]["message"]


def test_a_default_keeps_each_types_status() -> None:
    """As long as it sets none itself."""
    entries = {"DEFAULT_4XX": custom()}
    assert answer(Failure("ACCESS_DENIED"), entries)[0] == 403
    assert answer(Failure("THROTTLED"), entries)[0] == 429
    assert answer(Failure("THROTTLED"), {"DEFAULT_4XX": custom(400)})[0] == 400


def test_headers_are_literal_or_come_from_the_request() -> None:
    """A source that is not there leaves its header out."""
    headers = answer(
        Failure("UNAUTHORIZED"),
        {
            "UNAUTHORIZED": custom(
                Literal="'Bearer realm=\"x\"'",
                Origin="method.request.header.origin",
                Stage="context.stage",
                Gone="method.request.header.nothing",
            )
        },
    )[1]
    assert headers["Literal"] == 'Bearer realm="x"'
    assert headers["Origin"] == "https://page.test"
    assert headers["Stage"] == "live"
    assert "Gone" not in headers


def test_variables_are_substituted() -> None:
    """The authorizer's context is there after a Deny."""
    template = '{"b":$context.error.messageString,"c":"$context.authorizer.verdict"}'
    entry = {"responseTemplates": {"application/json": template}}
    failure = Failure("ACCESS_DENIED", 'a "quoted" text', {"authorizer.verdict": "REVOKED"})
    assert answer(failure, {"ACCESS_DENIED": entry})[2] == {"b": 'a "quoted" text', "c": "REVOKED"}


def test_the_types_are_the_21_of_aws() -> None:
    """Nineteen with a status, and the two defaults."""
    assert len(TYPES) + len(DEFAULTS) == 21
