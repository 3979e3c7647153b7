"""Tables for the limits' tests: a primary key of two strings, and items by their key."""

import json
from collections.abc import Mapping
from typing import Any

from local.dynamodb.limits.keys import KeySchema

PK_SK = KeySchema(("pk", "sk"), ("S", "S"))


def key(pk: str = "a", sk: str = "b") -> dict[str, Any]:
    """A key of such a table."""
    return {"pk": {"S": pk}, "sk": {"S": sk}}


class TablesInMemory:
    """Every table is there but `Missing`; `Keys` holds the items that a test stored."""

    def __init__(self, *items: Mapping[str, Any]) -> None:
        self._items = {_name(PK_SK.key(item)): item for item in items}

    def schema(self, table: str) -> KeySchema | None:
        """The primary key."""
        return None if table == "Missing" else PK_SK

    def item(self, table: str, key: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """What a test stored there."""
        return self._items.get(_name(key)) if table == "Keys" else None


def _name(key: Mapping[str, Any]) -> str:
    return json.dumps(key, sort_keys=True)
