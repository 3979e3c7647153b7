from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.dynamodb.limits.keys import KeySchema
from local.dynamodb.limits.pages import BATCH_BYTES, PAGE_BYTES, PARTITION_BYTES, shape
from local.dynamodb.limits.sizes import item_size
from tests.support.tables_in_memory import PK_SK, key

QUERY = {"TableName": "Keys"}
SIZES = st.lists(st.integers(1, 400_000), max_size=12)

type Items = list[dict[str, Any]]


def schemas(_: str) -> KeySchema:
    """All tables are alike."""
    return PK_SK


def items_of(sizes: list[int], pk: str = "a") -> Items:
    """Items of about these sizes."""
    return [key(pk, f"{n:03}") | {"a": {"S": "x" * size}} for n, size in enumerate(sizes)]


def page(items: Items, **more: Any) -> dict[str, Any]:
    """A response as an emulator sends it."""
    return {"Items": items, "Count": len(items), "ScannedCount": len(items)} | more


@given(sizes=SIZES)
def test_a_page_holds_1_mb_at_most_and_pages_hold_all(sizes: list[int]) -> None:
    """One after the other, in their order; what is alone may be larger than that."""
    items = items_of(sizes)
    read: Items = []
    while True:
        cut = shape("Query", QUERY, page(items[len(read) :]), schemas)
        read += cut["Items"]
        assert cut["Count"] == cut["ScannedCount"] == len(cut["Items"])
        assert sum(map(item_size, cut["Items"])) <= PAGE_BYTES
        if "LastEvaluatedKey" not in cut:
            break
        assert cut["LastEvaluatedKey"] == PK_SK.key(read[-1])
    assert read == items


@pytest.mark.parametrize("operation", ["Query", "Scan"])
def test_a_page_that_ends_at_its_limit_says_where_to_go_on(operation: str) -> None:
    """Even where nothing follows, as DynamoDB does and emulators do not."""
    items = items_of([1, 1])
    asked = QUERY | {"Limit": 2}
    assert shape(operation, asked, page(items), schemas)["LastEvaluatedKey"] == key(sk="001")
    assert "LastEvaluatedKey" not in shape(operation, QUERY | {"Limit": 3}, page(items), schemas)
    assert "LastEvaluatedKey" not in shape(operation, asked, page([]), schemas)


@pytest.mark.parametrize(
    "more", [{"IndexName": "i"}, {"FilterExpression": "f"}, {"ProjectionExpression": "p"}]
)
def test_what_cannot_be_measured_is_left_as_it_is(more: dict[str, str]) -> None:
    """Where the response does not show what was read."""
    whole = page(items_of([400_000] * 4))
    assert shape("Query", QUERY | more, whole, schemas) is whole


@pytest.mark.parametrize("operation", ["GetItem", "DescribeTable"])
def test_other_responses_are_left_as_they_are(operation: str) -> None:
    """They hold one thing."""
    whole = {"Item": key()}
    assert shape(operation, QUERY, whole, schemas) is whole


def batch(items: dict[str, Items], unprocessed: Items | None = None) -> dict[str, Any]:
    """A BatchGetItem's request and response, cut."""
    asked = {
        "RequestItems": {
            table: {"Keys": [PK_SK.key(item) for item in found], "ConsistentRead": True}
            for table, found in items.items()
        }
    }
    left = {"Keys": {"Keys": unprocessed, "ConsistentRead": True}} if unprocessed else {}
    return shape("BatchGetItem", asked, {"Responses": items, "UnprocessedKeys": left}, schemas)


@given(sizes=SIZES, others=SIZES)
def test_a_batch_holds_1_mb_of_a_partition_and_names_the_rest(
    sizes: list[int], others: list[int]
) -> None:
    """Each key is answered or unprocessed, and asked for in the same way."""
    items = items_of(sizes) + items_of(others, "b")
    cut = batch({"Keys": items})
    kept, left = cut["Responses"]["Keys"], cut["UnprocessedKeys"].get("Keys", {"Keys": []})
    for pk in ("a", "b"):
        of_partition = [item for item in kept if item["pk"]["S"] == pk]
        assert sum(map(item_size, of_partition)) <= PARTITION_BYTES
        assert bool(of_partition) == any(item["pk"]["S"] == pk for item in items)
    assert left.get("ConsistentRead", True)
    found = [PK_SK.key(item) for item in kept] + left["Keys"]
    assert sorted(map(str, found)) == sorted(str(PK_SK.key(item)) for item in items)


def test_a_batch_holds_16_mb() -> None:
    """In all; 42 of 50 items of 390 KB, as on AWS."""
    items = [items_of([390 * 1024], f"p{n}")[0] for n in range(50)]
    cut = batch({"Keys": items[:25], "Agents": items[25:]}, unprocessed=[key("z")])
    kept = cut["Responses"]["Keys"] + cut["Responses"]["Agents"]
    assert len(kept) == BATCH_BYTES // item_size(items[0]) == 42
    assert len(cut["UnprocessedKeys"]["Agents"]["Keys"]) == 8
    assert cut["UnprocessedKeys"]["Keys"]["Keys"] == [key("z")]
