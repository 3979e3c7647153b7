"""The primary key of a table, and what DynamoDB takes as one. Pure.

Sources: "Partition keys and sort keys" in "Constraints in Amazon DynamoDB" of the Developer Guide.
Reads are refused as writes are (measured on AWS: ExtendDB/extenddb, pull request 194).
"""

import json
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Final, NamedTuple, Self

from local.dynamodb.limits.errors import AwsError, invalid
from local.dynamodb.limits.sizes import Item, Value, value_size

PARTITION_KEY_BYTES: Final = 2048
SORT_KEY_BYTES: Final = 1024

_EMPTY = {"S": "string", "B": "binary"}
_WITHOUT_LENGTH = "N"


class KeySchema(NamedTuple):
    """The attributes of a primary key, the partition key first, and their types."""

    names: tuple[str, ...]
    kinds: tuple[str, ...]

    @classmethod
    def of_table(
        cls, schema: Sequence[Mapping[str, Any]], attributes: Sequence[Mapping[str, Any]]
    ) -> Self:
        """From KeySchema and AttributeDefinitions of CreateTable or DescribeTable."""
        kinds = {each["AttributeName"]: each["AttributeType"] for each in attributes}
        names = [
            each["AttributeName"]
            for kind in ("HASH", "RANGE")
            for each in schema
            if each["KeyType"] == kind
        ]
        return cls(tuple(names), tuple(kinds[name] for name in names))

    def key(self, item: Item) -> Item:
        """The attributes of the item that are its key."""
        return {name: item[name] for name in self.names if name in item}

    def check_key(self, key: Item) -> None:
        """Raises AwsError for a key that no item of the table can have."""
        if key.keys() != set(self.names):
            raise invalid("The provided key element does not match the schema")
        for name, value in key.items():
            if [self.kind(name)] != list(value):
                raise invalid("The provided key element does not match the schema")
            self.check_attribute(name, value)

    def check_item(self, item: Item) -> None:
        """Raises AwsError for an item whose key is missing or cannot be one."""
        for name in self.names:
            if name not in item:
                raise _parameter(f"Missing the key {name} in the item")
            [kind] = item[name]
            if kind != self.kind(name):
                raise _parameter(
                    f"Type mismatch for key {name} expected: {self.kind(name)} actual: {kind}"
                )
            self.check_attribute(name, item[name])

    def check_attribute(self, name: str, value: Value) -> None:
        """Raises AwsError for a value that is empty or too long for this part of the key."""
        [(kind, content)] = value.items()
        if kind in _EMPTY and not content:
            raise invalid(
                "One or more parameter values are not valid. The AttributeValue for a key "
                f"attribute cannot contain an empty {_EMPTY[kind]} value. Key: {name}"
            )
        if kind == _WITHOUT_LENGTH:
            return
        if name == self.names[0] and value_size(value) > PARTITION_KEY_BYTES:
            # AWS's own spelling.
            raise _parameter("Size of hashkey has exceeded the maximum size limit of2048 bytes")
        if name in self.names[1:] and value_size(value) > SORT_KEY_BYTES:
            raise _parameter(
                "Aggregated size of all range keys has exceeded the size limit of 1024 bytes"
            )

    def kind(self, name: str) -> str | None:
        """The type of a part of the key; None for what is none."""
        return dict(zip(self.names, self.kinds, strict=True)).get(name)


def identity(table: str, key: Item) -> Hashable:
    """The same for the same item, whatever the order of its key's attributes."""
    return table, json.dumps(key, sort_keys=True)


def _parameter(message: str) -> AwsError:
    return invalid(f"One or more parameter values were invalid: {message}")
