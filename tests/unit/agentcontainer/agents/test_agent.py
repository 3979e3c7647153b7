from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agentcontainer.agents.agent import (
    Agent,
    AgentChanges,
    Configuration,
    ConfigurationChanges,
    Version,
)

NOW = datetime(2026, 3, 25, 9, 30, tzinfo=UTC)
CONFIGURATION = Configuration("Be brief.", "claude-sonnet-4.6", "acme/python:1", "pi", False, 60)  # noqa: FBT003 -- all of its fields
AGENT = Agent(
    id="agt_1",
    account_id="org_1",
    name="analyst",
    description="Looks at numbers.",
    version=Version(id="agv_1", number=1, created_at=NOW, configuration=CONFIGURATION),
    created_at=NOW,
    updated_at=NOW,
)
LATER = NOW + timedelta(seconds=1)


def test_what_a_configuration_has_can_be_changed() -> None:
    """Each member of it, by its own name and no other."""
    assert ConfigurationChanges.__annotations__ == Configuration.__annotations__


@pytest.mark.parametrize("name", ["archived_at", "account_id", "version", "nothing"])
def test_an_owner_changes_nothing_else(name: str) -> None:
    """Whatever a caller of `edit` takes over without looking."""
    members: dict[str, Any] = {name: None}
    with pytest.raises(TypeError, match=name):
        AGENT.edit(LATER, **members)


@pytest.mark.parametrize(
    "changes",
    [AgentChanges(), AgentChanges(name="analyst", configuration={"base_prompt": "Be brief."})],
    ids=["nothing", "the same"],
)
def test_an_edit_that_changes_nothing_gives_the_same_agent(changes: AgentChanges) -> None:
    """Then nothing is written."""
    assert AGENT.edit(LATER, **changes) == AGENT


def test_a_configuration_that_changes_is_a_version_more() -> None:
    """Later than the one before, whatever the clock says."""
    edited = AGENT.edit(NOW, configuration={"default_max_runtime_seconds": 61})
    assert edited.version.number == 2
    assert edited.version.created_at > AGENT.version.created_at
    assert edited.version.configuration == CONFIGURATION._replace(default_max_runtime_seconds=61)


def test_a_description_can_be_taken_away() -> None:
    """By null, which is not the same as leaving it out."""
    assert AGENT.edit(LATER, description=None).description is None
    assert AGENT.edit(LATER, name="x").description == "Looks at numbers."
