"""Each event of `events/` is understood by the function that it is for."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic.alias_generators import to_camel

from blueprint.paths import ROOT
from tests.support.event_fixtures import (
    DELIVERIES,
    EFFECTS,
    RECORDS,
    STATUSES,
    in_process,
    moto_server,
    store_what_they_are_about,
)
from tests.support.events import effect, event, header
from tests.support.resolvers import ROUTES

pytestmark = pytest.mark.usefixtures("tables")


type Ask = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="module")
def dynamodb() -> Iterator[str]:
    """The tables over HTTP."""
    with moto_server() as url:
        yield url


@pytest.fixture
def answer(dynamodb: str) -> Ask:
    """What the function of an event's folder answers."""
    return lambda name: in_process(name.partition("/")[0], event(name), dynamodb)


@pytest.mark.parametrize(("name", "status"), STATUSES.items(), ids=STATUSES)
def test_a_handler_answers_its_event(answer: Ask, name: str, status: int) -> None:
    """With the status that a caller of the route would see."""
    store_what_they_are_about()
    found = answer(name)
    assert found["statusCode"] == status, found
    assert header(found, "X-Request-Id") == event(name)["requestContext"]["requestId"]


@pytest.mark.parametrize(("name", "said"), EFFECTS.items(), ids=EFFECTS)
def test_an_authorizer_decides_on_its_event(answer: Ask, name: str, said: str) -> None:
    """By a policy for the stage, never by an exception."""
    store_what_they_are_about()
    assert effect(answer(name)) == said


@pytest.mark.parametrize(("name", "requests"), DELIVERIES.items(), ids=DELIVERIES)
def test_a_delivery_is_counted(
    answer: Ask, name: str, requests: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each request in it that is about a key."""
    assert answer(name) is None
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert sum(line.get("Requests", 0) for line in lines) == requests


@pytest.mark.parametrize("name", RECORDS)
def test_a_recorder_takes_its_records(answer: Ask, name: str) -> None:
    """All of them."""
    assert answer(name) == {"batchItemFailures": []}


def test_what_an_authorizer_says_is_what_the_handlers_events_hold(answer: Ask) -> None:
    """So that the events of a caller's way fit together."""
    store_what_they_are_about()
    held = event("account/get")["requestContext"]["authorizer"]
    assert {"integrationLatency": 7, "principalId": held["principalId"]} | answer(
        "authorizer/well-formed-key"
    )["context"] == held


def test_a_key_that_nobody_stored_is_denied(answer: Ask) -> None:
    """The same event, without the key."""
    assert effect(answer("authorizer/well-formed-key")) == "Deny"


def test_every_event_and_every_function_is_here() -> None:
    """No file without a test, no function without an event."""
    names = {str(file.relative_to(ROOT / "events"))[:-5] for file in ROOT.glob("events/*/*.json")}
    assert names == STATUSES.keys() | EFFECTS.keys() | DELIVERIES.keys() | set(RECORDS)
    functions = {handler.parent.name for handler in ROOT.glob("functions/*/handler.py")}
    assert {name.partition("/")[0] for name in names} == functions


def test_every_route_has_an_event() -> None:
    """So that it is tried as it is built, under Lambda's own runtime, too."""
    asked = [(name.partition("/")[0], event(name)) for name in STATUSES]
    answered = {(function, one["httpMethod"], one["resource"]) for function, one in asked}
    wanted = {
        (function, method, re.sub(r"<(\w+)>", lambda found: f"{{{to_camel(found[1])}}}", path))
        for function, method, path in ROUTES
    }
    assert not wanted - answered, "a route without an event"


def test_the_folders_of_events_are_listed() -> None:
    """With who asks."""
    rows = re.findall(r"^\| `(\w+)/` \|", (ROOT / "events/README.md").read_text(), re.MULTILINE)
    folders = {file.parent.name for file in ROOT.glob("events/*/*.json")}
    assert set(rows) == folders, "events/README.md lists other folders than there are"
