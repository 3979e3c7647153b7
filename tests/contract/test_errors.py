"""The gateway's own answers are those of web/errors.py, word for word."""

import json
from typing import Any

import pytest

from agentcontainer.errors import StoreUnavailable
from agentcontainer.web import errors
from agentcontainer.web.errors import KINDS, InternalError, Unauthorized, response_to
from blueprint.template.gateway_responses import TYPES

REFUSALS = {
    "ACCESS_DENIED",
    "EXPIRED_TOKEN",
    "INVALID_API_KEY",
    "INVALID_SIGNATURE",
    "MISSING_AUTHENTICATION_TOKEN",
    "UNAUTHORIZED",
}
STATUSES = {kind.code: kind.status for kind in KINDS.values()}
APIS = {"PublicApi": errors.INVALID_KEY, "DashboardApi": errors.INVALID_SESSION}


def customised(resources: dict[str, Any], api: str) -> dict[str, Any]:
    """The gateway responses of an API."""
    body = resources[api]["Properties"]["Body"]
    found: dict[str, Any] = body["x-amazon-apigateway-gateway-responses"]
    return found


def body_of(response: dict[str, Any]) -> Any:
    """What a response's template says."""
    return json.loads(response["responseTemplates"]["application/json"])


@pytest.mark.parametrize(("api", "message"), APIS.items())
def test_every_refusal_is_the_one_401(resources: dict[str, Any], api: str, message: str) -> None:
    """The same entry for each type that a bad credential or an unknown path can lead to."""
    found = customised(resources, api)
    entries = [found[name] for name in sorted(REFUSALS)]
    assert all(entry == entries[0] for entry in entries)
    assert int(entries[0]["statusCode"]) == 401
    assert body_of(entries[0]) == response_to(Unauthorized(message)).body()
    headers = entries[0]["responseParameters"]
    assert headers["gatewayresponse.header.WWW-Authenticate"] == (
        "'Bearer realm=\"AgentContainer\"'"
    )


@pytest.mark.parametrize("api", APIS)
def test_every_other_answer_has_a_code_of_ours_with_its_status(
    resources: dict[str, Any], api: str
) -> None:
    """In the envelope, with the request's id, and never with what the caller sent."""
    for name, response in customised(resources, api).items():
        if name in REFUSALS:
            continue
        error = body_of(response)["error"]
        assert error.keys() == {"code", "message", "requestId"}
        assert error["requestId"] == "$context.requestId"
        template = response["responseTemplates"]["application/json"]
        assert template.count("$") == 1
        if name.startswith("DEFAULT"):
            assert "statusCode" not in response
        else:
            assert int(response["statusCode"]) == STATUSES[error["code"]]
        if error["code"] in {"rate_limited", "service_unavailable"}:
            assert "gatewayresponse.header.Retry-After" in response["responseParameters"]


@pytest.mark.parametrize("api", APIS)
def test_no_answer_is_kept_by_anybody(resources: dict[str, Any], api: str) -> None:
    """`no-store` on each."""
    for response in customised(resources, api).values():
        assert response["responseParameters"]["gatewayresponse.header.Cache-Control"] == (
            "'no-store'"
        )


def test_the_dashboards_page_can_read_each_answer(resources: dict[str, Any]) -> None:
    """Else a browser hides the error from the very page that has to explain it."""
    for response in customised(resources, "DashboardApi").values():
        assert response["responseParameters"][
            "gatewayresponse.header.Access-Control-Allow-Origin"
        ] == ("'https://app.agentcontainer.test'")
    for response in customised(resources, "PublicApi").values():
        assert not [name for name in response["responseParameters"] if "Access-Control" in name]


@pytest.mark.parametrize("api", APIS)
def test_no_type_is_left_to_its_built_in_words(resources: dict[str, Any], api: str) -> None:
    """Each has its own entry or a default's."""
    found = customised(resources, api)
    assert {"DEFAULT_4XX", "DEFAULT_5XX"} <= found.keys()
    assert found.keys() <= TYPES.keys() | {"DEFAULT_4XX", "DEFAULT_5XX"}


def test_our_messages_are_said_in_one_way(resources: dict[str, Any]) -> None:
    """Where the gateway and a handler can give the same error, they use the same words."""
    found = customised(resources, "PublicApi")
    assert body_of(found["DEFAULT_5XX"])["error"]["message"] == response_to(InternalError()).message
    timeout = body_of(found["INTEGRATION_TIMEOUT"])["error"]["message"]
    assert timeout == response_to(StoreUnavailable()).message
