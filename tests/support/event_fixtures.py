"""What the events of `events/` are about, and how the handlers answer them in this process."""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from moto.server import create_backend_app

from agentcontainer.agents.agent import Agent, Configuration, Version
from agentcontainer.agents.store import AgentStore
from agentcontainer.dynamodb.table import Table
from agentcontainer.keys import token
from agentcontainer.keys.key import ApiKey, Secret
from local.http.server import serve
from tests.support.events import CONTEXT, event, key_store, store_key

MADE = datetime(2026, 3, 25, 9, 30, tzinfo=UTC)
STATUSES = {
    "account/delete-key": 204,
    "account/get": 200,
    "account/root": 404,
    "account/unknown-path": 404,
    "account/wrong-method": 405,
    "agents/archive": 204,
    "agents/create": 201,
    "agents/get": 200,
    "agents/get-version": 200,
    "agents/list": 200,
    "agents/list-versions": 200,
    "agents/update": 200,
    "agents/update-stale": 412,
    "api_keys/create": 201,
    "api_keys/end-rotation": 200,
    "api_keys/get": 200,
    "api_keys/list": 200,
    "api_keys/list-audit-events": 200,
    "api_keys/revoke": 200,
    "api_keys/rotate": 200,
    "api_keys/unknown-path": 404,
    "api_keys/update": 200,
    "openapi/get": 200,
    "openapi/head": 200,
    "usage/get": 200,
    "usage/get-of-key": 200,
}
"""How each handler answers its event."""

EFFECTS = {
    "authorizer/well-formed-key": "Allow",
    "authorizer/wrong-checksum": "Deny",
    "session_authorizer/expired-session": "Deny",
    "session_authorizer/not-a-session": "Deny",
}
"""And what each authorizer says to its own."""

DELIVERIES = {
    "usage_recorder/control-message": 0,
    "usage_recorder/delivery": 3,
}
"""And how many requests the recorder counts in each of its own. It answers nothing."""

RECORDS = ("key_change_recorder/key-revoked",)
"""Records of a stream, which their function takes without a failure."""


def store_what_they_are_about() -> None:
    """Puts a key in the middle of a rotation and an agent into the tables that there are."""
    secret = event("authorizer/well-formed-key")["authorizationToken"].partition(" ")[2]
    caller = event("account/get")["requestContext"]["authorizer"]
    older = Secret("0" * 64, "ac_live_0000...0000", datetime.now(UTC) + timedelta(hours=1))
    key = ApiKey(
        id=caller["keyId"],
        account_id=caller["accountId"],
        name="CI",
        scopes=("agents:read", "agents:write"),
        secrets=(Secret(token.digest(secret), token.hint(secret)), older),
        created_at=MADE,
        created_by="user_demo",
    )
    store_key(key_store(), key)
    version = Version(
        id=event("agents/get-version")["pathParameters"]["versionId"],
        number=1,
        created_at=MADE,
        configuration=Configuration(
            base_prompt="You are an analyst.",
            default_model="claude-sonnet-4.6",
            container_image="ghcr.io/acme/python:2026-03-30",
            agent_runtime="pi",
            default_internet_access=False,
            default_max_runtime_seconds=1800,
        ),
    )
    agent = Agent(
        id=event("agents/get")["pathParameters"]["agentId"],
        account_id=key.account_id,
        name="analyst",
        description=None,
        version=version,
        created_at=MADE,
        updated_at=MADE,
    )
    AgentStore(Table("Agents")).create(agent, None)


@contextmanager
def moto_server() -> Iterator[str]:
    """The address of a server of moto, whose tables are those of the fixture `tables`."""
    server = serve(create_backend_app("dynamodb"), port=0)
    yield f"http://127.0.0.1:{server.port}"
    server.stop()


def in_process(function: str, sent: dict[str, Any], dynamodb: str) -> Any:
    """What a function answers; one that connects when it is imported finds DynamoDB there."""
    return _handler(function, dynamodb)(sent, CONTEXT)


@cache
def _handler(function: str, dynamodb: str) -> Any:
    name = f"functions.{function}.handler"
    if function != "authorizer":
        return importlib.import_module(name).handler
    with pytest.MonkeyPatch.context() as context:
        context.setenv("AWS_ENDPOINT_URL_DYNAMODB", dynamodb)
        sys.modules.pop(name, None)
        return importlib.import_module(name).handler
