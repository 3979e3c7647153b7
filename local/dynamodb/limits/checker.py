"""Whether DynamoDB would accept a request. Pure: what it needs of tables, it asks for.

A request is the name of an operation and its parameters in their wire form. Only what goes by
expressions is checked; the parameters that they replaced (`Expected`, `KeyConditions`, ...) are
left to the emulator, as is all that any emulator refuses.

Sources: "Constraints in Amazon DynamoDB" of the Developer Guide and the API reference of each
operation; texts as those of `values`.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol

from local.dynamodb.limits.errors import AwsError, Reason, cancelled, invalid
from local.dynamodb.limits.expressions import check_expressions
from local.dynamodb.limits.key_conditions import key_values
from local.dynamodb.limits.keys import KeySchema, identity
from local.dynamodb.limits.sizes import KB, MB, Item, item_size
from local.dynamodb.limits.updates import size_after
from local.dynamodb.limits.values import check_values

type Request = Mapping[str, Any]

ITEM_BYTES: Final = 400 * KB
MOST_ACTIONS: Final = 100
"""Of a transaction, writing or reading."""
TRANSACTION_BYTES: Final = 4 * MB
MOST_READ: Final = 100
"""Keys of one BatchGetItem."""
MOST_WRITTEN: Final = 25
"""Requests of one BatchWriteItem."""

_CONDITION, _UPDATE = "ConditionExpression", "UpdateExpression"
_QUERY = ("KeyConditionExpression", "FilterExpression", "ProjectionExpression")


class Tables(Protocol):
    """What a checker has to know of the tables."""

    def schema(self, table: str) -> KeySchema | None:
        """The table's primary key; None if there is no such table."""

    def item(self, table: str, key: Item) -> Item | None:
        """The item as it is now."""


class Target(NamedTuple):
    """An item that a request names, and how: "Get", "Put", "Update", "Delete", "ConditionCheck"."""

    verb: str
    table: str
    key: Item
    action: Request

    @property
    def identity(self) -> Hashable:
        """The same for the same item."""
        return identity(self.table, self.key)


def check(operation: str, parameters: Request, tables: Tables) -> AwsError | None:
    """The error with which DynamoDB would refuse the request for one of its limits.

    None where it would not, and for a request that lacks what it must have: that any emulator sees.
    """
    try:
        if is_complete(operation, parameters):
            _CHECKS[operation](parameters, tables)
    except AwsError as error:
        return error
    return None


def is_complete(operation: str, parameters: Request) -> bool:
    """Whether it is a request that is checked, and has what it must have."""
    return operation in _CHECKS and parameters.keys() >= _REQUIRED[operation]


def targets(operation: str, parameters: Request, tables: Tables) -> list[Target]:
    """The items that a request names by their keys, in its order."""
    match operation:
        case "GetItem":
            verbs = [("Get", parameters)]
        case "PutItem" | "UpdateItem" | "DeleteItem":
            verbs = [(operation.removesuffix("Item"), parameters)]
        case "TransactWriteItems" | "TransactGetItems":
            verbs = [next(iter(each.items())) for each in parameters["TransactItems"]]
        case "BatchGetItem":
            verbs = list(_batch_reads(parameters))
        case "BatchWriteItem":
            verbs = list(_batch_writes(parameters))
        case _:
            verbs = []
    return [_target(verb, action, tables) for verb, action in verbs]


def _target(verb: str, action: Request, tables: Tables) -> Target:
    table = action["TableName"]
    schema = tables.schema(table)
    key = action["Key"] if "Key" in action else action["Item"]
    return Target(verb, table, schema.key(key) if schema else key, action)


def _batch_reads(parameters: Request) -> Iterator[tuple[str, Request]]:
    for table, wanted in parameters["RequestItems"].items():
        for key in wanted["Keys"]:
            yield "Get", {"TableName": table, "Key": key}


def _batch_writes(parameters: Request) -> Iterator[tuple[str, Request]]:
    for table, requests in parameters["RequestItems"].items():
        for request in requests:
            [(kind, action)] = request.items()
            yield kind.removesuffix("Request"), {"TableName": table, **action}


def _get(parameters: Request, tables: Tables) -> None:
    check_expressions(parameters, ["ProjectionExpression"])
    _check_key(parameters, tables)


def _put(parameters: Request, tables: Tables) -> None:
    _check_returned(parameters)
    check_values(parameters["Item"])
    check_expressions(parameters, [_CONDITION])
    if schema := tables.schema(parameters["TableName"]):
        schema.check_item(parameters["Item"])
    if item_size(parameters["Item"]) > ITEM_BYTES:
        raise invalid("Item size has exceeded the maximum allowed size")


def _update(parameters: Request, tables: Tables) -> None:
    _check_update(parameters, tables)
    if _updated_size(parameters, tables) > ITEM_BYTES:
        raise invalid("Item size to update has exceeded the maximum allowed size")


def _check_update(parameters: Request, tables: Tables) -> None:
    check_expressions(parameters, [_UPDATE, _CONDITION])
    _check_key(parameters, tables)


def _delete(parameters: Request, tables: Tables) -> None:
    _check_returned(parameters)
    _condition_check(parameters, tables)


def _condition_check(parameters: Request, tables: Tables) -> None:
    check_expressions(parameters, [_CONDITION])
    _check_key(parameters, tables)


def _query(parameters: Request, tables: Tables) -> None:
    check_expressions(parameters, _QUERY)
    schema = tables.schema(parameters["TableName"])
    if schema and "IndexName" not in parameters:
        for name, value in key_values(parameters):
            schema.check_attribute(name, value)
        _check_start(parameters, schema)


def _scan(parameters: Request, tables: Tables) -> None:
    check_expressions(parameters, _QUERY[1:])
    schema = tables.schema(parameters["TableName"])
    if schema and "IndexName" not in parameters:
        _check_start(parameters, schema)


def _check_start(parameters: Request, schema: KeySchema) -> None:
    if "ExclusiveStartKey" in parameters:
        schema.check_key(parameters["ExclusiveStartKey"])


def _batch_get(parameters: Request, tables: Tables) -> None:
    for table, wanted in parameters["RequestItems"].items():
        check_expressions(wanted, ["ProjectionExpression"])
        _check_length(wanted["Keys"], f"RequestItems.{table}.member.Keys", MOST_READ)
    named = targets("BatchGetItem", parameters, tables)
    if len(named) > MOST_READ:
        raise invalid("Too many items requested for the BatchGetItem call")
    for target in named:
        _check_key(target.action, tables)
    if _has_twice(named):
        raise invalid("Provided list of item keys contains duplicates")


def _batch_write(parameters: Request, tables: Tables) -> None:
    named = targets("BatchWriteItem", parameters, tables)
    if len(named) > MOST_WRITTEN:
        raise invalid("Too many items requested for the BatchWriteItem call")
    for target in named:
        _ACTIONS[target.verb](target.action, tables)
    if _has_twice(named):
        raise invalid("Provided list of item keys contains duplicates")


def _transact_get(parameters: Request, tables: Tables) -> None:
    _check_length(parameters["TransactItems"], "TransactItems", MOST_ACTIONS)
    named = targets("TransactGetItems", parameters, tables)
    for target in named:
        _get(target.action, tables)
    if _has_twice(named):
        raise invalid("Transaction request cannot include multiple operations on one item")
    _check_aggregate(_size_now(target, tables) for target in named)


def _transact_write(parameters: Request, tables: Tables) -> None:
    _check_length(parameters["TransactItems"], "TransactItems", MOST_ACTIONS)
    named = targets("TransactWriteItems", parameters, tables)
    for target in named:
        _ACTIONS[target.verb](target.action, tables)
    if _has_twice(named):
        raise invalid("Transaction request cannot include multiple operations on one item")
    sizes = [size_of_target(target, tables) for target in named]
    _check_aggregate(iter(sizes))
    if max(sizes) > ITEM_BYTES:
        message = "Item size to update has exceeded the maximum allowed size"
        raise cancelled(
            [
                Reason("ValidationError", message) if size > ITEM_BYTES else Reason()
                for size in sizes
            ]
        )


def size_of_target(target: Target, tables: Tables) -> int:
    """The size of the item as the action leaves it, or as it is where nothing is written."""
    if target.verb == "Put":
        return item_size(target.action["Item"])
    if target.verb == "Update" and _UPDATE in target.action:
        return _updated_size(target.action, tables)
    return _size_now(target, tables)


def _updated_size(action: Request, tables: Tables) -> int:
    if _UPDATE not in action:
        return 0
    old = tables.item(action["TableName"], action["Key"])
    return size_after(old, action["Key"], action)


def _size_now(target: Target, tables: Tables) -> int:
    return item_size(tables.item(target.table, target.key) or {})


def _check_aggregate(sizes: Iterator[int]) -> None:
    """Of all items that the transaction names, whatever is done to them."""
    if sum(sizes) > TRANSACTION_BYTES:
        raise invalid("The aggregate size of the items in the transaction exceeds 4 MB")


def _check_key(action: Request, tables: Tables) -> None:
    if schema := tables.schema(action["TableName"]):
        schema.check_key(action["Key"])


def _check_returned(parameters: Request) -> None:
    if parameters.get("ReturnValues", "NONE") not in {"ALL_OLD", "NONE"}:
        raise invalid("ReturnValues can only be ALL_OLD or NONE")


def _check_length(members: Sequence[object], where: str, most: int) -> None:
    if not members or len(members) > most:
        limit = f"less than or equal to {most}" if members else "greater than or equal to 1"
        raise invalid(
            f"1 validation error detected: Value at '{where}' failed to satisfy constraint: "
            f"Member must have length {limit}"
        )


def _has_twice(named: Sequence[Target]) -> bool:
    return len({target.identity for target in named}) < len(named)


_ACTIONS: Mapping[str, Callable[[Request, Tables], None]] = {
    "Put": _put,
    "Update": _check_update,
    "Delete": _delete,
    "ConditionCheck": _condition_check,
}
_CHECKS: Mapping[str, Callable[[Request, Tables], None]] = {
    "BatchGetItem": _batch_get,
    "BatchWriteItem": _batch_write,
    "DeleteItem": _delete,
    "GetItem": _get,
    "PutItem": _put,
    "Query": _query,
    "Scan": _scan,
    "TransactGetItems": _transact_get,
    "TransactWriteItems": _transact_write,
    "UpdateItem": _update,
}
_KEYED = {"TableName", "Key"}
_REQUIRED: Mapping[str, set[str]] = {
    "BatchGetItem": {"RequestItems"},
    "BatchWriteItem": {"RequestItems"},
    "DeleteItem": _KEYED,
    "GetItem": _KEYED,
    "PutItem": {"TableName", "Item"},
    "Query": {"TableName"},
    "Scan": {"TableName"},
    "TransactGetItems": {"TransactItems"},
    "TransactWriteItems": {"TransactItems"},
    "UpdateItem": _KEYED,
}
