"""The items of an agent and its versions in DynamoDB. Pure."""

from agentcontainer.agents.agent import Agent, Configuration, Version
from agentcontainer.clock import from_millis, to_millis
from agentcontainer.dynamodb.item import Item, account_pk

AGENT = "agent#"
_VERSION = "version#"


def version_prefix(agent_id: str) -> str:
    """What the sort keys of an agent's versions begin with."""
    return f"{_VERSION}{agent_id}#"


def to_item(agent: Agent) -> Item:
    """The agent as it is stored, with its current configuration."""
    return {
        "pk": account_pk(agent.account_id),
        "sk": AGENT + agent.id,
        "id": agent.id,
        "accountId": agent.account_id,
        "name": agent.name,
        "description": agent.description,
        "createdAt": to_millis(agent.created_at),
        "updatedAt": to_millis(agent.updated_at),
        "archivedAt": to_millis(agent.archived_at) if agent.archived_at else None,
        "revision": agent.revision,
        "version": _version_members(agent.version),
    }


def version_item(agent: Agent) -> Item:
    """The agent's current version as it is stored for good."""
    key = {"pk": account_pk(agent.account_id), "sk": version_prefix(agent.id) + agent.version.id}
    return key | _version_members(agent.version)


def _version_members(version: Version) -> Item:
    return {
        "id": version.id,
        "number": version.number,
        "createdAt": to_millis(version.created_at),
        "configuration": version.configuration._asdict(),
    }


def from_item(item: Item) -> Agent:
    """The agent as it was stored; KeyError or TypeError for an item of another form."""
    return Agent(
        id=item["id"],
        account_id=item["accountId"],
        name=item["name"],
        description=item["description"],
        version=version_from_item(item["version"]),
        created_at=from_millis(item["createdAt"]),
        updated_at=from_millis(item["updatedAt"]),
        archived_at=from_millis(item["archivedAt"]) if item["archivedAt"] else None,
        revision=item["revision"],
    )


def version_from_item(item: Item) -> Version:
    """The version as it was stored; KeyError or TypeError for an item of another form."""
    return Version(
        id=item["id"],
        number=item["number"],
        created_at=from_millis(item["createdAt"]),
        configuration=Configuration(**item["configuration"]),
    )
