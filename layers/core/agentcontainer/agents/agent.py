"""The record of an agent and its rules. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple, TypedDict, Unpack

from agentcontainer.errors import FinalState
from agentcontainer.ids import new_id

_ARCHIVED = "archived"


class Configuration(NamedTuple):
    """What an agent runs with. A change of it makes a new version."""

    base_prompt: str
    default_model: str
    container_image: str
    agent_runtime: str
    default_internet_access: bool
    default_max_runtime_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A configuration that an agent has had; it never changes."""

    id: str
    number: int
    created_at: datetime
    configuration: Configuration


class ConfigurationChanges(TypedDict, total=False):
    """What an owner may change of a configuration."""

    base_prompt: str
    default_model: str
    container_image: str
    agent_runtime: str
    default_internet_access: bool
    default_max_runtime_seconds: int


class AgentChanges(TypedDict, total=False):
    """What an owner may change of an agent; null takes the description away."""

    name: str
    description: str | None
    configuration: ConfigurationChanges


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """An agent has one id for life, and versions numbered from 1 without gaps."""

    id: str
    account_id: str
    name: str
    description: str | None
    version: Version
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None = None
    revision: int = 1

    @property
    def etag(self) -> str:
        """Changes with everything that is shown (RFC 9110, section 8.8.3)."""
        return f'"{self.revision}"'

    def edit(self, now: datetime, **changes: Unpack[AgentChanges]) -> "Agent":
        """The agent with other values, as it is if none differs; FinalState for an archived one.

        TypeError for what no owner may change.
        """
        if unknown := changes.keys() - AgentChanges.__annotations__.keys():
            raise TypeError(f"no change of an agent: {', '.join(sorted(unknown))}")
        if self.archived_at is not None:
            raise FinalState("agent", _ARCHIVED)
        edited = replace(
            self,
            name=changes.get("name", self.name),
            description=changes.get("description", self.description),
        )
        configuration = self.version.configuration
        changed = configuration._replace(**changes.get("configuration", {}))
        if changed != configuration:
            edited = replace(edited, version=self._next_version(now, changed))
        return edited if edited == self else replace(edited, updated_at=now)

    def archive(self, now: datetime) -> "Agent":
        """The agent, readable from now on and nothing else; an archived one stays as it is."""
        return self if self.archived_at else replace(self, archived_at=now, updated_at=now)

    def _next_version(self, now: datetime, configuration: Configuration) -> Version:
        # Ids sort as numbers do, also where two clocks disagree.
        created_at = max(now, self.version.created_at + timedelta(milliseconds=1))
        return Version(
            id=new_id("agv", created_at),
            number=self.version.number + 1,
            created_at=created_at,
            configuration=configuration,
        )
