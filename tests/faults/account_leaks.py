"""Conditions that keep accounts apart, and the product without them."""

from typing import NamedTuple

from tests.faults.fault import CORE, Edit, Fault


class Leak(NamedTuple):
    """A place in the source where the account is not asked for any more."""

    edit: Edit
    operation: str
    """Where that shows."""


_WHOEVERS = Edit(
    f"{CORE}/dynamodb/table.py",
    "    def newest[T](",
    '''    def whoevers(self, account_id: str, prefix: str) -> str:
        """The partition of whoever else has such an item, or else the account's."""
        start: dict[str, Any] = {}
        while True:
            page = self._client.scan(TableName=self._name, ConsistentRead=True, **start)
            for item in page["Items"]:
                pk, sk = item["pk"]["S"], item["sk"]["S"]
                if sk.startswith(prefix) and pk != account_pk(account_id):
                    return pk
            if "LastEvaluatedKey" not in page:
                return account_pk(account_id)
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def newest[T](''',
)
"""No leak yet, but what the others need: an item in whatever account it is."""

THINGS = (
    Leak(
        Edit(
            f"{CORE}/agents/store.py",
            "self._table.get(account_pk(account_id), AGENT + agent_id)",
            "self._table.get(\n"
            "            self._table.whoevers(account_id, AGENT + agent_id), AGENT + agent_id\n"
            "        )",
        ),
        "GET /api/v1/agents/{agentId}",
    ),
    Leak(
        Edit(
            f"{CORE}/agents/store.py",
            "self._table.get(account_pk(account_id), version_prefix(agent_id) + version_id)",
            "self._table.get(\n"
            "            self._table.whoevers(account_id, version_prefix(agent_id)),\n"
            "            version_prefix(agent_id) + version_id,\n"
            "        )",
        ),
        "GET /api/v1/agents/{agentId}/versions/{versionId}",
    ),
    Leak(
        Edit(
            f"{CORE}/keys/store.py",
            "table.get(account_pk(account_id), KEY + key_id)",
            "table.get(table.whoevers(account_id, KEY + key_id), KEY + key_id)",
        ),
        "GET /dashboard/v1/api-keys/{keyId}",
    ),
    Leak(
        Edit(
            f"{CORE}/audit/store.py",
            "            account_pk(account_id),\n            _EVENT,",
            '            self._table.whoevers(account_id, f"key#{key_id or None}"),\n'
            "            _EVENT,",
        ),
        "GET /dashboard/v1/audit-events",
    ),
)
"""What is found by its id: somebody else's too."""

LISTS = (
    Leak(
        Edit(
            f"{CORE}/agents/store.py",
            "            account_pk(account_id),\n"
            "            version_prefix(self.get(account_id, agent_id).id),",
            "            self._table.whoevers(account_id, version_prefix(agent_id)),\n"
            "            version_prefix(agent_id),",
        ),
        "GET /api/v1/agents/{agentId}/versions",
    ),
    Leak(
        Edit(
            f"{CORE}/agents/store.py",
            "            account_pk(account_id),\n            AGENT,",
            '            account_pk("user_bob"),\n            AGENT,',
        ),
        "GET /api/v1/agents",
    ),
    Leak(
        Edit(
            f"{CORE}/keys/store.py",
            "                account_pk(account_id),\n                KEY,",
            '                account_pk("user_bob"),\n                KEY,',
        ),
        "GET /dashboard/v1/api-keys",
    ),
    Leak(
        Edit(
            f"{CORE}/audit/store.py",
            "            account_pk(account_id),\n            _EVENT,",
            '            account_pk("user_bob"),\n            _EVENT,',
        ),
        "GET /dashboard/v1/audit-events",
    ),
)
"""What is listed. Apart from the others: what everybody can list counts as shared by design."""


def together(name: str, leaks: tuple[Leak, ...]) -> Fault:
    """Several leaks at once, with what they need."""
    return Fault(name, (_WHOEVERS, *(leak.edit for leak in leaks)))
