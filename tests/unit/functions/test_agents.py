"""Agents through the function's handler."""

import json
from typing import Any

import pytest

from agentcontainer.keys import token
from functions.agents.handler import handler
from tests.support.events import AGENT, CONTEXT, UNAUTHORIZED_KEY, asking, body, event, header

pytestmark = pytest.mark.usefixtures("tables")

AGENTS = "/api/v1/agents"


def ask(
    method: str,
    path: str = AGENTS,
    sent: object = None,
    query: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
    *,
    account: str = "user_demo",
    scopes: str = "agents:read agents:write",
) -> dict[str, Any]:
    """The answer to a request with a key."""
    request = asking(event("account/get"), method, path, sent, query, headers)
    request["requestContext"]["authorizer"] |= {"accountId": account, "scopes": scopes}
    return handler(request, CONTEXT)


def create(**members: Any) -> dict[str, Any]:
    """A new agent."""
    answer = ask("POST", AGENTS, AGENT | members)
    assert answer["statusCode"] == 201, answer
    return body(answer)


def code(answer: dict[str, Any]) -> tuple[int, str]:
    """Status and code of an error."""
    return answer["statusCode"], body(answer)["error"]["code"]


def test_a_created_agent_is_complete() -> None:
    """What was left out has its default; Location and ETag say where and which it is."""
    answer = ask("POST", AGENTS, AGENT)
    agent = body(answer)
    version = agent["currentVersion"]
    assert agent == {
        "id": agent["id"],
        "name": "analyst",
        "description": None,
        "basePrompt": "You are an analyst.",
        "defaultModel": "claude-sonnet-4.6",
        "runtime": {
            "containerImage": "ghcr.io/acme/python:2026-03-30",
            "agentRuntime": "pi",
        },
        "defaultInternetAccess": False,
        "defaultMaxRuntimeSeconds": 1800,
        "currentVersion": {
            "id": version["id"],
            "number": 1,
            "createdAt": agent["createdAt"],
        },
        "createdAt": agent["createdAt"],
        "updatedAt": agent["createdAt"],
        "archivedAt": None,
    }
    assert agent["id"].startswith("agt_")
    assert version["id"].startswith("agv_")
    assert header(answer, "Location") == f"{AGENTS}/{agent['id']}"
    read = ask("GET", f"{AGENTS}/{agent['id']}")
    assert body(read) == agent
    assert header(read, "ETag") == header(answer, "ETag") is not None


@pytest.mark.parametrize("missing", ["name", "basePrompt", "defaultModel", "runtime"])
def test_what_is_needed_is_named(missing: str) -> None:
    """400 with the member that is missing."""
    answer = ask("POST", AGENTS, {k: v for k, v in AGENT.items() if k != missing})
    assert answer["statusCode"] == 400
    assert [d["field"] for d in body(answer)["error"]["details"]] == [missing]


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "a\u2066b"}, "name"),
        ({"name": "\u200d\u2060"}, "name"),
        ({"defaultModel": "\u3164"}, "defaultModel"),
        ({"basePrompt": "a\x9fb"}, "basePrompt"),
        ({"name": None}, "name"),
        ({"description": "x" * 501}, "description"),
        ({"description": "\x00"}, "description"),
        ({"description": 5}, "description"),
        ({"basePrompt": ""}, "basePrompt"),
        ({"basePrompt": "x" * 32_001}, "basePrompt"),
        ({"basePrompt": "a\x00b"}, "basePrompt"),
        ({"basePrompt": "\ud800"}, "basePrompt"),
        ({"defaultModel": ""}, "defaultModel"),
        ({"defaultModel": "x" * 101}, "defaultModel"),
        ({"runtime": None}, "runtime"),
        ({"runtime": "ghcr.io/acme/python"}, "runtime"),
        ({"runtime": {}}, "runtime.containerImage"),
        ({"runtime": {"containerImage": "Acme/Python"}}, "runtime.containerImage"),
        ({"runtime": {"containerImage": "a" * 256}}, "runtime.containerImage"),
        ({"runtime": {"containerImage": "ghcr.io/acme/python:"}}, "runtime.containerImage"),
        ({"runtime": {"containerImage": "https://ghcr.io/acme"}}, "runtime.containerImage"),
        ({"runtime": {"containerImage": "acme", "agentRuntime": "po"}}, "runtime.agentRuntime"),
        ({"runtime": {"containerImage": "acme", "memory": 5}}, "runtime.memory"),
        ({"defaultInternetAccess": 1}, "defaultInternetAccess"),
        ({"defaultInternetAccess": "true"}, "defaultInternetAccess"),
        ({"defaultInternetAccess": None}, "defaultInternetAccess"),
        ({"defaultMaxRuntimeSeconds": 59}, "defaultMaxRuntimeSeconds"),
        ({"defaultMaxRuntimeSeconds": 86_401}, "defaultMaxRuntimeSeconds"),
        ({"defaultMaxRuntimeSeconds": "60"}, "defaultMaxRuntimeSeconds"),
        ({"defaultMaxRuntimeSeconds": 60.5}, "defaultMaxRuntimeSeconds"),
        ({"defaultMaxRuntimeSeconds": True}, "defaultMaxRuntimeSeconds"),
        ({"defaultMaxRuntimeSeconds": None}, "defaultMaxRuntimeSeconds"),
        ({"id": "agt_1"}, "id"),
    ],
)
def test_a_wrong_member_is_named(members: dict[str, Any], field: str) -> None:
    """On creation and on change alike, and nothing is made or changed."""
    made = create()
    changed = ask("PATCH", f"{AGENTS}/{made['id']}", members)
    created = ask("POST", AGENTS, AGENT | members)
    for answer in (created, changed):
        if answer is changed and field == "runtime.containerImage" and members["runtime"] == {}:
            assert answer["statusCode"] == 200
            continue
        assert code(answer) == (400, "invalid_request")
        assert {d["field"] for d in body(answer)["error"]["details"]} == {field}
    assert body(ask("GET"))["data"] == [made]


@pytest.mark.parametrize(
    "image",
    [
        "python",
        "python:3.13",
        "library/python",
        "ghcr.io/acme/my-app_v2.x__y/z:Tag_1.0-rc",
        "localhost:5000/acme:latest",
        "registry.example.com:443/a@sha256:" + "0" * 64,
        "a/b:c@sha256:" + "f" * 64,
    ],
)
def test_an_image_is_any_oci_reference(image: str) -> None:
    """With or without registry, port, tag and digest, kept as it was given."""
    assert create(runtime={"containerImage": image})["runtime"]["containerImage"] == image


def test_a_whole_number_may_be_written_with_a_point() -> None:
    """JSON does not tell 60 from 60.0; the answer is a whole number."""
    assert create(defaultMaxRuntimeSeconds=60.0)["defaultMaxRuntimeSeconds"] == 60


def test_texts_of_any_script_are_kept() -> None:
    """To the last character, line ends and tabs too."""
    text = "\tзадача\r\n生产环境 🔑 a\u0301 \u202e\u200f'\"\\<&>"
    agent = create(basePrompt=text, description=text)
    assert (agent["basePrompt"], agent["description"]) == (text, text)
    assert body(ask("GET", f"{AGENTS}/{agent['id']}")) == agent


def test_a_change_merges() -> None:
    """What is left out stays, of the runtime too; null takes a description away."""
    made = create(description="old")
    path = f"{AGENTS}/{made['id']}"
    changes: list[dict[str, Any]] = [
        {"name": "renamed"},
        {"description": None},
        {"basePrompt": "new"},
        {"runtime": {"containerImage": "python:3.14"}},
        {"runtime": {}},
        {"runtime": {"agentRuntime": "pi"}},
        {"defaultInternetAccess": True, "defaultMaxRuntimeSeconds": 60},
        {},
    ]
    for members in changes:
        before = body(ask("GET", path))
        after = body(ask("PATCH", path, members))
        runtime = before["runtime"] | members.get("runtime", {})
        shown = before | members | {"runtime": runtime}
        kept = {"currentVersion", "updatedAt"}
        assert {k: v for k, v in after.items() if k not in kept} == {
            k: v for k, v in shown.items() if k not in kept
        }
        assert body(ask("GET", path)) == after


def test_a_new_configuration_is_a_new_version() -> None:
    """Name and description are not configuration, and what stays equal is no change."""
    made = create()
    path = f"{AGENTS}/{made['id']}"
    for members, number in (
        ({"name": "renamed", "description": "x"}, 1),
        ({"basePrompt": "v2"}, 2),
        ({"basePrompt": "v2"}, 2),
        ({"name": "again", "defaultModel": "other"}, 3),
        ({"runtime": {"containerImage": "python"}}, 4),
        ({"defaultInternetAccess": True}, 5),
        ({"defaultMaxRuntimeSeconds": 60}, 6),
    ):
        assert body(ask("PATCH", path, members))["currentVersion"]["number"] == number
    versions = body(ask("GET", f"{path}/versions"))["data"]
    assert [version["number"] for version in versions] == [6, 5, 4, 3, 2, 1]
    assert [version["basePrompt"] for version in versions][3:] == [
        "v2",
        "v2",
        "You are an analyst.",
    ]
    first = body(ask("GET", f"{path}/versions/{made['currentVersion']['id']}"))
    assert first == versions[-1]
    assert first["runtime"] == made["runtime"]


def test_versions_are_paged() -> None:
    """Newest first, each once, and of this agent alone."""
    made, other = create(), create()
    path = f"{AGENTS}/{made['id']}/versions"
    for n in range(4):
        ask("PATCH", f"{AGENTS}/{made['id']}", {"basePrompt": str(n)})
    page = body(ask("GET", path, query={"limit": "3"}))
    query = {"limit": "3", "cursor": page["nextCursor"]}
    rest = body(ask("GET", path, query=query))
    assert [v["number"] for v in page["data"] + rest["data"]] == [5, 4, 3, 2, 1]
    assert rest["nextCursor"] is None
    elsewhere = ask("GET", f"{AGENTS}/{other['id']}/versions", query=query)
    assert code(elsewhere) == (400, "invalid_cursor")
    foreign = f"{AGENTS}/{other['id']}/versions/{made['currentVersion']['id']}"
    assert code(ask("GET", foreign)) == (404, "not_found")


def test_a_change_of_nothing_keeps_the_etag() -> None:
    """And the time of the last change; a change of anything does not."""
    made = ask("POST", AGENTS, AGENT)
    path = f"{AGENTS}/{body(made)['id']}"
    same = ask("PATCH", path, AGENT)
    assert (header(same, "ETag"), body(same)) == (header(made, "ETag"), body(made))
    renamed = ask("PATCH", path, {"name": "renamed"})
    assert header(renamed, "ETag") != header(made, "ETag")
    assert body(renamed)["updatedAt"] > body(made)["updatedAt"]


@pytest.mark.parametrize(
    ("if_match", "status"),
    [
        ('"1",', 200),
        (', "0",, "1" ,', 200),
        (",", 400),
        ('"1" "0"', 400),
        ('"1"', 200),
        ("*", 200),
        ('"7", "1"', 200),
        ('"7"', 412),
        ('W/"1"', 412),
        ("1", 400),
        ('"1', 400),
        ("", 400),
    ],
)
def test_a_change_can_demand_what_was_read(if_match: str, status: int) -> None:
    """412 for anything but the present ETag, compared strongly; 400 for what is none."""
    path = f"{AGENTS}/{create()['id']}"
    answer = ask("PATCH", path, {"name": "renamed"}, headers={"If-Match": if_match})
    assert answer["statusCode"] == status
    assert body(ask("GET", path))["name"] == ("renamed" if status == 200 else "analyst")
    if status == 412:
        assert code(answer) == (412, "precondition_failed")


def test_an_archived_agent_can_be_read_and_not_changed() -> None:
    """204, again 204; a change is a conflict that names the state, whatever ETag it brings."""
    made = create()
    path = f"{AGENTS}/{made['id']}"
    for _ in range(2):
        answer = ask("DELETE", path)
        assert (answer["statusCode"], answer["body"] or None) == (204, None)
    archived = body(ask("GET", path))
    assert archived["archivedAt"] == archived["updatedAt"] > made["updatedAt"]
    assert body(ask("GET", f"{path}/versions"))["data"][0]["number"] == 1
    for headers in ({}, {"If-Match": '"1"'}):
        answer = ask("PATCH", path, {"name": "x"}, headers=headers)
        assert code(answer) == (409, "conflict")
        assert body(answer)["error"]["details"][0]["code"] == "archived"
    assert body(ask("GET", path)) == archived


def test_the_list_shows_agents_in_use_unless_asked_otherwise() -> None:
    """Newest first, in pages that lose none."""
    made = [create(name=str(n)) for n in range(5)]
    ask("DELETE", f"{AGENTS}/{made[1]['id']}")
    names = {
        archived: {
            agent["name"] for agent in body(ask("GET", query={"archived": archived}))["data"]
        }
        for archived in ("false", "true", "all")
    }
    assert names == {"false": set("0234"), "true": {"1"}, "all": set("01234")}
    assert {agent["name"] for agent in body(ask("GET"))["data"]} == names["false"]
    seen, query = [], {"limit": "2"}
    while True:
        page = body(ask("GET", query=query))
        seen += [agent["name"] for agent in page["data"]]
        if page["nextCursor"] is None:
            break
        query |= {"cursor": page["nextCursor"]}
    assert sorted(seen) == sorted(names["false"])
    assert code(ask("GET", query=query | {"archived": "all"})) == (400, "invalid_cursor")
    assert code(ask("GET", query={"archived": "1"})) == (400, "invalid_request")


@pytest.mark.parametrize("unit", ["x", "ж", "語", "🔑", '"', "\n"])
def test_a_page_of_long_prompts_is_answered_and_nothing_is_lost(unit: str) -> None:
    """It ends early; no answer comes near the 6 MB that Lambda can return."""
    # As UTF-8: with an escape for each half of a character the longest would be over 256 KiB.
    for n in range(20):
        agent = AGENT | {"name": str(n), "basePrompt": unit * 32_000}
        sent = json.dumps(agent, ensure_ascii=False)
        assert ask("POST", AGENTS, sent)["statusCode"] == 201
    seen, query, pages = [], {"limit": "100"}, 0
    while True:
        answer = ask("GET", query=query)
        assert answer["statusCode"] == 200
        assert len(answer["body"].encode()) < 1_500_000
        page = body(answer)
        assert all(agent["basePrompt"] == unit * 32_000 for agent in page["data"])
        seen += [agent["name"] for agent in page["data"]]
        pages += 1
        if page["nextCursor"] is None:
            break
        query |= {"cursor": page["nextCursor"]}
    assert sorted(seen, key=int) == [str(n) for n in range(20)]
    assert pages == {"x": 1, "🔑": 3}.get(unit, 2)


def test_a_creation_sent_again_makes_one_agent() -> None:
    """The second answer shows it as it is by then, and says so; another body is a mismatch."""
    headers = {"Idempotency-Key": "abc"}
    made = body(ask("POST", AGENTS, AGENT, headers=headers))
    ask("PATCH", f"{AGENTS}/{made['id']}", {"name": "renamed"})
    again = ask("POST", AGENTS, AGENT, headers=headers)
    assert again["statusCode"] == 201
    assert (body(again)["id"], body(again)["name"]) == (made["id"], "renamed")
    assert header(again, "Idempotent-Replayed") == "true"
    assert header(again, "Location") == f"{AGENTS}/{made['id']}"
    mismatch = ask("POST", AGENTS, AGENT | {"name": "other"}, headers=headers)
    assert code(mismatch) == (422, "idempotency_mismatch")
    elsewhere = ask("POST", AGENTS, AGENT, headers=headers, account="user_2")
    assert body(elsewhere)["id"] != made["id"]
    assert len(body(ask("GET"))["data"]) == 1


def test_scopes_are_demanded() -> None:
    """Reading and writing are two; the answer names what is missing."""
    made = create()
    path = f"{AGENTS}/{made['id']}"
    for method, where, sent in (
        ("POST", AGENTS, AGENT),
        ("PATCH", path, {"name": "x"}),
        ("DELETE", path, None),
    ):
        answer = ask(method, where, sent, scopes="agents:read")
        assert code(answer) == (403, "forbidden")
        assert "agents:write" in body(answer)["error"]["message"]
    for where in (AGENTS, path, f"{path}/versions"):
        answer = ask("GET", where, scopes="agents:write")
        assert code(answer) == (403, "forbidden")
        assert "agents:read" in body(answer)["error"]["message"]


def test_a_token_in_a_callers_text_is_refused() -> None:
    """A prompt is where one is pasted most easily."""
    secret = token.mint()
    for members in ({"basePrompt": f"Use {secret}"}, {"runtime": {"containerImage": secret}}):
        answer = ask("POST", AGENTS, AGENT | members)
        assert code(answer) == (400, "invalid_request")
        assert "looks like an API key" in answer["body"]
        assert secret not in answer["body"]


@pytest.mark.parametrize("authorizer", [None, {}, {"kind": "session"}, {"verdict": "REVOKED"}])
def test_a_request_that_passed_no_key_authorizer_is_refused(authorizer: Any) -> None:
    """Whatever let it through, the handler does not."""
    request = asking(event("account/get"), "GET", AGENTS)
    request["requestContext"]["authorizer"] = authorizer
    answer = handler(request, CONTEXT)
    assert (answer["statusCode"], body(answer)) == (401, UNAUTHORIZED_KEY)


def test_a_replacement_character_that_is_meant_is_kept() -> None:
    """Escaped in a body it is itself, and every answer writes it so, which can be sent back."""
    sent = json.dumps(AGENT | {"name": "a\ufffd", "basePrompt": "\ufffd"})
    assert "\ufffd" not in sent
    made = ask("POST", AGENTS, sent)
    read = ask("GET", f"{AGENTS}/{body(made)['id']}")
    for answer in (made, read, ask("GET")):
        assert answer["statusCode"] < 400
        assert r"a\ufffd" in answer["body"]
        assert "\ufffd" not in answer["body"]
    again = json.dumps({"name": body(read)["name"]})
    assert body(ask("PATCH", f"{AGENTS}/{body(made)['id']}", again))["name"] == "a\ufffd"
