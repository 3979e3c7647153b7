"""A second account sees, changes and guesses nothing of the first, on any documented route."""

from typing import Any

import pytest
import yaml

from blueprint.paths import ROOT
from functions.api_keys.handler import api as api_keys
from functions.usage.handler import api as usage
from tests.support.events import AGENT
from tests.support.product import Answer, Person, Product

DOCUMENT = yaml.safe_load((ROOT / "functions/openapi/openapi.yaml").read_text())
PUBLIC = [
    (method.upper(), path)
    for path, operations in DOCUMENT["paths"].items()
    for method in operations
    if "{" in path
]
DASHBOARD = [
    (method, path.removeprefix("/dashboard/v1"))
    for api in (api_keys, usage)
    for method, path in api.endpoints
    if "<" in path
]
BODIES: dict[str, Any] = {"PATCH": {"name": "taken over"}, "POST": {}}


@pytest.fixture(scope="module")
def owner(product: Product) -> Person:
    """Somebody with a key and an agent."""
    return product.person()


@pytest.fixture(scope="module")
def ids(product: Product, owner: Person) -> dict[str, str]:
    """Every id of the owner's, by the name that paths give it."""
    key = owner.create_key()
    made = product.request("POST", "/api/v1/agents", f"Bearer {key['token']}", AGENT).json
    return {
        "keyId": key["id"],
        "agentId": made["id"],
        "versionId": made["currentVersion"]["id"],
        "token": key["token"],
    }


def without_request_id(answer: Answer) -> Any:
    """An error's body, but for what differs in every one."""
    error = answer.json["error"]
    error.pop("requestId")
    return error


@pytest.mark.parametrize(("method", "path"), PUBLIC)
def test_another_accounts_ids_are_not_found_by_programs(
    product: Product, ids: dict[str, str], method: str, path: str
) -> None:
    """404, the same as for an id that never was."""
    stranger = f"Bearer {product.person().create_key()['token']}"
    foreign, unknown = path, path
    for name, value in ids.items():
        foreign = foreign.replace(f"{{{name}}}", value)
        unknown = unknown.replace(f"{{{name}}}", value[:-6] + "zzzzzz")
    answers = [
        product.request(method, where, stranger, BODIES.get(method)) for where in (foreign, unknown)
    ]
    assert [answer.status for answer in answers] == [404, 404]
    assert without_request_id(answers[0]) == without_request_id(answers[1])


@pytest.mark.parametrize(("method", "path"), DASHBOARD)
def test_another_accounts_keys_are_not_found_by_people(
    product: Product, ids: dict[str, str], method: str, path: str
) -> None:
    """Also not by an admin of some organization."""
    for person in (product.person(), product.person(None, "org_other", "admin")):
        where = path.replace("<key_id>", ids["keyId"])
        answer = person.request(method, where, BODIES.get(method))
        assert answer.status == 404, answer


def test_afterwards_all_is_as_it_was(product: Product, owner: Person, ids: dict[str, str]) -> None:
    """Nothing that strangers tried has changed anything, and their lists are empty of it."""
    key = owner.request("GET", f"/api-keys/{ids['keyId']}").json
    assert (key["name"], key["status"], key["rotation"]) == ("test", "active", None)
    agent = product.request("GET", f"/api/v1/agents/{ids['agentId']}", f"Bearer {ids['token']}")
    assert (agent.json["name"], agent.json["archivedAt"]) == ("analyst", None)
    stranger = product.person()
    token = stranger.create_key()["token"]
    assert product.request("GET", "/api/v1/agents?archived=all", f"Bearer {token}").json == {
        "data": [],
        "nextCursor": None,
    }
    events = stranger.request("GET", f"/audit-events?keyId={ids['keyId']}").json["data"]
    assert events == []
