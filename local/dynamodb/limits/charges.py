"""What a request consumes, as DynamoDB would charge for it. Pure.

Sources: "Read and write operations" and "Capacity management for transactions" of the Developer
Guide: a read by what is read, rounded up to 4 KB, half where it may be stale; a write by the larger
of the item before and after, rounded up to 1 KB, also where its condition fails; a transaction
twice as much for each of its items.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from local.dynamodb.limits.checker import Request, Tables, Target, size_of_target, targets
from local.dynamodb.limits.key_conditions import key_values
from local.dynamodb.limits.keys import KeySchema
from local.dynamodb.limits.sizes import Item, item_size, read_units, write_units

_TRANSACTION_FACTOR = 2
_WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"})


class Charge(NamedTuple):
    """Units that a request consumes of one partition: what one partition key names in a table."""

    table: str
    partition: str
    reads: float = 0
    writes: float = 0


def charges_of_writes(operation: str, parameters: Request, tables: Tables) -> list[Charge]:
    """What a write consumes, from the items as they are before it; nothing for a read."""
    if operation == "TransactWriteItems":
        factor = _TRANSACTION_FACTOR
    elif operation in _WRITES:
        factor = 1
    else:
        return []
    return [
        Charge(target.table, _partition_of(target, tables), writes=factor * _units(target, tables))
        for target in targets(operation, parameters, tables)
    ]


def charges_of_reads(
    operation: str, parameters: Request, response: Mapping[str, Any], tables: Tables
) -> list[Charge]:
    """What a read consumes, from its response; nothing for a write.

    What a filter or a projection took out of the response is not in it, and not counted.
    """
    match operation:
        case "GetItem":
            sizes = [item_size(response.get("Item", {}))]
            named = targets(operation, parameters, tables)
            return _each(named, sizes, tables, consistent=_is_consistent(parameters))
        case "TransactGetItems":
            sizes = [item_size(each.get("Item", {})) for each in response["Responses"]]
            named = targets(operation, parameters, tables)
            return _each(named, sizes, tables, factor=_TRANSACTION_FACTOR)
        case "BatchGetItem":
            return _batch(parameters, response, tables)
        case "Query" | "Scan":
            size = sum(map(item_size, response.get("Items", [])))
            units = read_units(size, consistent=_is_consistent(parameters))
            return [Charge(parameters["TableName"], queried_partition(parameters, tables), units)]
    return []


def queried_partition(parameters: Request, tables: Tables) -> str:
    """The partition that a Query reads; that of no key for a Scan, which reads all."""
    schema = tables.schema(parameters["TableName"])
    for name, value in key_values(parameters):
        if schema and name == schema.names[0]:
            return _text(value)
    return ""


def partitions(operation: str, parameters: Request, tables: Tables) -> list[tuple[str, str]]:
    """Tables and partitions that a request touches."""
    if operation == "Query":
        return [(parameters["TableName"], queried_partition(parameters, tables))]
    return [
        (target.table, _partition_of(target, tables))
        for target in targets(operation, parameters, tables)
    ]


def _each(
    named: Iterable[Target],
    sizes: Iterable[int],
    tables: Tables,
    *,
    consistent: bool = True,
    factor: int = 1,
) -> list[Charge]:
    return [
        Charge(
            target.table,
            _partition_of(target, tables),
            reads=factor * read_units(size, consistent=consistent),
        )
        for target, size in zip(named, sizes, strict=True)
    ]


def _batch(parameters: Request, response: Mapping[str, Any], tables: Tables) -> list[Charge]:
    """Each item by itself, and one unit at least for a key that names none."""
    found: list[Charge] = []
    unprocessed = response.get("UnprocessedKeys") or {}
    for table, wanted in parameters["RequestItems"].items():
        schema = tables.schema(table)
        items = response.get("Responses", {}).get(table, [])
        missing = len(wanted["Keys"]) - len(items) - len(unprocessed.get(table, {}).get("Keys", []))
        consistent = _is_consistent(wanted)
        found += [
            Charge(
                table, _partition(item, schema), read_units(item_size(item), consistent=consistent)
            )
            for item in [*items, *({} for _ in range(missing))]
        ]
    return found


def _units(target: Target, tables: Tables) -> int:
    before = item_size(tables.item(target.table, target.key) or {})
    return write_units(max(before, size_of_target(target, tables)))


def _is_consistent(parameters: Request) -> bool:
    return bool(parameters.get("ConsistentRead"))


def _partition_of(target: Target, tables: Tables) -> str:
    return _partition(target.key, tables.schema(target.table))


def _partition(item: Item, schema: KeySchema | None) -> str:
    return _text(item[schema.names[0]]) if schema and schema.names[0] in item else ""


def _text(value: Mapping[str, Any]) -> str:
    [content] = value.values()
    return str(content)
