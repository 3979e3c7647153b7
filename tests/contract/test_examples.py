"""The documents' examples are true: sent as they stand, they are answered as they say."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
import yaml

from agentcontainer.keys import token
from agentcontainer.web.callers import Caller
from agentcontainer.web.key_caller import KeyCaller
from agentcontainer.web.session_caller import SessionCaller
from blueprint.paths import ROOT
from functions.openapi import handler as openapi
from tests.support.events import CONTEXT, asking, body, event, session_event
from tools.openapi.examples import EXAMPLES
from tools.openapi.functions import functions

pytestmark = pytest.mark.usefixtures("tables")

PUBLIC = yaml.safe_load((ROOT / "functions/openapi/openapi.yaml").read_text())
DASHBOARD = yaml.safe_load((ROOT / "docs/dashboard-api.yaml").read_text())
FIRST = ["createApiKey", "createAgent"]
LAST = ["revokeApiKey", "archiveAgent", "deleteAccountKey"]
CORS = {"access-control-allow-origin", "access-control-expose-headers"}


class Operation(NamedTuple):
    """One of a document."""

    method: str
    path: str
    content: dict[str, Any]

    @property
    def name(self) -> str:
        """What generated clients call it."""
        return str(self.content["operationId"])

    @property
    def body(self) -> Any:
        """The example of what to send, or None."""
        request = self.content.get("requestBody")
        return request and request["content"]["application/json"]["example"]

    @property
    def success(self) -> tuple[int, dict[str, Any]]:
        """Its status and answer."""
        status, answer = next(iter(self.content["responses"].items()))
        return int(status), answer


def operations(document: dict[str, Any]) -> list[Operation]:
    """Creations first, ends last."""
    found = [
        Operation(method.upper(), path, content)
        for path, item in document["paths"].items()
        for method, content in item.items()
    ]
    return sorted(found, key=lambda one: (one.name not in FIRST, one.name in LAST))


def answered(api: type[Caller[Any]], request: dict[str, Any]) -> dict[str, Any]:
    """The answer of the function that has the route."""
    path, method = request["path"], request["httpMethod"]
    if path == "/api/v1/openapi.yaml":
        return openapi.handler(request, CONTEXT)
    [resolver] = [
        one.api
        for one in functions(api)
        if any(
            of_method == method and endpoint.route.rule.match(path)
            for (of_method, _), endpoint in one.api.endpoints.items()
        )
    ]
    return resolver.resolve(request, CONTEXT)


def made_key() -> dict[str, Any]:
    """A key with its token."""
    request = asking(
        session_event("api_keys/list"), "POST", "/dashboard/v1/api-keys", {"name": "x"}
    )
    return body(answered(SessionCaller, request))


def walk(
    api: type[Caller[Any]], document: dict[str, Any]
) -> Iterator[tuple[Operation, dict[str, Any]]]:
    """Every operation and its answer to what its example sends."""
    key = made_key()
    ids: dict[str, str] = {}
    caller = session_event("api_keys/list") if api is SessionCaller else event("account/get")
    if api is KeyCaller:
        caller["requestContext"]["authorizer"] |= {
            "digest": token.digest(key["token"]),
            "keyId": key["id"],
            "rateLimit": "100/60",
        }
    for one in operations(document):
        answer = answered(api, asking(caller, one.method, one.path.format(**ids), one.body))
        if one.name == "createAgent":
            made = body(answer)
            ids = {"agentId": made["id"], "versionId": made["currentVersion"]["id"]}
        elif one.name == "createApiKey":
            ids = {"keyId": body(answer)["id"]}
        yield one, answer


def same_form(example: Any, real: Any, name: str = "") -> bool:
    """The same members all the way down; where either is null or a list empty nobody can tell."""
    match example, real:
        case (None, _) | (_, None) | ([], _) | (_, []):
            return True
        case dict(), dict():
            return name == "changes" or (
                example.keys() == real.keys()
                and all(same_form(example[one], real[one], one) for one in example)
            )
        case list(), list():
            return same_form(example[0], real[0])
    return type(example) is type(real)


@pytest.mark.parametrize(
    ("api", "document"),
    [(KeyCaller, PUBLIC), (SessionCaller, DASHBOARD)],
    ids=["public", "dashboard"],
)
def test_what_the_examples_send_is_answered_as_they_show(
    api: type[Caller[Any]], document: dict[str, Any]
) -> None:
    """With the documented status, members and headers, no more and no fewer, on every route."""
    for one, answer in walk(api, document):
        status, success = one.success
        assert answer["statusCode"] == status, (one.name, answer)
        names = {name.lower() for name in answer.get("multiValueHeaders") or answer["headers"]}
        documented = {name.lower() for name in success["headers"]} - {"idempotent-replayed"}
        assert names - {"content-type"} - (CORS if api is SessionCaller else set()) == documented
        if "application/json" in success.get("content", {}):
            example = success["content"]["application/json"]["example"]
            assert same_form(example, body(answer)), (one.name, body(answer))


@pytest.mark.parametrize("document", [PUBLIC, DASHBOARD], ids=["public", "dashboard"])
def test_what_is_sent_has_an_example_of_its_own(document: dict[str, Any]) -> None:
    """A newcomer copies it, so it is not made of its members' plainest values."""
    sent = {
        one.content["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        for one in operations(document)
        if one.body is not None
    }
    missing = {name.rpartition("/")[2] for name in sent} - EXAMPLES.keys()
    assert not missing, f"tools/openapi/examples.yaml has no {', '.join(missing)}"
