from typing import Any

import pytest

from local.dynamodb.limits.charges import Charge, charges_of_reads, charges_of_writes, partitions
from tests.support.tables_in_memory import TablesInMemory, key

SMALL = key() | {"a": {"S": "x" * 100}}
LARGE = key() | {"a": {"S": "x" * 5000}}
QUERY = {
    "TableName": "Keys",
    "KeyConditionExpression": "pk = :pk",
    "ExpressionAttributeValues": {":pk": {"S": "a"}},
}
CONSISTENT = {"ConsistentRead": True}
GET = {"TableName": "Keys", "Key": key()}
PUT = {"TableName": "Keys", "Item": SMALL}
SET = {
    "TableName": "Keys",
    "Key": key(),
    "UpdateExpression": "SET a = :v",
    "ExpressionAttributeValues": {":v": {"S": "x"}},
}


@pytest.mark.parametrize(
    ("operation", "parameters", "stored", "units"),
    [
        ("PutItem", PUT, [], 1),
        ("PutItem", PUT, [LARGE], 5),
        ("PutItem", PUT | {"Item": LARGE}, [SMALL], 5),
        ("UpdateItem", SET, [], 1),
        ("UpdateItem", SET, [LARGE], 5),
        ("DeleteItem", GET, [LARGE], 5),
        ("DeleteItem", GET, [], 1),
        ("TransactWriteItems", {"TransactItems": [{"Put": PUT}]}, [LARGE], 10),
        ("TransactWriteItems", {"TransactItems": [{"Update": SET}]}, [], 2),
        ("BatchWriteItem", {"RequestItems": {"Keys": [{"PutRequest": {"Item": LARGE}}]}}, [], 5),
        ("GetItem", GET, [LARGE], 0),
    ],
)
def test_a_write_costs_the_larger_item(
    operation: str, parameters: dict[str, Any], stored: list[dict[str, Any]], units: int
) -> None:
    """Before or after, in whole KB; in a transaction twice as much; and a read writes nothing."""
    charges = charges_of_writes(operation, parameters, TablesInMemory(*stored))
    assert charges == ([Charge("Keys", "a", writes=units)] if units else [])


def test_each_item_of_a_transaction_is_charged() -> None:
    """What is only checked too."""
    check = {"TableName": "Keys", "Key": key("b"), "ConditionExpression": "attribute_exists(pk)"}
    actions = {"TransactItems": [{"Put": PUT}, {"ConditionCheck": check}]}
    charges = charges_of_writes("TransactWriteItems", actions, TablesInMemory())
    assert charges == [Charge("Keys", "a", writes=2), Charge("Keys", "b", writes=2)]


@pytest.mark.parametrize(
    ("operation", "parameters", "response", "units"),
    [
        ("GetItem", GET, {"Item": LARGE}, 1),
        ("GetItem", GET | CONSISTENT, {}, 1),
        ("GetItem", GET | CONSISTENT, {"Item": LARGE}, 2),
        (
            "TransactGetItems",
            {"TransactItems": [{"Get": GET}]},
            {"Responses": [{"Item": LARGE}]},
            4,
        ),
        ("Query", QUERY, {"Items": [SMALL] * 20}, 0.5),
        ("Query", QUERY | CONSISTENT, {"Items": []}, 1),
        ("Query", QUERY | CONSISTENT, {"Items": [LARGE, LARGE]}, 3),
        ("PutItem", PUT, {}, 0),
    ],
)
def test_a_read_costs_what_is_read(
    operation: str, parameters: dict[str, Any], response: dict[str, Any], units: float
) -> None:
    """In whole 4 KB; half where it may be stale; a page as one."""
    charges = charges_of_reads(operation, parameters, response, TablesInMemory())
    assert charges == ([Charge("Keys", "a", reads=units)] if units else [])


def test_a_batch_costs_each_item_by_itself() -> None:
    """A key that names none costs a unit; one that is left for later costs nothing yet."""
    keys = [key(), key("b"), key("c")]
    charges = charges_of_reads(
        "BatchGetItem",
        {"RequestItems": {"Keys": {"Keys": keys, "ConsistentRead": True}}},
        {"Responses": {"Keys": [LARGE]}, "UnprocessedKeys": {"Keys": {"Keys": [key("b")]}}},
        TablesInMemory(),
    )
    assert [charge.reads for charge in charges] == [2, 1]


def test_partitions_are_told_by_their_key() -> None:
    """Of what a request names, or queries; a scan names none."""
    tables = TablesInMemory()
    assert partitions("Query", QUERY, tables) == [("Keys", "a")]
    assert partitions("PutItem", PUT, tables) == [("Keys", "a")]
    assert partitions("Scan", {"TableName": "Keys"}, tables) == []
