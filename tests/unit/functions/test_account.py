from typing import Any

import pytest

from agentcontainer.keys import token
from functions.account.handler import handler
from functions.api_keys.handler import handler as api_keys
from tests.support.events import CONTEXT, UNAUTHORIZED_KEY, body, event, header, session_event

pytestmark = pytest.mark.usefixtures("tables")


def key_event(name: str, created: dict[str, Any], account: str = "user_demo") -> dict[str, Any]:
    """An event of `events/` as sent with a key that exists."""
    request = event(name)
    request["requestContext"]["authorizer"] |= {
        "accountId": account,
        "digest": token.digest(created["token"]),
        "keyId": created["id"],
        "scopes": "agents:read",
    }
    return request


@pytest.fixture
def created(tables: Any) -> dict[str, Any]:
    """A key of `user_demo`, with its token."""
    return body(api_keys(session_event("api_keys/create"), CONTEXT))


def test_a_key_learns_whose_it_is(created: dict[str, Any]) -> None:
    """Account and key, without who made it nor where it may be used from."""
    answer = handler(key_event("account/get", created), CONTEXT)
    assert answer["statusCode"] == 200
    account = body(answer)
    assert (account["id"], account["type"]) == ("user_demo", "user")
    hidden = {"createdBy", "allowedIps", "token"}
    assert account["key"] == {k: v for k, v in created.items() if k not in hidden}


def test_an_organizations_key_says_so() -> None:
    """`type` tells a person's account from an organization's."""
    made = body(api_keys(session_event("api_keys/create", org="org_1", role="admin"), CONTEXT))
    answer = handler(key_event("account/get", made, "org_1"), CONTEXT)
    assert (body(answer)["id"], body(answer)["type"]) == ("org_1", "organization")


def test_a_key_can_end_itself(created: dict[str, Any]) -> None:
    """204, and its owner sees that it did; again changes nothing."""
    for _ in range(2):
        answer = handler(key_event("account/delete-key", created), CONTEXT)
        assert (answer["statusCode"], answer["body"] or None) == (204, None)
        assert header(answer, "X-Request-Id")
    request = session_event("api_keys/list")
    [listed] = body(api_keys(request, CONTEXT))["data"]
    assert (listed["status"], listed["revokedReason"]) == ("revoked", "self")


@pytest.mark.parametrize("name", ["get", "delete-key"])
def test_a_key_that_was_admitted_and_is_not_there_is_our_fault(name: str) -> None:
    """500, and no 404: the store disagrees with itself, and the caller asked for nothing."""
    answer = handler(event(f"account/{name}"), CONTEXT)
    assert (answer["statusCode"], body(answer)["error"]["code"]) == (500, "internal_error")


@pytest.mark.parametrize(
    "authorizer",
    [None, {}, {"verdict": "REVOKED"}, event("api_keys/list")["requestContext"]["authorizer"]],
)
def test_a_request_that_passed_no_key_authorizer_is_refused(authorizer: Any) -> None:
    """Whatever let it through, the handler does not: exactly the public 401, on every route."""
    for name in ("get", "delete-key", "unknown-path", "wrong-method"):
        request = event(f"account/{name}")
        request["requestContext"]["authorizer"] = authorizer
        answer = handler(request, CONTEXT)
        assert (answer["statusCode"], body(answer)) == (401, UNAUTHORIZED_KEY)


@pytest.mark.parametrize(
    ("method", "path", "status", "allow"),
    [
        ("PUT", "/api/v1/account", 405, "GET"),
        ("HEAD", "/api/v1/account/", 405, "GET"),
        ("OPTIONS", "/api/v1/account", 405, "GET"),
        ("GET", "/api/v1/account/key", 405, "DELETE"),
        ("POST", "/api/v1/openapi.yaml", 405, "GET, HEAD"),
        ("GET", "/api/v1/nothing", 404, None),
        ("GET", "/api/v1/accountx", 404, None),
        ("GET", "/api/v1/openapiXyaml", 404, None),
        ("GET", "/", 404, None),
        ("GET", "/api/v1/%00", 404, None),
        ("PUT", "/api/v1/%61ccount", 405, "GET"),
        # It exists, but the gateway did not find it.
        ("GET", "/api/v1/agents", 404, None),
        ("GET", "/api/v1/openapi%2eyaml", 404, None),
    ],
)
def test_it_answers_for_every_path_that_no_route_serves(
    method: str, path: str, status: int, allow: str | None
) -> None:
    """405 with the methods of the whole API for a known path, 404 for all others."""
    request = event("account/unknown-path") | {"httpMethod": method, "path": path}
    answer = handler(request, CONTEXT)
    assert answer["statusCode"] == status
    assert header(answer, "Allow") == allow
