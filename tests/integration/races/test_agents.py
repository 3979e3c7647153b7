"""Changes to one agent at once: none is lost, and none overwrites what its caller had not seen."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from tests.integration.races.workers import Call, Workers, program
from tests.support.events import AGENT

AGENTS = "/api/v1/agents"


@pytest.fixture
def context(workers: Workers, user: str) -> dict[str, str]:
    """What the authorizer says of a new key."""
    [context] = workers.admitted(workers.create(user)["token"])
    assert context is not None
    return context


def ask(
    context: Mapping[str, str],
    method: str,
    path: str,
    sent: Any = None,
    headers: Mapping[str, str] | None = None,
) -> Call:
    """A request about agents."""
    return program("agents", context, method, path, sent, headers)


def test_of_changes_with_the_same_etag_one_wins(workers: Workers, context: dict[str, str]) -> None:
    """The others are told that it changed, every time."""
    for _ in range(5):
        made = workers.one(ask(context, "POST", AGENTS, AGENT))
        path, headers = made.headers["Location"], {"If-Match": made.headers["ETag"]}
        answers = workers.at_once(
            [ask(context, "PATCH", path, {"basePrompt": str(n)}, headers) for n in (1, 2)]
        )
        assert Counter(answer.status for answer in answers) == {200: 1, 412: 1}
        [won] = [answer.body for answer in answers if answer.status == 200]
        assert workers.one(ask(context, "GET", path)).body == won


def test_changes_without_an_etag_all_apply(workers: Workers, context: dict[str, str]) -> None:
    """And the versions are numbered without gaps, their ids in the order of their numbers."""
    made = workers.one(ask(context, "POST", AGENTS, AGENT))
    path = made.headers["Location"]
    calls = [ask(context, "PATCH", path, {"basePrompt": str(n)}) for n in range(1, 20)]
    calls.append(ask(context, "PATCH", path, {"name": "renamed"}))
    assert {answer.status for answer in workers.at_once(calls)} == {200}
    listing = program("agents", context, "GET", f"{path}/versions", query={"limit": "100"})
    versions = workers.one(listing).body["data"]
    assert [version["number"] for version in versions] == list(range(20, 0, -1))
    prompts = {version["basePrompt"] for version in versions}
    assert prompts == {AGENT["basePrompt"], *(str(n) for n in range(1, 20))}
    assert workers.one(ask(context, "GET", path)).body["name"] == "renamed"


def test_twenty_identical_creations_make_one_agent(
    workers: Workers, context: dict[str, str]
) -> None:
    """Nineteen answers show it, and say that it was made before."""
    call = ask(context, "POST", AGENTS, AGENT, {"Idempotency-Key": "the same"})
    answers = workers.at_once([call] * 20)
    assert {answer.status for answer in answers} == {201}
    assert len({answer.body["id"] for answer in answers}) == 1
    assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == 19
