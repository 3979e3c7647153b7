from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentcontainer.dynamodb.conditions import Update, operation
from agentcontainer.dynamodb.item import encode, encode_item
from local.dynamodb.limits.sizes import item_size
from local.dynamodb.limits.updates import size_after
from tests.support.tables_in_memory import key

NAMES = st.sampled_from(["a", "bc", "status", "n", "m"])
NUMBERS = st.integers(-(10**20), 10**20)
VALUES = st.none() | st.booleans() | NUMBERS | st.text(max_size=20) | st.lists(NUMBERS, max_size=3)


def updated(old: Mapping[str, Any], update: Update) -> dict[str, Any]:
    """The item as DynamoDB leaves it."""
    item = dict(old) | {name: encode(value) for name, value in update.set.items()}
    for name, number in update.add.items():
        before = Decimal(old.get(name, {"N": "0"})["N"])
        item[name] = {"N": str(before + number)}
    return {name: value for name, value in item.items() if name not in update.remove}


@given(
    old=st.none() | st.dictionaries(NAMES, VALUES),
    counts=st.dictionaries(st.sampled_from(["c0", "c1"]), NUMBERS),
    sets=st.dictionaries(NAMES, VALUES, min_size=1),
    adds=st.dictionaries(st.sampled_from(["c0", "c1", "c2"]), NUMBERS),
    removes=st.sets(st.sampled_from(["x", "y"])),
)
def test_the_size_is_that_of_the_updated_item(
    old: dict[str, Any] | None,
    counts: dict[str, int],
    sets: dict[str, Any],
    adds: dict[str, int],
    removes: set[str],
) -> None:
    """To the byte, for every update that this product makes."""
    before = None if old is None else key() | encode_item({"x": "gone"} | old | counts)
    update = Update(pk="a", sk="b", set=sets, add=adds, remove=sorted(removes))
    [action] = operation("Keys", update).values()
    expected = item_size(updated(before or key(), update))
    assert size_after(before, key(), action) == expected


@pytest.mark.parametrize(
    "expression",
    [
        "SET a = list_append(a, :v)",
        "SET a[0] = :v",
        "SET b = if_not_exists(a, :v)",
        "SET b = a",
        "SET m.x.y = :v",
        "ADD s :s",
    ],
)
def test_for_others_it_is_at_least_that(expression: str) -> None:
    """Never less than what can come of it: paths into lists and maps, functions, sets."""
    old = key() | {
        "a": {"L": [{"S": "x" * 50}]},
        "m": {"M": {"x": {"M": {}}}},
        "s": {"SS": ["a"]},
    }
    values = {":v": {"L": [{"S": "y" * 70}]}, ":s": {"SS": ["b" * 70]}}
    action = {"UpdateExpression": expression, "ExpressionAttributeValues": values}
    after = size_after(old, key(), action)
    assert item_size(old) + 50 <= after <= item_size(old) + 250
