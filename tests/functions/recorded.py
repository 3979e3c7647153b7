"""What the events of `events/` are about: a key in the middle of a rotation, and an agent."""

from datetime import UTC, datetime, timedelta

from agentcontainer.agents.agent import Agent, Configuration, Version
from agentcontainer.agents.store import AgentStore
from agentcontainer.keys import token
from agentcontainer.keys.key import ApiKey, Secret
from agentcontainer.table import Table
from tests.support import event, key_store, store_key

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
}
"""How each handler answers its event."""

EFFECTS = {
    "authorizer/well-formed-key": "Allow",
    "authorizer/wrong-checksum": "Deny",
    "session_authorizer/expired-session": "Deny",
    "session_authorizer/not-a-session": "Deny",
}
"""And what each authorizer says to its own."""


def store_what_they_are_about() -> None:
    """Puts the key and the agent into the tables that there are."""
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
