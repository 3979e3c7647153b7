import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentcontainer.keys import token
from functions.api_keys.handler import handler
from tests.support.events import CONTEXT, UNAUTHORIZED_SESSION, body, event, header, session_event

pytestmark = pytest.mark.usefixtures("tables")


def create(members: dict[str, Any] | None = None, **who: Any) -> dict[str, Any]:
    """The answer to a creation."""
    request = session_event("api_keys/create", **who)
    request["body"] = json.dumps(members or {"name": "CI"})
    return handler(request, CONTEXT)


def on(name: str, key_id: str, **who: Any) -> dict[str, Any]:
    """The answer of a route that names a key."""
    request = session_event(f"api_keys/{name}", **who)
    old = request["pathParameters"]["keyId"]
    request["pathParameters"] = {"keyId": key_id}
    request["path"] = request["path"].replace(old, key_id)
    return handler(request, CONTEXT)


def listed(query: dict[str, str] | None = None, **who: Any) -> dict[str, Any]:
    """The answer of the list."""
    request = session_event("api_keys/list", **who)
    if query:
        request["queryStringParameters"] = query
        request["multiValueQueryStringParameters"] = {k: [v] for k, v in query.items()}
    return handler(request, CONTEXT)


def test_a_created_key_shows_its_token_once() -> None:
    """It works, belongs to the session's account, and no later answer holds the token."""
    answer = create({"name": "CI"})
    assert answer["statusCode"] == 201
    created = body(answer)
    secret = created.pop("token")
    assert token.parse(secret) == secret
    assert created["hint"] == token.hint(secret)
    assert created == {
        "id": created["id"],
        "name": "CI",
        "hint": created["hint"],
        "status": "active",
        "scopes": ["agents:read", "agents:write"],
        "allowedIps": [],
        "rateLimit": None,
        "createdAt": created["createdAt"],
        "createdBy": "user_demo",
        "expiresAt": None,
        "lastUsedAt": None,
        "revokedAt": None,
        "revokedReason": None,
        "rotation": None,
    }
    later = on("get", created["id"])
    assert body(later) == created
    assert secret not in later["body"] + listed()["body"] + on("revoke", created["id"])["body"]


def test_every_answer_carries_the_contracts_headers() -> None:
    """Also errors: the request's id, no caching, and who may read it in a browser."""
    for answer in (create(), create({"name": ""}), on("get", "key_none"), listed({"limit": "0"})):
        assert (
            header(answer, "X-Request-Id") == event("api_keys/list")["requestContext"]["requestId"]
        )
        assert header(answer, "Cache-Control") == "no-store"
        assert header(answer, "Content-Type") == "application/json"
        assert header(answer, "Access-Control-Allow-Origin") == "https://app.agentcontainer.test"


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "\u2003\u00a0"}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "a\u0000b"}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "\u202eIC"}, "name"),
        ({"name": "\ud800"}, "name"),
        ({"name": 5}, "name"),
        ({"name": None}, "name"),
        ({"name": ["x"]}, "name"),
        ({"name": "x", "scopes": []}, "scopes"),
        ({"name": "x", "scopes": None}, "scopes"),
        ({"name": "x", "scopes": "agents:read"}, "scopes"),
        ({"name": "x", "scopes": ["agents:read", "agents:read"]}, "scopes"),
        ({"name": "x", "scopes": ["agents:all"]}, "scopes.0"),
        ({"name": "x", "expiresAt": "2020-01-01T00:00:00Z"}, "expiresAt"),
        ({"name": "x", "expiresAt": "2999-01-01"}, "expiresAt"),
        ({"name": "x", "expiresAt": "2999-01-01T00:00:00"}, "expiresAt"),
        ({"name": "x", "expiresAt": "2999-02-30T00:00:00Z"}, "expiresAt"),
        ({"name": "x", "expiresAt": 32503680000}, "expiresAt"),
        ({"name": "x", "expiresAt": "9999-12-31T23:59:59-00:01"}, "expiresAt"),
        ({"name": "x", "expiresAt": "0001-01-01T00:00:00+00:01"}, "expiresAt"),
        ({"name": "x", "owner": "user_2"}, "owner"),
        ({"name": "x", "accountId": "user_2"}, "accountId"),
        ({"name": "x", "created_by": "user_2"}, "created_by"),
    ],
)
def test_a_wrong_member_is_named(members: dict[str, Any], field: str) -> None:
    """400, with the place of what is wrong, and nothing is made."""
    answer = create(members or {"scopes": ["agents:read"]})
    assert answer["statusCode"] == 400
    error = body(answer)["error"]
    assert error["code"] == "invalid_request"
    assert [(d["in"], d["field"]) for d in error["details"]] == [("body", field)]
    assert body(listed())["data"] == []


def test_names_in_any_script_are_kept() -> None:
    """Up to 80 code points, spaces and emoji included, exactly as they were sent."""
    for name in ("CI", " padded ", "schlüssel für münchen", "生产环境", "🔑" * 80, "a\u0301"):
        assert body(create({"name": name}))["name"] == name


def test_an_expiry_is_kept_to_the_millisecond() -> None:
    """In UTC, whatever offset it was given in."""
    for fraction in ("123456", "123", "1239999999999"):
        expires_at = f"2999-01-01T01:30:00.{fraction}+01:00"
        created = body(create({"name": "x", "expiresAt": expires_at}))
        assert created["expiresAt"] == "2999-01-01T00:30:00.123Z"
    assert created["status"] == "active"


@pytest.mark.parametrize(
    ("content", "content_type", "status", "code"),
    [
        ("{", "application/json", 400, "invalid_request"),
        ("[]", "application/json", 400, "invalid_request"),
        ('[{"name": "x"}]', "application/json", 400, "invalid_request"),
        ("null", "application/json", 400, "invalid_request"),
        ('"x"', "application/json", 400, "invalid_request"),
        ('{"name": "a", "name": "b"}', "application/json", 400, "invalid_request"),
        ('{"name": NaN}', "application/json", 400, "invalid_request"),
        ('{"name": ' + "9" * 5000 + "}", "application/json", 400, "invalid_request"),
        ("[" * 100_000, "application/json", 400, "invalid_request"),
        ("", "application/json", 400, "invalid_request"),
        ('{"name": "x"}', None, 415, "unsupported_media_type"),
        ('{"name": "x"}', "text/plain", 415, "unsupported_media_type"),
        ('{"name": "x"}', "application/jsonx", 415, "unsupported_media_type"),
        ('{"name": "x"}', "application/json; charset=latin-1", 415, "unsupported_media_type"),
        ("name=x", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        ("x", "multipart/form-data", 415, "unsupported_media_type"),
        ('{"name": "' + "x" * 300_000 + '"}', "application/json", 413, "payload_too_large"),
        ('{"name": "x"}', "APPLICATION/JSON", 201, None),
        ('{"name": "x"}', "application/json;charset=UTF-8", 201, None),
    ],
)
def test_a_body_is_json_and_nothing_else(
    content: str, content_type: str | None, status: int, code: str | None
) -> None:
    """Whatever else comes gets an answer in the envelope, never a fault."""
    request = event("api_keys/create") | {"body": content}
    headers = {"content-type": content_type} if content_type else {}
    request["headers"] = headers
    request["multiValueHeaders"] = {name: [value] for name, value in headers.items()}
    answer = handler(request, CONTEXT)
    assert (answer["statusCode"], body(answer).get("error", {}).get("code")) == (status, code)


def test_a_body_in_base64_is_refused() -> None:
    """No binary media type is set up, so a gateway never sends one; whatever does gets a 415."""
    request = event("api_keys/create") | {"body": "/w==", "isBase64Encoded": True}
    assert handler(request, CONTEXT)["statusCode"] == 415


def test_lists_are_newest_first_and_paged() -> None:
    """Following nextCursor shows every key once, dead ones too."""
    ids = [body(create({"name": str(n)}))["id"] for n in range(5)]
    on("revoke", ids[1])
    seen, query = [], {"limit": "2"}
    while True:
        page = body(listed(query))
        seen += [key["id"] for key in page["data"]]
        if page["nextCursor"] is None:
            break
        query = {"limit": "2", "cursor": page["nextCursor"]}
    assert sorted(seen, reverse=True) == seen or len(set(seen)) == 5
    assert set(seen) == set(ids)
    assert [key["id"] for key in body(listed({"status": "revoked"}))["data"]] == [ids[1]]
    assert len(body(listed({"status": "active"}))["data"]) == 4


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ({"limit": "0"}, "invalid_request", "limit"),
        ({"limit": "101"}, "invalid_request", "limit"),
        ({"limit": "1_0"}, "invalid_request", "limit"),
        ({"limit": " 5"}, "invalid_request", "limit"),
        ({"limit": "5.0"}, "invalid_request", "limit"),
        ({"limit": "٥"}, "invalid_request", "limit"),
        ({"limit": ""}, "invalid_request", "limit"),
        ({"status": "dead"}, "invalid_request", "status"),
        ({"page": "2"}, "invalid_request", "page"),
        ({"cursor": "x"}, "invalid_cursor", None),
    ],
)
def test_a_wrong_parameter_is_named(query: dict[str, str], code: str, field: str | None) -> None:
    """Unknown ones too: a misspelt filter would otherwise show the wrong list."""
    error = body(listed(query))["error"]
    assert error["code"] == code
    assert [d["field"] for d in error.get("details", [])] == ([field] if field else [])


def test_a_parameter_given_twice_is_refused() -> None:
    """Rather than believing one of the two."""
    request = event("api_keys/list")
    request["queryStringParameters"] = {"limit": "2"}
    request["multiValueQueryStringParameters"] = {"limit": ["1", "2"]}
    assert handler(request, CONTEXT)["statusCode"] == 400


def test_a_cursor_of_another_account_or_filter_is_refused() -> None:
    """It leads on only in the list that gave it out."""
    for n in range(2):
        create({"name": str(n)})
    cursor = body(listed({"limit": "1"}))["nextCursor"]
    assert body(listed({"cursor": cursor}, user="user_2"))["error"]["code"] == "invalid_cursor"
    assert body(listed({"cursor": cursor, "status": "active"}))["error"]["code"] == "invalid_cursor"
    assert "data" in body(listed({"cursor": cursor}))


def test_revoking_is_final_and_repeatable() -> None:
    """Again 200, and the first revocation stays as it was."""
    created = body(create())
    first = on("revoke", created["id"])
    assert first["statusCode"] == 200
    assert body(first)["status"] == "revoked"
    assert body(first)["revokedReason"] == "requested"
    again = on("revoke", created["id"])
    assert (again["statusCode"], body(again)) == (200, body(first))


def test_revoking_needs_no_body() -> None:
    """The note is optional, and so is the body that would hold it."""
    created = body(create())
    request = session_event("api_keys/revoke")
    request["path"] = f"/dashboard/v1/api-keys/{created['id']}/revoke"
    request["body"] = None
    assert handler(request, CONTEXT)["statusCode"] == 200


@pytest.mark.parametrize("name", ["get", "revoke"])
def test_another_accounts_key_is_not_there(name: str) -> None:
    """404, the same as for an id that never existed, and nothing happens to it."""
    created = body(create())
    foreign = on(name, created["id"], user="user_2")
    unknown = on(name, "key_01m85vr6h38tnqq4q62bxttx2k", user="user_2")
    assert foreign["statusCode"] == unknown["statusCode"] == 404
    assert body(foreign) == body(unknown)
    assert on(name, created["id"], org="org_1", role="admin")["statusCode"] == 404
    assert body(on("get", created["id"]))["status"] == "active"


@pytest.mark.parametrize("role", ["member", "basic_member", ""])
def test_members_may_read_and_only_admins_change(role: str) -> None:
    """In an organization; a session without a role is a member's."""
    created = body(create(org="org_1", role="admin"))
    assert created["createdBy"] == "user_demo"
    assert on("get", created["id"], org="org_1", role=role)["statusCode"] == 200
    assert len(body(listed(org="org_1", role=role))["data"]) == 1
    for refused in (
        create(org="org_1", role=role),
        on("revoke", created["id"], org="org_1", role=role),
    ):
        assert refused["statusCode"] == 403
        assert body(refused)["error"]["code"] == "forbidden"


def test_who_may_not_change_learns_nothing_of_the_body() -> None:
    """403 before a word about what is wrong with it."""
    assert create({"nonsense": 1}, org="org_1", role="member")["statusCode"] == 403


@pytest.mark.parametrize(
    "authorizer", [None, {}, {"kind": "key"}, event("account/get")["requestContext"]["authorizer"]]
)
def test_a_request_that_passed_no_session_authorizer_is_refused(authorizer: Any) -> None:
    """Whatever let it through, the handler does not, and an API key's context opens nothing."""
    for name in ("list", "create", "get", "revoke"):
        request = event(f"api_keys/{name}")
        request["requestContext"]["authorizer"] = authorizer
        answer = handler(request, CONTEXT)
        assert (answer["statusCode"], body(answer)) == (401, UNAUTHORIZED_SESSION)


def test_cookies_open_nothing() -> None:
    """Only the authorizer's context counts, so no other site can make a browser act."""
    request = event("api_keys/list")
    del request["requestContext"]["authorizer"]
    request["headers"] |= {"Cookie": "__session=x", "Authorization": "Bearer x"}
    assert handler(request, CONTEXT)["statusCode"] == 401


@pytest.mark.parametrize(
    ("method", "path", "status", "allow"),
    [
        ("DELETE", "/dashboard/v1/api-keys", 405, "GET, POST"),
        ("GET", "/dashboard/v1/api-keys/key_1/revoke", 405, "POST"),
        ("HEAD", "/dashboard/v1/api-keys", 405, "GET, POST"),
        ("PUT", "/dashboard/v1/usage", 405, "GET"),
        ("POST", "/dashboard/v1/api-keys/key_1/usage/", 405, "GET"),
        ("GET", "/dashboard/v1/nothing", 404, None),
        ("GET", "/", 404, None),
    ],
)
def test_what_no_route_serves(method: str, path: str, status: int, allow: str | None) -> None:
    """405 with Allow where the path is known, 404 elsewhere."""
    request = event("api_keys/list") | {
        "httpMethod": method,
        "path": path,
        "resource": "/{proxy+}",
    }
    answer = handler(request, CONTEXT)
    assert answer["statusCode"] == status
    assert header(answer, "Allow") == allow


@given(st.text())
def test_any_key_id_is_found_or_not(key_id: str) -> None:
    """An id of any form is 404, or no route at all; never a fault."""
    request = event("api_keys/get")
    request["path"] = f"/dashboard/v1/api-keys/{key_id}"
    answer = handler(request, CONTEXT)
    assert answer["statusCode"] in {200, 404, 405}


@pytest.mark.parametrize("spelling", ["{0}", "{0}/", "%64{1}", "{0}//"])
def test_a_request_is_done_once_whatever_the_spelling_of_its_path(spelling: str) -> None:
    """An `Idempotency-Key` is for a path, and one path has many spellings."""
    key_id = body(create())["id"]
    request = session_event("api_keys/rotate")
    request["headers"]["Idempotency-Key"] = "once"
    request["multiValueHeaders"]["Idempotency-Key"] = ["once"]
    path = f"/dashboard/v1/api-keys/{key_id}/rotate"
    first = handler(request | {"path": path}, CONTEXT)
    assert (first["statusCode"], header(first, "Idempotent-Replayed")) == (200, None)
    front, _, back = path.partition("d")
    again = handler(request | {"path": front + spelling.format("d" + back, back)}, CONTEXT)
    assert (again["statusCode"], header(again, "Idempotent-Replayed")) == (200, "true")
