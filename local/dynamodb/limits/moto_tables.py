"""What the checker has to know of tables, from moto in this process."""

from typing import Any

from local.dynamodb.limits.keys import KeySchema
from local.dynamodb.limits.sizes import Item


class MotoTables:
    """The tables of one account and region of moto's."""

    def __init__(self, account: str, region: str) -> None:
        self._account = account
        self._region = region

    def schema(self, table: str) -> KeySchema | None:
        """The table's primary key."""
        found = self._tables().get(table)
        return KeySchema.of_table(found.schema, found.attr) if found else None

    def item(self, table: str, key: Item) -> Item | None:
        """The item as it is now."""
        from moto.dynamodb.models.dynamo_type import DynamoType  # noqa: PLC0415 -- slow import

        found = self._tables().get(table)
        if found is None:
            return None
        names = [name for name in (found.hash_key_attr, found.range_key_attr) if name]
        item = found.get_item(*(DynamoType(key[name]) for name in names))
        if item is None:
            return None
        return {name: value.to_regular_json() for name, value in item.attrs.items()}

    def _tables(self) -> Any:
        from moto.dynamodb.models import dynamodb_backends  # noqa: PLC0415 -- a second of imports

        return dynamodb_backends[self._account][self._region].tables
