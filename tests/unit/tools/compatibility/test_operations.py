import copy
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from blueprint.paths import ROOT
from tools.compatibility.operations import Break, breaks

type Json = dict[str, Any]

PUBLIC: Json = yaml.safe_load((ROOT / "functions/openapi/openapi.yaml").read_text())
DASHBOARD: Json = yaml.safe_load((ROOT / "docs/dashboard-api.yaml").read_text())
AGENTS = "/api/v1/agents"
AGENT = "/api/v1/agents/{agentId}"


def after(change: Callable[[Json], object]) -> list[Break]:
    """What a change of the public document breaks."""
    changed = copy.deepcopy(PUBLIC)
    change(changed)
    return breaks(PUBLIC, changed)


def schema(document: Json, name: str) -> Json:
    """One of its schemas."""
    found: Json = document["components"]["schemas"][name]
    return found


def parameter(document: Json, name: str) -> Json:
    """One of the parameters of the agents' list."""
    parameters: list[Json] = document["paths"][AGENTS]["get"]["parameters"]
    [found] = [one for one in parameters if one["name"] == name]
    return found


def answers(document: Json) -> Json:
    """The answers to the creation of an agent."""
    found: Json = document["paths"][AGENTS]["post"]["responses"]
    return found


@pytest.mark.parametrize("document", [PUBLIC, DASHBOARD], ids=["public", "dashboard"])
def test_a_document_does_not_break_itself(document: Json) -> None:
    """Nor does a copy of it."""
    assert breaks(document, copy.deepcopy(document)) == []


@pytest.mark.parametrize(
    ("change", "operation", "what"),
    [
        (lambda d: d["paths"].pop(AGENTS), f"GET {AGENTS}", "is gone"),
        (lambda d: d["paths"][AGENT].pop("delete"), f"DELETE {AGENT}", "is gone"),
        (lambda d: d["servers"].pop(0), "", "server https://api.agentcontainer.com: is gone"),
        (
            lambda d: d["paths"][AGENTS]["get"].update(operationId="agents"),
            f"GET {AGENTS}",
            "operationId: listAgents is gone",
        ),
        (
            lambda d: d["paths"]["/api/v1/openapi.yaml"]["get"].pop("security"),
            "GET /api/v1/openapi.yaml",
            "security: who was admitted no longer is",
        ),
        (
            lambda d: d["components"]["securitySchemes"]["bearerAuth"].update(scheme="basic"),
            f"GET {AGENTS}",
            "security: who was admitted no longer is",
        ),
        (
            lambda d: d["paths"][AGENTS]["get"]["parameters"].pop(0),
            f"GET {AGENTS}",
            "query parameter archived: is gone",
        ),
        (
            lambda d: parameter(d, "limit").update(required=True),
            f"GET {AGENTS}",
            "query parameter limit: is required now",
        ),
        (
            lambda d: d["paths"][AGENTS]["get"]["parameters"].append(
                {"name": "new", "in": "query", "required": True, "schema": {}}
            ),
            f"GET {AGENTS}",
            "query parameter new: is required now",
        ),
        (
            lambda d: parameter(d, "limit")["schema"].update(maximum=50),
            f"GET {AGENTS}",
            "query parameter limit: maximum 100 does not keep to 50",
        ),
        (
            lambda d: parameter(d, "archived")["schema"]["enum"].remove("all"),
            f"GET {AGENTS}",
            "query parameter archived: all is not among ['false', 'true']",
        ),
        (
            lambda d: schema(d, "CreateAgent")["required"].append("description"),
            f"POST {AGENTS}",
            "body: description: can be absent where it has to be there",
        ),
        (
            lambda d: schema(d, "CreateAgent")["properties"].pop("description"),
            f"POST {AGENTS}",
            "body: description: is no longer known",
        ),
        (
            lambda d: schema(d, "CreateAgent")["properties"]["name"].update(maxLength=50),
            f"POST {AGENTS}",
            "body: name: maxLength 100 does not keep to 50",
        ),
        (
            lambda d: schema(d, "CreateAgent")["properties"]["name"].update(type="integer"),
            f"POST {AGENTS}",
            "body: name: string is new",
        ),
        (
            lambda d: d["paths"][AGENTS]["post"].pop("requestBody"),
            f"POST {AGENTS}",
            "body: application/json is gone",
        ),
        (
            lambda d: answers(d).update({"200": answers(d).pop("201")}),
            f"POST {AGENTS}",
            "201: is gone",
        ),
        (
            lambda d: answers(d)["201"]["headers"].pop("Location"),
            f"POST {AGENTS}",
            "201 header Location: is gone",
        ),
        (
            lambda d: d["components"]["headers"]["Location"].pop("required"),
            f"POST {AGENTS}",
            "201 header Location: can be absent where it has to be there",
        ),
        (
            lambda d: d["components"]["headers"]["RetryAfter"]["schema"].pop("pattern"),
            f"POST {AGENTS}",
            "429 header Retry-After: pattern none does not keep to ^[0-9]+$",
        ),
        (
            lambda d: answers(d)["201"]["content"].update(
                {"application/xml": answers(d)["201"]["content"].pop("application/json")}
            ),
            f"POST {AGENTS}",
            "201: application/json is gone",
        ),
        (
            lambda d: schema(d, "Agent")["properties"].pop("description"),
            f"GET {AGENTS}",
            "200: data[].description: is gone",
        ),
        (
            lambda d: schema(d, "Agent")["required"].remove("name"),
            f"GET {AGENT}",
            "200: name: can be absent where it has to be there",
        ),
        (
            lambda d: schema(d, "Status")["enum"].append("paused"),
            "GET /api/v1/account",
            "200: key.status: paused is not among ['active', 'disabled', 'expired', 'revoked']",
        ),
        (
            lambda d: schema(d, "ErrorBody")["properties"].pop("details"),
            f"GET {AGENTS}",
            "400: error.details: is gone",
        ),
    ],
)
def test_what_breaks_a_program_is_found(
    change: Callable[[Json], object], operation: str, what: str
) -> None:
    """Planted in the public document, each is named with its operation and place."""
    assert (operation, what) in after(change)


def add_route(document: Json) -> None:
    """Another path."""
    document["paths"]["/api/v1/things"] = copy.deepcopy(document["paths"][AGENTS])


def add_optional_member(document: Json) -> None:
    """Callers may send more."""
    schema(document, "CreateAgent")["properties"]["colour"] = {"type": "string"}


def add_answer_member(document: Json) -> None:
    """Callers get more."""
    schema(document, "Agent")["properties"]["colour"] = {"type": "string"}
    schema(document, "Agent")["required"].append("colour")


def widen(document: Json) -> None:
    """Callers may send more of the same."""
    schema(document, "CreateAgent")["properties"]["name"].update(maxLength=200)
    schema(document, "CreateAgent")["required"].remove("defaultModel")
    parameter(document, "limit")["schema"]["maximum"] = 200


def add_parameter(document: Json) -> None:
    """One that can be left out."""
    new = {"name": "name", "in": "query", "schema": {"type": "string"}}
    document["paths"][AGENTS]["get"]["parameters"].append(new)


def other_failures(document: Json) -> None:
    """A program has to bear any of them."""
    answers(document)["418"] = answers(document).pop("422")


def other_words(document: Json) -> None:
    """For people."""
    document["info"]["description"] = "Another."
    document["paths"][AGENTS]["get"]["summary"] = "Another"
    schema(document, "Agent")["description"] = "Another."
    del document["components"]["responses"]["NotFound"]["content"]["application/json"]["examples"]


def more_servers(document: Json) -> None:
    """Another address beside the old one."""
    document["servers"].append({"url": "https://eu.api.agentcontainer.com"})


@pytest.mark.parametrize(
    "change",
    [
        *(add_route, add_optional_member, add_answer_member, widen, add_parameter),
        *(other_failures, other_words, more_servers),
    ],
)
def test_what_breaks_nothing_is_not_complained_about(change: Callable[[Json], object]) -> None:
    """An API can grow."""
    assert after(change) == []


def test_a_route_that_opens_breaks_nobody() -> None:
    """Neither who has a key nor who has none."""
    assert after(lambda d: d["paths"][AGENTS]["get"].update(security=[])) == []
    more: list[Json] = [{"bearerAuth": []}, {"otherAuth": []}]
    assert after(lambda d: d["paths"][AGENTS]["get"].update(security=more)) == []
