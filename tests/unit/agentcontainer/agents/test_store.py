from dataclasses import replace
from datetime import timedelta
from typing import Any, NoReturn

import pytest

from agentcontainer.agents.store import AgentStore
from agentcontainer.dynamodb.conditions import ConditionFailed
from agentcontainer.dynamodb.table import Table
from agentcontainer.errors import NotFound, StoreUnavailable
from agentcontainer.idempotency import once
from agentcontainer.ids import new_id
from tests.unit.agentcontainer.agents import test_agent
from tests.unit.agentcontainer.agents.test_agent import NOW

AGENT = replace(test_agent.AGENT, id=new_id("agt", NOW))


@pytest.fixture
def table(tables: Any) -> Table:
    """The table of agents, empty."""
    return Table("Agents")


def test_a_creation_that_lost_its_response_finds_what_it_made(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The condition fails at its own item, which nobody else can have made."""
    store, transact = AgentStore(table), table.transact

    def twice(*writes: Any) -> None:
        transact(*writes)
        transact(*writes)

    monkeypatch.setattr(table, "transact", twice)
    created = store.create(AGENT)
    assert (created.value, created.replayed) == (AGENT, False)


def test_a_creation_that_neither_was_done_nor_can_be_is_unavailable(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another request had its Idempotency-Key, and what that one made is forgotten by now."""
    store = AgentStore(table)

    def fails(*_: Any) -> NoReturn:
        raise ConditionFailed([])

    monkeypatch.setattr(table, "transact", fails)
    request = once("org_1", "POST", "/api/v1/agents", "key", {}, NOW + timedelta(days=2))
    with pytest.raises(StoreUnavailable):
        store.create(AGENT, request)
    with pytest.raises(NotFound):
        store.get(AGENT.account_id, AGENT.id)
