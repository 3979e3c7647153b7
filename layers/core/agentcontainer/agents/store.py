"""The items of agents and their versions in DynamoDB.

A change is one consistent read of the agent's item and one transaction on the condition that its
`revision` is still the one read. A new version's item goes into the same transaction, so numbers
have no gaps and no version is ever lost or made twice.
"""

from collections.abc import Callable
from dataclasses import replace

from agentcontainer.agents.agent import Agent, Version
from agentcontainer.agents.items import (
    AGENT,
    from_item,
    to_item,
    version_from_item,
    version_item,
    version_prefix,
)
from agentcontainer.dynamodb.conditions import ABSENT, ConditionFailed, Put, Write
from agentcontainer.dynamodb.item import account_pk
from agentcontainer.dynamodb.table import Table, retry_lost_races
from agentcontainer.errors import NotFound, StoreUnavailable
from agentcontainer.idempotency import Once, Outcome, recall, record
from agentcontainer.ids import is_id


class AgentStore:
    """The agents of all accounts. Every method takes the account, which the credential names."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def create(self, agent: Agent, once: Once | None = None) -> Outcome[Agent]:
        """Stores a new agent with its first version, or finds what the same request made."""
        made_id = recall(self._table, once)
        if made_id is None:
            new = Put(to_item(agent), where={"pk": ABSENT})
            try:
                self._table.transact(new, Put(version_item(agent)), *record(once, agent.id))
            except ConditionFailed as failed:
                # Nobody else has its id: if it is there we made it, and an answer was lost.
                made_id = agent.id if new in failed.writes else recall(self._table, once)
            else:
                return Outcome(agent, replayed=False)
        if made_id is None:
            raise StoreUnavailable
        return Outcome(self.get(agent.account_id, made_id), replayed=made_id != agent.id)

    def get(self, account_id: str, agent_id: str) -> Agent:
        """The agent as it is now; NotFound for another account's, as for one that never was."""
        # DynamoDB refuses keys that are too long, and an id of another form names nothing.
        if not is_id("agt", agent_id):
            raise NotFound("agent")
        item = self._table.get(account_pk(account_id), AGENT + agent_id)
        if item is None:
            raise NotFound("agent")
        return from_item(item)

    def page(
        self, account_id: str, *, after: str | None, limit: int, wanted: Callable[[Agent], bool]
    ) -> tuple[list[Agent], str | None]:
        """The next agents that are `wanted`, newest first, and the id to go on behind."""
        return self._table.newest(
            account_pk(account_id),
            AGENT,
            after=after,
            limit=limit,
            read=from_item,
            wanted=wanted,
        )

    def change(self, account_id: str, agent_id: str, decide: Callable[[Agent], Agent]) -> Agent:
        """Applies `decide` to the agent and stores what it returns; the agent as it is afterwards.

        `decide` may be called again, with the agent as another change left it, so it is a pure
        function of the agent. Returning an equal agent writes nothing.
        """

        def attempt() -> Agent:
            old = self.get(account_id, agent_id)
            decided = decide(old)
            if decided == old:
                return old
            new = replace(decided, revision=old.revision + 1)
            writes: list[Write] = [Put(to_item(new), where={"revision": old.revision})]
            if new.version != old.version:
                writes.append(Put(version_item(new), where={"pk": ABSENT}))
            self._table.transact(*writes)
            return new

        return retry_lost_races(attempt)

    def version(self, account_id: str, agent_id: str, version_id: str) -> Version:
        """One version of an agent; NotFound for another agent's or account's."""
        if not (is_id("agt", agent_id) and is_id("agv", version_id)):
            raise NotFound("version")
        item = self._table.get(account_pk(account_id), version_prefix(agent_id) + version_id)
        if item is None:
            raise NotFound("version")
        return version_from_item(item)

    def versions(
        self, account_id: str, agent_id: str, *, after: str | None, limit: int
    ) -> tuple[list[Version], str | None]:
        """The next versions of an agent, newest first, and the id to go on behind."""
        return self._table.newest(
            account_pk(account_id),
            version_prefix(self.get(account_id, agent_id).id),
            after=after,
            limit=limit,
            read=version_from_item,
            wanted=lambda _: True,
        )
