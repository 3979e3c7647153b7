from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentcontainer.dynamodb.conditions import ABSENT, Check, Put, Update, Write, operation
from local.dynamodb.limits.checker import ITEM_BYTES, MOST_ACTIONS, check
from local.dynamodb.limits.sizes import item_size
from tests.support.tables_in_memory import TablesInMemory, key

NOTHING = TablesInMemory()
LONG = key(sk="x" * 1025)
SET = {"UpdateExpression": "SET a = :v", "ExpressionAttributeValues": {":v": {"S": "x"}}}
LARGE = "x" * (ITEM_BYTES - item_size(key() | {"a": {"S": ""}}))

type Request = dict[str, Any]


def refusal(name: str, parameters: Request, tables: TablesInMemory = NOTHING) -> str:
    """Code and message of the error; nothing for a request that passes."""
    error = check(name, parameters, tables)
    return str(error) if error else ""


def transaction(*actions: dict[str, Request]) -> Request:
    """Actions on the table of keys."""
    return {
        "TransactItems": [
            {verb: {"TableName": "Keys"} | action}
            for each in actions
            for verb, action in each.items()
        ]
    }


def requests(of_key: Request) -> list[tuple[str, Request]]:
    """Every request that names an item by its key."""
    one: Request = {"TableName": "Keys", "Key": of_key}
    condition = {"ConditionExpression": "attribute_exists(pk)"}
    return [
        ("GetItem", one),
        ("PutItem", {"TableName": "Keys", "Item": of_key}),
        ("UpdateItem", one | SET),
        ("DeleteItem", one),
        ("BatchGetItem", {"RequestItems": {"Keys": {"Keys": [of_key]}}}),
        ("BatchWriteItem", {"RequestItems": {"Keys": [{"DeleteRequest": {"Key": of_key}}]}}),
        ("BatchWriteItem", {"RequestItems": {"Keys": [{"PutRequest": {"Item": of_key}}]}}),
        ("TransactGetItems", transaction({"Get": {"Key": of_key}})),
        ("TransactWriteItems", transaction({"Put": {"Item": of_key}})),
        ("TransactWriteItems", transaction({"Update": {"Key": of_key} | SET})),
        ("TransactWriteItems", transaction({"Delete": {"Key": of_key}})),
        ("TransactWriteItems", transaction({"ConditionCheck": {"Key": of_key} | condition})),
        ("Query", query(pk=of_key["pk"]["S"], sk=of_key["sk"]["S"])),
        ("Query", query() | {"ExclusiveStartKey": of_key}),
        ("Scan", {"TableName": "Keys", "ExclusiveStartKey": of_key}),
    ]


def query(pk: str = "a", sk: str = "b") -> Request:
    """As `Table.newest` asks."""
    return {
        "TableName": "Keys",
        "KeyConditionExpression": "#pk = :pk AND begins_with(#sk, :prefix)",
        "ExpressionAttributeNames": {"#pk": "pk", "#sk": "sk"},
        "ExpressionAttributeValues": {":pk": {"S": pk}, ":prefix": {"S": sk}},
    }


@pytest.mark.parametrize(
    ("of_key", "message"),
    [
        (LONG, "range keys has exceeded the size limit of 1024 bytes"),
        (key("x" * 2049), "Size of hashkey has exceeded the maximum size limit of2048 bytes"),
        (key(""), "cannot contain an empty string value. Key: pk"),
        (key(sk=""), "cannot contain an empty string value. Key: sk"),
    ],
    ids=["long sort key", "long partition key", "empty partition key", "empty sort key"],
)
@pytest.mark.parametrize("number", range(15))
def test_every_request_has_keys_of_the_right_length(
    number: int, of_key: Request, message: str
) -> None:
    """Reads as much as writes, alone or in a batch, transaction, condition or start of a page."""
    assert not refusal(*requests(key())[number])
    assert message in refusal(*requests(of_key)[number])


@given(writes=st.integers(0, MOST_ACTIONS + 2), twice=st.booleans())
def test_a_transaction_writes_at_most_100_items_and_none_twice(writes: int, *, twice: bool) -> None:
    """Whatever the actions are: a check and an update of one item are two."""
    checks: list[Write] = [Check("a", f"s{n}", {"pk": ABSENT}) for n in range(writes)]
    more: list[Write] = [Update(pk="a", sk="s0", set={"x": 1})] if twice and writes else []
    actions = [operation("Keys", write) for write in [*checks, *more]]
    said = refusal("TransactWriteItems", {"TransactItems": actions})
    if 1 <= len(actions) <= MOST_ACTIONS:
        assert bool(more) == ("cannot include multiple operations on one item" in said)
        assert bool(more) == bool(said)
    else:
        assert "failed to satisfy constraint: Member must have length" in said


def test_the_same_key_in_two_tables_is_two_items() -> None:
    """A transaction may write both."""
    actions = [operation(table, Put({"pk": "a", "sk": "b"})) for table in ("Keys", "Agents")]
    assert not refusal("TransactWriteItems", {"TransactItems": actions})


def test_an_item_has_at_most_400_kb() -> None:
    """With the names of its attributes; also where an update makes it larger."""
    fits, larger = key() | {"a": {"S": LARGE}}, key() | {"a": {"S": LARGE + "x"}}
    assert not refusal("PutItem", {"TableName": "Keys", "Item": fits})
    said = refusal("PutItem", {"TableName": "Keys", "Item": larger})
    assert said == "ValidationException: Item size has exceeded the maximum allowed size"
    said = refusal("TransactWriteItems", transaction({"Put": {"Item": larger}}))
    assert said == "ValidationException: Item size has exceeded the maximum allowed size"

    stored = TablesInMemory(fits)
    replaced = {"TableName": "Keys", "Key": key()} | SET
    assert not refusal("UpdateItem", replaced, stored)
    added = replaced | {"UpdateExpression": "SET b = :v"}
    assert not refusal("UpdateItem", added)
    said = refusal("UpdateItem", added, stored)
    assert said == "ValidationException: Item size to update has exceeded the maximum allowed size"


def test_an_update_too_large_cancels_its_transaction() -> None:
    """By a reason at its place, as for all that the stored item decides."""
    stored = TablesInMemory(key() | {"a": {"S": LARGE}})
    update = {"Key": key()} | SET | {"UpdateExpression": "SET b = :v"}
    error = check(
        "TransactWriteItems", transaction({"Put": {"Item": key("c")}}, {"Update": update}), stored
    )
    assert error
    assert error.json()["__type"].endswith("#TransactionCanceledException")
    assert error.json()["CancellationReasons"] == [
        {"Code": "None"},
        {
            "Code": "ValidationError",
            "Message": "Item size to update has exceeded the maximum allowed size",
        },
    ]


@pytest.mark.parametrize("checked", [False, True])
def test_a_transaction_has_at_most_4_mb(*, checked: bool) -> None:
    """Of what it writes and of what it checks together."""
    large = [key(sk=f"s{n}") | {"a": {"S": "x" * 400_000}} for n in range(10)]
    more = key("c") | {"a": {"S": "x" * 200_000}}
    puts: list[dict[str, Request]] = [{"Put": {"Item": item}} for item in large]
    last: dict[str, Request] = {"Put": {"Item": more}}
    if checked:
        last = {"ConditionCheck": {"Key": key("c"), "ConditionExpression": "attribute_exists(a)"}}
    assert not refusal("TransactWriteItems", transaction(*puts))
    said = refusal("TransactWriteItems", transaction(*puts, last), TablesInMemory(more))
    assert "aggregate size of the items in the transaction exceeds 4 MB" in said


@pytest.mark.parametrize("keys", [0, 1, 100, 101])
def test_a_batch_reads_1_to_100_keys(keys: int) -> None:
    """Of one table, or of two together."""
    wanted = [key(sk=f"s{n}") for n in range(keys)]
    said = refusal("BatchGetItem", {"RequestItems": {"Keys": {"Keys": wanted}}})
    assert bool(said) == (keys not in {1, 100})
    of_two = {"Keys": {"Keys": wanted}, "Agents": {"Keys": [key()]}}
    said = refusal("BatchGetItem", {"RequestItems": of_two})
    assert ("Too many items requested" in said) == (keys == 100)


@pytest.mark.parametrize("name", ["BatchGetItem", "TransactGetItems", "BatchWriteItem"])
def test_nothing_is_named_twice(name: str) -> None:
    """In one request."""
    twice = {
        "BatchGetItem": {"RequestItems": {"Keys": {"Keys": [key(), key()]}}},
        "TransactGetItems": transaction({"Get": {"Key": key()}}, {"Get": {"Key": key()}}),
        "BatchWriteItem": {
            "RequestItems": {
                "Keys": [{"PutRequest": {"Item": key()}}, {"DeleteRequest": {"Key": key()}}]
            }
        },
    }
    assert "ValidationException" in refusal(name, twice[name])


def test_a_batch_writes_at_most_25_items() -> None:
    """Put or deleted."""
    puts = [{"PutRequest": {"Item": key(sk=f"s{n}")}} for n in range(26)]
    assert not refusal("BatchWriteItem", {"RequestItems": {"Keys": puts[:25]}})
    said = refusal("BatchWriteItem", {"RequestItems": {"Keys": puts}})
    assert "Too many items requested" in said


@pytest.mark.parametrize("value", ["ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"])
def test_values_are_returned_where_they_may_be(value: str) -> None:
    """A put and a deletion return old ones alone, an update all."""
    one: Request = {"TableName": "Keys", "Key": key(), "ReturnValues": value}
    put = {"TableName": "Keys", "Item": key(), "ReturnValues": value}
    assert refusal("PutItem", put).endswith("ReturnValues can only be ALL_OLD or NONE")
    assert refusal("DeleteItem", one).endswith("ReturnValues can only be ALL_OLD or NONE")
    assert not refusal("UpdateItem", one | SET)
    assert not refusal("DeleteItem", one | {"ReturnValues": "ALL_OLD"})


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("PutItem", {"TableName": "Missing", "Item": LONG}),
        ("GetItem", {"TableName": "Missing", "Key": LONG}),
        ("Query", query(sk="x" * 2000) | {"TableName": "Missing"}),
        ("Query", query(sk="x" * 2000) | {"IndexName": "by-sk"}),
        ("GetItem", {"TableName": "Keys"}),
        ("TransactWriteItems", {}),
        ("CreateTable", {}),
    ],
)
def test_the_rest_is_left_to_the_emulator(name: str, parameters: Request) -> None:
    """Tables that are not there, indexes, what has not the form of a request, other operations."""
    assert not refusal(name, parameters)


ONE: Request = {"TableName": "Keys", "Key": key()}
RESERVED = SET | {"UpdateExpression": "SET name = :v"}
EMPTY_SET = key() | {"s": {"SS": []}}


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("GetItem", ONE | {"ProjectionExpression": "status"}),
        ("Scan", {"TableName": "Keys", "FilterExpression": "status = :v"}),
        ("Query", query() | {"FilterExpression": "#x = :pk"}),
        ("UpdateItem", ONE | SET | {"ConditionExpression": "ttl > :v"}),
        ("DeleteItem", ONE | {"ConditionExpression": "a = :v"}),
        ("TransactWriteItems", transaction({"Update": {"Key": key()} | RESERVED})),
        ("TransactWriteItems", transaction({"Put": {"Item": key() | {"n": {"N": "1" * 39}}}})),
        ("PutItem", {"TableName": "Keys", "Item": EMPTY_SET}),
        ("BatchWriteItem", {"RequestItems": {"Keys": [{"PutRequest": {"Item": EMPTY_SET}}]}}),
    ],
)
def test_expressions_and_values_are_checked_wherever_they_stand(
    name: str, parameters: Request
) -> None:
    """In every operation that takes some."""
    assert refusal(name, parameters).startswith("ValidationException")
