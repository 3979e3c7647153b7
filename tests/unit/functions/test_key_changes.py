"""PATCH, rotate, end of rotation, idempotency and audit, through the function's handler."""

from datetime import timedelta
from typing import Any

import pytest

from agentcontainer.accounts.store import Accounts
from agentcontainer.audit.store import AuditLog
from agentcontainer.clock import to_rfc3339, utc_now
from agentcontainer.dynamodb.table import Table
from agentcontainer.keys import token
from agentcontainer.keys.last_use import LastUses
from functions.api_keys.handler import handler
from tests.support.events import CONTEXT, SOMEBODY, asking, body, header, key_store, session_event

pytestmark = pytest.mark.usefixtures("tables")

KEYS = "/dashboard/v1/api-keys"
IDEMPOTENT = {"Idempotency-Key": "abc"}


def ask(
    method: str,
    path: str,
    sent: object = None,
    query: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
    **who: Any,
) -> dict[str, Any]:
    """The answer to a request of somebody who is signed in."""
    event = session_event("api_keys/list", **who)
    return handler(asking(event, method, path, sent, query, headers), CONTEXT)


def create(members: dict[str, Any] | None = None, **who: Any) -> dict[str, Any]:
    """A new key, with its token."""
    answer = ask("POST", KEYS, {"name": "CI"} | (members or {}), **who)
    assert answer["statusCode"] == 201, answer
    return body(answer)


def code(answer: dict[str, Any]) -> tuple[int, str]:
    """Status and code of an error."""
    return answer["statusCode"], body(answer)["error"]["code"]


def in_seconds(seconds: float) -> str:
    """A time from now."""
    return to_rfc3339(utc_now() + timedelta(seconds=seconds))


def test_a_key_is_created_with_all_that_it_can_have() -> None:
    """Addresses in their one spelling, the limit as it was given."""
    created = create(
        {
            "scopes": ["agents:read"],
            "expiresAt": "2999-01-01T00:00:00Z",
            "allowedIps": ["::ffff:192.0.2.0/120", "2001:DB8::/32"],
            "rateLimit": {"requests": 50.0, "windowSeconds": 3600},
        }
    )
    assert created["allowedIps"] == ["192.0.2.0/24", "2001:db8::/32"]
    assert created["rateLimit"] == {"requests": 50, "windowSeconds": 3600}


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"allowedIps": ["192.0.2.1/24"]}, "allowedIps.0"),
        ({"allowedIps": ["192.0.2.1", "192.0.2.1/32"]}, "allowedIps"),
        ({"allowedIps": ["192.0.2.1"] * 21}, "allowedIps"),
        ({"allowedIps": "192.0.2.1"}, "allowedIps"),
        ({"allowedIps": [5]}, "allowedIps.0"),
        ({"rateLimit": {"requests": 0, "windowSeconds": 1}}, "rateLimit.requests"),
        ({"rateLimit": {"requests": 1_000_001, "windowSeconds": 86400}}, "rateLimit.requests"),
        ({"rateLimit": {"requests": 1, "windowSeconds": 86_401}}, "rateLimit.windowSeconds"),
        ({"rateLimit": {"requests": 501, "windowSeconds": 1}}, "rateLimit"),
        ({"rateLimit": {"requests": True, "windowSeconds": 1}}, "rateLimit.requests"),
        ({"rateLimit": {"requests": "5", "windowSeconds": 1}}, "rateLimit.requests"),
        ({"rateLimit": {"requests": 5.5, "windowSeconds": 1}}, "rateLimit.requests"),
        ({"rateLimit": {"requests": 5}}, "rateLimit.windowSeconds"),
        ({"rateLimit": 5}, "rateLimit"),
        ({"name": None}, "name"),
        ({"scopes": None}, "scopes"),
        ({"allowedIps": None}, "allowedIps"),
        ({"enabled": None}, "enabled"),
        ({"enabled": 1}, "enabled"),
        ({"enabled": "true"}, "enabled"),
        ({"expiresAt": "2999-01-01T00:00:00Z"}, "expiresAt"),
        ({"status": "revoked"}, "status"),
    ],
)
def test_a_wrong_member_of_a_change_is_named(members: dict[str, Any], field: str) -> None:
    """400 with its place, and the key stays as it was."""
    created = create()
    answer = ask("PATCH", f"{KEYS}/{created['id']}", members)
    assert code(answer) == (400, "invalid_request")
    assert {d["field"] for d in body(answer)["error"]["details"]} == {field}
    created.pop("token")
    assert body(ask("GET", f"{KEYS}/{created['id']}")) == created


def test_the_network_that_was_meant_is_named() -> None:
    """So that the caller can take it as it stands."""
    answer = ask("POST", KEYS, {"name": "x", "allowedIps": ["192.0.2.1/24"]})
    assert "192.0.2.0/24" in body(answer)["error"]["details"][0]["message"]


def test_what_a_change_leaves_out_stays() -> None:
    """And null takes a limit away."""
    created = create({"rateLimit": {"requests": 5, "windowSeconds": 1}})
    path = f"{KEYS}/{created['id']}"
    for members in (
        {"name": "renamed"},
        {"scopes": ["agents:read"]},
        {"allowedIps": ["192.0.2.1"]},
        {"enabled": False},
        {"rateLimit": None},
        {"enabled": True},
        {},
    ):
        before = body(ask("GET", path))
        after = body(ask("PATCH", path, members))
        expected = before | {k: v for k, v in members.items() if k != "enabled"}
        if "enabled" in members:
            expected["status"] = "active" if members["enabled"] else "disabled"
        assert after == expected == body(ask("GET", path))


def test_a_final_key_can_be_renamed_and_nothing_else() -> None:
    """409, with the state it is in."""
    created = create()
    path = f"{KEYS}/{created['id']}"
    ask("POST", f"{path}/revoke")
    for answer in (
        ask("PATCH", path, {"scopes": ["agents:read"]}),
        ask("PATCH", path, {"enabled": True}),
        ask("PATCH", path, {"allowedIps": ["192.0.2.1"]}),
        ask("PATCH", path, {"rateLimit": {"requests": 1, "windowSeconds": 1}}),
        ask("POST", f"{path}/rotate"),
    ):
        assert code(answer) == (409, "conflict")
        assert body(answer)["error"]["details"][0]["code"] == "revoked"
    renamed = ask("PATCH", path, {"name": "old"})
    assert (renamed["statusCode"], body(renamed)["name"]) == (200, "old")


def test_a_closed_account_makes_no_key_and_says_so() -> None:
    """409, with the state that the account is in; its keys are shown, revoked because of it."""
    created = create()
    table = Table("Keys")
    log = AuditLog(table, timedelta(days=400))
    Accounts(table, log, key_store()).close("user_demo", by=SOMEBODY, now=utc_now())
    answer = ask("POST", KEYS, {"name": "CI"})
    assert code(answer) == (409, "conflict")
    [detail] = body(answer)["error"]["details"]
    assert (detail["in"], detail["code"]) == ("header", "closed")
    assert body(ask("GET", f"{KEYS}/{created['id']}"))["revokedReason"] == "owner_deleted"
    events = body(ask("GET", "/dashboard/v1/audit-events"))["data"]
    assert {(event["action"], event["keyId"]) for event in events} == {
        ("account.closed", None),
        ("api_key.revoked", created["id"]),
        ("api_key.created", created["id"]),
    }


def test_no_answer_shows_what_an_event_keeps_for_the_log() -> None:
    """The state is internal: digests are nobody's business outside."""
    create()
    answer = ask("GET", "/dashboard/v1/audit-events")
    [event] = body(answer)["data"]
    assert event.keys() == {
        *("id", "action", "keyId", "actor", "address", "userAgent", "changes", "createdAt"),
    }
    assert "digest" not in answer["body"]


def test_rotating_shows_the_new_token_and_the_old_ones_end() -> None:
    """A day from now unless the caller says otherwise."""
    created = create()
    path = f"{KEYS}/{created['id']}"
    answer = ask("POST", f"{path}/rotate")
    assert answer["statusCode"] == 200
    rotated = body(answer)
    secret = rotated.pop("token")
    assert token.parse(secret) == secret != created["token"]
    assert rotated["hint"] == token.hint(secret)
    assert rotated["rotation"]["previousHint"] == created["hint"]
    assert in_seconds(86_390) < rotated["rotation"]["previousExpiresAt"] < in_seconds(86_410)
    assert rotated["rotation"]["previousLastUsedAt"] is None
    assert rotated["rotation"]["newestLastUsedAt"] is None
    assert body(ask("GET", path)) == rotated
    assert body(ask("DELETE", f"{path}/rotation"))["rotation"] is None
    again = ask("DELETE", f"{path}/rotation")
    assert (again["statusCode"], body(again)["rotation"]) == (200, None)


def test_a_rotation_tells_of_each_token_when_it_was_used() -> None:
    """Of the newest alone too: the key's last use may be that of a token which is gone."""
    first = create()
    path = f"{KEYS}/{first['id']}"
    second = body(ask("POST", f"{path}/rotate"))
    third = body(ask("POST", f"{path}/rotate", {"replace": "oldest"}))
    now = utc_now()
    for used, ago in ((second, 3), (first, 2)):
        secret = token.fingerprint(token.digest(used["token"]))
        at = now - timedelta(hours=ago)
        LastUses(Table("Keys")).advance("user_demo", first["id"], secret, at)
    key = body(ask("GET", path))
    assert key["lastUsedAt"] == to_rfc3339(now - timedelta(hours=2))
    assert key["rotation"]["previousLastUsedAt"] == to_rfc3339(now - timedelta(hours=3))
    assert key["rotation"]["newestLastUsedAt"] is None
    secret = token.fingerprint(token.digest(third["token"]))
    LastUses(Table("Keys")).advance("user_demo", first["id"], secret, now)
    assert body(ask("GET", path))["rotation"]["newestLastUsedAt"] == to_rfc3339(now)


def test_a_rotation_in_progress_needs_a_word() -> None:
    """409 without it; the newest or the oldest gives way."""
    created = create()
    path = f"{KEYS}/{created['id']}"
    first = body(ask("POST", f"{path}/rotate", {"gracePeriodSeconds": 3600}))
    assert code(ask("POST", f"{path}/rotate")) == (409, "rotation_in_progress")
    newest = body(ask("POST", f"{path}/rotate", {"replace": "newest"}))
    assert newest["rotation"] == first["rotation"]
    oldest = body(ask("POST", f"{path}/rotate", {"replace": "oldest"}))
    assert oldest["rotation"]["previousHint"] == newest["hint"]
    at_once = body(ask("POST", f"{path}/rotate", {"gracePeriodSeconds": 0}))
    assert at_once["rotation"] is None


def test_a_rotation_can_renew_the_key() -> None:
    """Left out, the expiry stays; null is refused, for it would make the key immortal."""
    created = create({"expiresAt": in_seconds(3600)})
    path = f"{KEYS}/{created['id']}"
    assert body(ask("POST", f"{path}/rotate"))["expiresAt"] == created["expiresAt"]
    renewed = body(
        ask("POST", f"{path}/rotate", {"replace": "oldest", "expiresAt": "2999-01-01T00:00:00Z"})
    )
    assert renewed["expiresAt"] == "2999-01-01T00:00:00.000Z"
    assert renewed["rotation"]["previousExpiresAt"] == created["expiresAt"]
    for refused in (None, "2020-01-01T00:00:00Z"):
        answer = ask("POST", f"{path}/rotate", {"replace": "oldest", "expiresAt": refused})
        assert code(answer) == (400, "invalid_request")


@pytest.mark.parametrize(
    "members",
    [
        {"gracePeriodSeconds": -1},
        {"gracePeriodSeconds": 604_801},
        {"gracePeriodSeconds": "60"},
        {"gracePeriodSeconds": None},
        {"replace": "both"},
        {"replace": None},
        {"grace": 5},
    ],
)
def test_a_wrong_rotation_is_refused(members: dict[str, Any]) -> None:
    """And nothing has rotated."""
    created = create()
    assert ask("POST", f"{KEYS}/{created['id']}/rotate", members)["statusCode"] == 400
    assert body(ask("GET", f"{KEYS}/{created['id']}"))["hint"] == created["hint"]


def test_a_creation_sent_again_makes_one_key() -> None:
    """The second answer shows it as it is by then, without the token, and says so."""
    first = ask("POST", KEYS, {"name": "CI"}, headers=IDEMPOTENT)
    made = body(first)
    ask("PATCH", f"{KEYS}/{made['id']}", {"name": "renamed"})
    again = ask("POST", KEYS, {"name": "CI"}, headers=IDEMPOTENT)
    assert again["statusCode"] == 201
    assert body(again) == {k: v for k, v in made.items() if k != "token"} | {"name": "renamed"}
    assert (header(first, "Idempotent-Replayed"), header(again, "Idempotent-Replayed")) == (
        None,
        "true",
    )
    assert len(body(ask("GET", KEYS))["data"]) == 1


def test_another_body_under_the_same_idempotency_key_is_a_mismatch() -> None:
    """422, and nothing is done; the order of members is not another body."""
    sent = {"name": "CI", "scopes": ["agents:read"]}
    ask("POST", KEYS, sent, headers=IDEMPOTENT)
    same = ask("POST", KEYS, '{"scopes": ["agents:read"], "name": "C\\u0049"}', headers=IDEMPOTENT)
    assert header(same, "Idempotent-Replayed") == "true"
    answer = ask("POST", KEYS, sent | {"name": "other"}, headers=IDEMPOTENT)
    assert code(answer) == (422, "idempotency_mismatch")
    assert len(body(ask("GET", KEYS))["data"]) == 1


def test_a_failed_request_is_not_remembered() -> None:
    """The same Idempotency-Key is free for the request that is right."""
    assert ask("POST", KEYS, {"name": ""}, headers=IDEMPOTENT)["statusCode"] == 400
    assert ask("POST", KEYS, {"name": "CI"}, headers=IDEMPOTENT)["statusCode"] == 201


def test_a_rotation_sent_again_rotates_once() -> None:
    """On its own key: the same Idempotency-Key on another key's rotation is another thing."""
    one, other = create(), create()
    first = body(ask("POST", f"{KEYS}/{one['id']}/rotate", {}, headers=IDEMPOTENT))
    again = ask("POST", f"{KEYS}/{one['id']}/rotate", headers=IDEMPOTENT)
    assert (again["statusCode"], header(again, "Idempotent-Replayed")) == (200, "true")
    assert body(again) == {k: v for k, v in first.items() if k != "token"}
    elsewhere = ask("POST", f"{KEYS}/{other['id']}/rotate", headers=IDEMPOTENT)
    assert "token" in body(elsewhere)


def test_a_replay_comes_before_any_state_or_limit() -> None:
    """Also of a creation whose expiry has passed, and of a rotation of a key now revoked."""
    created = create()
    path = f"{KEYS}/{created['id']}"
    ask("POST", f"{path}/rotate", headers=IDEMPOTENT)
    ask("POST", f"{path}/revoke", headers=IDEMPOTENT)
    answer = ask("POST", f"{path}/rotate", headers=IDEMPOTENT)
    assert (answer["statusCode"], body(answer)["status"]) == (200, "revoked")
    again = ask("POST", f"{path}/revoke", headers=IDEMPOTENT)
    assert header(again, "Idempotent-Replayed") == "true"


@pytest.mark.parametrize("value", ["", "x" * 256, "schlüssel", "a\tb"])
def test_a_wrong_idempotency_key_is_refused(value: str) -> None:
    """1 to 255 printable ASCII characters; nothing is made."""
    answer = ask("POST", KEYS, {"name": "CI"}, headers={"Idempotency-Key": value})
    assert code(answer) == (400, "invalid_request")
    [detail] = body(answer)["error"]["details"]
    assert (detail["in"], detail["field"].lower()) == ("header", "idempotency-key")
    assert body(ask("GET", KEYS))["data"] == []


def test_a_header_that_stands_twice_is_refused() -> None:
    """Rather than believing one of the two."""
    event = asking(session_event("api_keys/list"), "POST", KEYS, {"name": "CI"}, headers=IDEMPOTENT)
    event["multiValueHeaders"]["Idempotency-Key"] = ["abc", "def"]
    assert code(handler(event, CONTEXT)) == (400, "invalid_request")


def test_a_request_that_means_another_account_changes_nothing() -> None:
    """The active organization can have changed in another tab."""
    for name, status in (("user_demo", 200), ("org_1", 409), ("", 409)):
        answer = ask("GET", KEYS, headers={"agentcontainer-account": name})
        assert answer["statusCode"] == status
    refused = ask("POST", KEYS, {"name": "CI"}, headers={"AgentContainer-Account": "org_1"})
    assert code(refused) == (409, "account_mismatch")
    assert body(ask("GET", KEYS))["data"] == []


def test_only_managers_change_keys_and_see_events() -> None:
    """Other members read keys."""
    created = create(org="org_1", role="admin")
    path = f"{KEYS}/{created['id']}"
    for method, where in (
        ("PATCH", path),
        ("POST", f"{path}/rotate"),
        ("DELETE", f"{path}/rotation"),
        ("GET", "/dashboard/v1/audit-events"),
    ):
        assert ask(method, where, org="org_1", role="member")["statusCode"] == 403
    events = body(ask("GET", "/dashboard/v1/audit-events", org="org_1", role="admin"))
    assert len(events["data"]) == 1


def test_events_tell_who_did_what_from_where() -> None:
    """Newest first, with what changed; of one key alone if that is asked."""
    created = create()
    create({"name": "other"})
    path = f"{KEYS}/{created['id']}"
    ask("PATCH", path, {"name": "renamed", "scopes": ["agents:read"]})
    ask("POST", f"{path}/revoke", {"note": "why"})
    query = {"keyId": created["id"], "limit": "2"}
    events = body(ask("GET", "/dashboard/v1/audit-events", query=query))
    revoked, updated = events["data"]
    assert revoked["action"] == "api_key.revoked"
    assert revoked["changes"]["note"] == {"from": None, "to": "why"}
    assert updated == {
        "id": updated["id"],
        "action": "api_key.updated",
        "keyId": created["id"],
        "actor": {"type": "user", "id": "user_demo"},
        "address": "198.51.100.7",
        "userAgent": "curl/8.10.1",
        "changes": {
            "name": {"from": "CI", "to": "renamed"},
            "scopes": {"from": ["agents:read", "agents:write"], "to": ["agents:read"]},
        },
        "createdAt": updated["createdAt"],
    }
    rest = body(
        ask("GET", "/dashboard/v1/audit-events", query=query | {"cursor": events["nextCursor"]})
    )
    assert [event["action"] for event in rest["data"]] == ["api_key.created"]
    assert body(ask("GET", "/dashboard/v1/audit-events", user="user_2"))["data"] == []
    foreign = {"cursor": events["nextCursor"]}
    assert code(ask("GET", "/dashboard/v1/audit-events", query=foreign)) == (400, "invalid_cursor")


def test_a_token_in_a_user_agent_is_cut_out() -> None:
    """What programs say of themselves is recorded, and may be anything."""
    secret = token.mint()
    event = asking(session_event("api_keys/list"), "POST", KEYS, {"name": "CI"})
    event["requestContext"]["identity"]["userAgent"] = f"script/1 {secret}"
    handler(event, CONTEXT)
    [recorded] = body(ask("GET", "/dashboard/v1/audit-events"))["data"]
    assert recorded["userAgent"] == "script/1 ac_live_[redacted]"


def test_a_token_in_a_callers_text_is_refused() -> None:
    """In any string or member name, path or query: neither stored nor echoed."""
    secret = token.mint()
    created = create()
    for answer in (
        ask("POST", KEYS, {"name": secret}),
        ask("POST", KEYS, {"name": f"prod {secret}!"}),
        ask("POST", KEYS, {"name": "x", secret: 1}),
        ask("POST", KEYS, {"name": "x", "scopes": [secret]}),
        ask("POST", KEYS, f'{{"name": "\\u0061{secret[1:]}"}}'),
        ask("PATCH", f"{KEYS}/{created['id']}", {"name": secret}),
        ask("POST", f"{KEYS}/{created['id']}/revoke", {"note": f"leaked {secret}"}),
        ask("GET", f"{KEYS}/{secret}"),
        ask("GET", f"{KEYS}/%61{secret[1:]}"),
        ask("GET", f"/dashboard/v1/{secret}"),
        ask("GET", KEYS, query={"cursor": secret}),
        ask("GET", KEYS, query={secret: "1"}),
    ):
        assert code(answer) == (400, "invalid_request")
        assert "looks like an API key" in answer["body"]
        assert secret not in answer["body"]
    assert len(body(ask("GET", KEYS))["data"]) == 1


def test_what_only_looks_a_little_like_a_token_is_kept() -> None:
    """A hint, a prefix, a wrong checksum: people name keys after them."""
    secret = token.mint()
    wrong = secret[:-1] + ("0" if secret[-1] != "0" else "1")
    for name in ("ac_live_", token.hint(secret), wrong):
        assert create({"name": name})["name"] == name


UNSEEN = ["a\u202eb", "a\u2028b", "a\nb", "\x9f", "\u200b", "\u3164\ufe0f", "\u2800", "\U000e0041"]


@pytest.mark.parametrize("text", UNSEEN, ids=ascii)
def test_no_text_of_a_key_deceives_whoever_reads_it(text: str) -> None:
    """Names and notes alike: nothing in them arranges what is around, and something is seen."""
    key_id = body(ask("POST", KEYS, {"name": "CI"}))["id"]
    answers = [
        ask("POST", KEYS, {"name": text}),
        ask("PATCH", f"{KEYS}/{key_id}", {"name": text}),
        ask("POST", f"{KEYS}/{key_id}/revoke", {"note": text}),
    ]
    for answer in answers:
        assert code(answer) == (400, "invalid_request")
    assert body(ask("GET", f"{KEYS}/{key_id}"))["status"] == "active"


def test_a_browsers_name_is_recorded_as_a_line() -> None:
    """It is the caller's text, and stands in the list of events beside that of others."""
    event = asking(session_event("api_keys/list"), "POST", KEYS, {"name": "CI"})
    event["requestContext"]["identity"]["userAgent"] = "curl\u202e\n8"
    assert handler(event, CONTEXT)["statusCode"] == 201
    [recorded] = body(ask("GET", "/dashboard/v1/audit-events"))["data"]
    assert recorded["userAgent"] == "curl??8"
