"""Agents, to which programs dispatch work, and their versions."""

import agentcontainer.gc_tuning  # noqa: F401 -- before the libraries, which it lets load faster

# isort: split
import re
from http import HTTPStatus
from typing import Annotated, Any, Literal, Self, cast

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Header, Query
from pydantic import AfterValidator, Field
from pydantic.json_schema import SkipJsonSchema

from agentcontainer import settings
from agentcontainer.agents.agent import (
    Agent,
    AgentChanges,
    Configuration,
    ConfigurationChanges,
    Version,
)
from agentcontainer.agents.store import AgentStore
from agentcontainer.auth.rate_limit import RateCounter
from agentcontainer.clock import utc_now
from agentcontainer.dynamodb.table import Table
from agentcontainer.errors import ChangedMeanwhile, FinalState
from agentcontainer.ids import new_id
from agentcontainer.web.cursor import Listing
from agentcontainer.web.errors import AN_ETAG, AN_IMAGE
from agentcontainer.web.key_caller import KeyCaller
from agentcontainer.web.models import (
    LINE,
    TEXT,
    Answer,
    Cursor,
    IdempotencyKey,
    InputModel,
    Integral,
    Limit,
    Line,
    Text,
    Timestamp,
    unset,
)
from agentcontainer.web.resolver import Api

keys = Table(settings.keys_table())
api = Api(KeyCaller(RateCounter(keys)), tag="Agents")
store = AgentStore(keys.beside(settings.agents_table()))

_AGENTS = "/api/v1/agents"
_AGENT = f"{_AGENTS}/<agent_id>"
_VERSIONS = f"{_AGENT}/versions"

# The grammar of distribution/reference, which registries and engines share.
_DOMAIN = r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]+)?"
_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_IMAGE = (
    rf"^(?:{_DOMAIN}/)?{_COMPONENT}(?:/{_COMPONENT})*"
    r"(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$"
)


def _check_image(image: str) -> str:
    if not re.fullmatch(_IMAGE, image):
        raise ValueError(AN_IMAGE)
    return image


_ETAGS = r'^(?:\*|(?:W/)?"[!#-~]*"(?:[ \t]*,[ \t]*(?:W/)?"[!#-~]*")*)$'
# What a list may look like too: elements of it may be missing (RFC 9110, 5.6.1.2).
_ANY_ETAGS = r'\*|[ \t,]*(?:W/)?"[!#-~]*"(?:[ \t]*,[ \t,]*(?:W/)?"[!#-~]*")*[ \t,]*'


def _check_etags(text: str) -> str:
    if not re.fullmatch(_ANY_ETAGS, text):
        raise ValueError(AN_ETAG)
    return text


Name = Annotated[str, Field(min_length=1, max_length=100, json_schema_extra=LINE), Line]
Description = Annotated[str, Field(max_length=500, json_schema_extra=TEXT), Text]
BasePrompt = Annotated[str, Field(min_length=1, max_length=32_000, json_schema_extra=TEXT), Text]
Model = Annotated[str, Field(min_length=1, max_length=100, json_schema_extra=LINE), Line]
Image = Annotated[
    str,
    Field(min_length=1, max_length=255, json_schema_extra={"pattern": _IMAGE}),
    AfterValidator(_check_image),
]
AgentRuntime = Literal["pi"]
MaxRuntimeSeconds = Annotated[int, Field(ge=60, le=86_400), Integral]

Archived = Annotated[
    Literal["false", "true", "all"],
    Query(description="Agents in use (`false`), archived agents (`true`), or both (`all`)."),
]
IfMatch = Annotated[
    Annotated[str, Field(json_schema_extra={"pattern": _ETAGS}), AfterValidator(_check_etags)]
    | SkipJsonSchema[None],
    Header(
        alias="If-Match",
        description=(
            "The `ETag` of the resource as it was read. If it has changed since, nothing is done "
            "and the response is 412."
        ),
    ),
]


class CreateRuntime(InputModel):
    """Where the agent runs."""

    container_image: Image
    """The OCI reference of the container image."""
    agent_runtime: AgentRuntime = "pi"


class CreateAgent(InputModel):
    """A new agent."""

    name: Name
    description: Description | None = None
    base_prompt: BasePrompt
    """What the agent is told before every task."""
    default_model: Model
    """The model that it uses unless a task names another."""
    runtime: CreateRuntime
    default_internet_access: bool = False
    """Whether a task may access the internet, unless the task says otherwise."""
    default_max_runtime_seconds: MaxRuntimeSeconds = 1800
    """Seconds after which a task is stopped, unless the task says otherwise."""


class UpdateRuntime(InputModel):
    """Changes to where the agent runs; omitted members stay as they are."""

    container_image: Image = unset()
    agent_runtime: AgentRuntime = unset()


class UpdateAgent(InputModel):
    """Changes to an agent; omitted members stay as they are."""

    name: Name = unset()
    description: Description | None = unset()
    """Null removes it."""
    base_prompt: BasePrompt = unset()
    default_model: Model = unset()
    runtime: UpdateRuntime = unset()
    default_internet_access: bool = unset()
    default_max_runtime_seconds: MaxRuntimeSeconds = unset()

    def changes(self) -> AgentChanges:
        """The members that were sent, as `Agent.edit` takes them."""
        sent = self.model_dump(exclude_unset=True)
        runtime = sent.pop("runtime", {})
        of_configuration = ConfigurationChanges.__annotations__.keys()
        configuration = {name: sent.pop(name) for name in of_configuration & sent.keys()}
        return cast("AgentChanges", sent | {"configuration": configuration | runtime})


class RuntimeObject(Answer):
    """Where an agent runs."""

    container_image: str
    agent_runtime: str


class ConfigurationObject(Answer):
    """What an agent runs with."""

    base_prompt: str
    """What the agent is told before every task."""
    default_model: str
    """The model that it uses unless a task names another."""
    runtime: RuntimeObject
    default_internet_access: bool
    """Whether a task may access the internet, unless the task says otherwise."""
    default_max_runtime_seconds: int
    """Seconds after which a task is stopped, unless the task says otherwise."""

    @classmethod
    def of_configuration(cls, configuration: Configuration, **more: Any) -> Self:
        """The object for a configuration; subclasses add members through `more`."""
        return cls.model_validate(
            {
                "base_prompt": configuration.base_prompt,
                "default_model": configuration.default_model,
                "runtime": {
                    "container_image": configuration.container_image,
                    "agent_runtime": configuration.agent_runtime,
                },
                "default_internet_access": configuration.default_internet_access,
                "default_max_runtime_seconds": configuration.default_max_runtime_seconds,
                **more,
            }
        )


class VersionSummary(Answer):
    """Which version it is."""

    id: str
    number: int
    """Starts at 1, without gaps."""
    created_at: Timestamp


class _Named(Answer):
    """What an agent begins with: a base that is named later comes first in the answer."""

    id: str
    """Never changes."""
    name: str
    description: str | None


class AgentObject(ConfigurationObject, _Named):
    """An agent with its current configuration."""

    current_version: VersionSummary
    """The agent's current version."""
    created_at: Timestamp
    updated_at: Timestamp
    archived_at: Timestamp | None
    """When it was archived; null for an agent in use."""

    @classmethod
    def of(cls, agent: Agent) -> Self:
        """The object for an agent."""
        version = agent.version
        return cls.of_configuration(
            version.configuration,
            id=agent.id,
            name=agent.name,
            description=agent.description,
            current_version={
                "id": version.id,
                "number": version.number,
                "created_at": version.created_at,
            },
            created_at=agent.created_at,
            updated_at=agent.updated_at,
            archived_at=agent.archived_at,
        )


class AgentPage(Answer):
    """Part of the list of agents, newest first."""

    data: list[AgentObject]
    next_cursor: str | None
    """Send it as `cursor` to get the next page; null on the last page."""


class VersionObject(ConfigurationObject, VersionSummary):
    """A configuration of an agent. Versions never change."""

    @classmethod
    def of(cls, version: Version) -> Self:
        """The object for a version."""
        return cls.of_configuration(
            version.configuration,
            id=version.id,
            number=version.number,
            created_at=version.created_at,
        )


class VersionPage(Answer):
    """Part of the list of an agent's versions, newest first."""

    data: list[VersionObject]
    next_cursor: str | None
    """Send it as `cursor` to get the next page; null on the last page."""


@api.endpoint("GET", _AGENTS, scope="agents:read")
def list_agents(archived: Archived = "false", limit: Limit = 20, after: Cursor = None) -> AgentPage:
    """List the account's agents.

    Newest first. A page may have fewer items than `limit`, even none, while `nextCursor` is set.
    """
    account_id = api.principal.account_id
    listing = Listing(account_id, f"GET {_AGENTS}", {"archived": archived}, "agt")
    agents, next_id = store.page(
        account_id,
        after=listing.decode(after),
        limit=limit,
        wanted=lambda agent: archived in {"all", str(agent.archived_at is not None).lower()},
    )
    return AgentPage(
        data=[AgentObject.of(agent) for agent in agents], next_cursor=listing.encode(next_id)
    )


@api.endpoint(
    "POST", _AGENTS, scope="agents:write", status=HTTPStatus.CREATED, headers=["ETag", "Location"]
)
def create_agent(agent: CreateAgent, idempotency_key: IdempotencyKey = None) -> AgentObject:
    """Create an agent.

    The configuration becomes version 1. The response's `Location` is the agent's path; its `ETag`
    is for `If-Match` of the first change.
    """
    now = utc_now()
    configuration = Configuration(
        base_prompt=agent.base_prompt,
        default_model=agent.default_model,
        container_image=agent.runtime.container_image,
        agent_runtime=agent.runtime.agent_runtime,
        default_internet_access=agent.default_internet_access,
        default_max_runtime_seconds=agent.default_max_runtime_seconds,
    )
    made = Agent(
        id=new_id("agt", now),
        account_id=api.principal.account_id,
        name=agent.name,
        description=agent.description,
        version=Version(
            id=new_id("agv", now), number=1, created_at=now, configuration=configuration
        ),
        created_at=now,
        updated_at=now,
    )
    created = api.result(store.create(made, api.once(idempotency_key, now)))
    api.response_headers["Location"] = f"{_AGENTS}/{created.id}"
    return _shown(created)


@api.endpoint("GET", _AGENT, scope="agents:read", headers=["ETag"])
def get_agent(agent_id: str) -> AgentObject:
    """Get an agent.

    Archived agents too. The response's `ETag` is for `If-Match` of a change.
    """
    return _shown(store.get(api.principal.account_id, agent_id))


@api.endpoint(
    "PATCH",
    _AGENT,
    scope="agents:write",
    errors=[FinalState],
    headers=["ETag"],
)
def update_agent(agent_id: str, update: UpdateAgent, if_match: IfMatch = None) -> AgentObject:
    """Change an agent.

    Omitted members stay as they are. Changing anything but name and description creates a new
    version. Archived agents cannot be changed. With `If-Match`, the response is 412 if the agent
    has changed since it was read.
    """
    now = utc_now()
    changes = update.changes()

    def decide(agent: Agent) -> Agent:
        edited = agent.edit(now, **changes)
        if not _matches(if_match, agent.etag):
            raise ChangedMeanwhile
        return edited

    return _shown(store.change(api.principal.account_id, agent_id, decide))


@api.endpoint(
    "DELETE",
    _AGENT,
    scope="agents:write",
    status=HTTPStatus.NO_CONTENT,
)
def archive_agent(agent_id: str) -> Response[None]:
    """Archive an agent.

    An archived agent can be read, but not changed or restored. Archiving it again does nothing.
    """
    now = utc_now()
    store.change(api.principal.account_id, agent_id, lambda agent: agent.archive(now))
    return Response(HTTPStatus.NO_CONTENT)


@api.endpoint("GET", _VERSIONS, scope="agents:read")
def list_agent_versions(agent_id: str, limit: Limit = 20, after: Cursor = None) -> VersionPage:
    """List the versions of an agent.

    Newest first. A page may have fewer items than `limit` while `nextCursor` is set.
    """
    account_id = api.principal.account_id
    listing = Listing(account_id, f"GET {_VERSIONS}", {"agentId": agent_id}, "agv")
    versions, next_id = store.versions(
        account_id, agent_id, after=listing.decode(after), limit=limit
    )
    return VersionPage(
        data=[VersionObject.of(version) for version in versions],
        next_cursor=listing.encode(next_id),
    )


@api.endpoint("GET", f"{_VERSIONS}/<version_id>", scope="agents:read")
def get_agent_version(agent_id: str, version_id: str) -> VersionObject:
    """Get a version of an agent.

    Versions never change.
    """
    return VersionObject.of(store.version(api.principal.account_id, agent_id, version_id))


def _shown(agent: Agent) -> AgentObject:
    api.response_headers["ETag"] = agent.etag
    return AgentObject.of(agent)


def _matches(if_match: str | None, etag: str) -> bool:
    """RFC 9110, section 13.1.1: strong comparison, so a weak ETag matches nothing."""
    return if_match is None or if_match == "*" or etag in re.split(r"[ \t,]+", if_match)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry."""
    return api.resolve(event, context)
