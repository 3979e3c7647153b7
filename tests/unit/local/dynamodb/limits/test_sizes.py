import base64
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.dynamodb.limits.sizes import (
    attribute_size,
    item_size,
    read_units,
    value_size,
    write_units,
)
from tests.support.dynamodb_values import items, values


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": ""}, 0),
        ({"S": "abc"}, 3),
        ({"S": "ü🔑"}, 6),
        ({"B": base64.b64encode(b"12345").decode()}, 5),
        ({"BOOL": False}, 1),
        ({"NULL": True}, 1),
        ({"SS": ["a", "bc"]}, 3),
        ({"NS": ["1", "22", "333"]}, 7),
        ({"BS": [base64.b64encode(b"1").decode(), base64.b64encode(b"22").decode()]}, 3),
        ({"L": []}, 3),
        ({"M": {}}, 3),
        ({"L": [{"S": "a"}, {"NULL": True}]}, 7),
        ({"M": {"ab": {"S": "cde"}}}, 9),
    ],
)
def test_values_are_counted_as_the_guide_says(value: dict[str, Any], size: int) -> None:
    """Each type by its rule: "DynamoDB item sizes and formats"."""
    assert value_size(value) == size


@pytest.mark.parametrize(
    ("number", "size"),
    [
        *[("0", 1), ("1", 2), ("-1", 3), ("12", 2), ("123", 3), ("100", 2), ("1E125", 2)],
        *[("3.14159", 5), ("123456", 4), ("0042.1200", 3), ("1.0", 2), ("0.00012", 2)],
        *[("9" * 38, 20), ("-" + "9" * 38, 21)],
    ],
)
def test_numbers_are_counted_as_aws_was_measured(number: str, size: int) -> None:
    """A byte for two digits on either side of the point, which the guide leaves out."""
    assert value_size({"N": number}) == size


@given(number=st.decimals(allow_nan=False, allow_infinity=False, places=3, max_value=10**30))
def test_a_number_costs_the_same_however_it_is_written(number: Decimal) -> None:
    """Zeros that mean nothing, and an exponent, change nothing."""
    plain = value_size({"N": str(number)})
    assert value_size({"N": f"{number:f}"}) == value_size({"N": f"{number:E}"}) == plain


@given(binary=st.binary(max_size=100))
def test_binary_is_counted_without_its_encoding(binary: bytes) -> None:
    """However long the last group of base64 is."""
    assert value_size({"B": base64.b64encode(binary).decode()}) == len(binary)


@given(item=items, name=st.text(min_size=1, max_size=5), value=values)
def test_an_item_is_the_sum_of_its_attributes(
    item: dict[str, Any], name: str, value: dict[str, Any]
) -> None:
    """With their names, in UTF-8."""
    before = item_size({n: v for n, v in item.items() if n != name})
    after = item_size(item | {name: value})
    assert after == before + attribute_size(name, value) >= before + len(name.encode())


@pytest.mark.parametrize(("size", "reads", "writes"), [(0, 1, 1), (1024, 1, 1), (4097, 2, 5)])
def test_units_are_rounded_up(size: int, reads: int, writes: int) -> None:
    """To 4 KB for a read, of which a stale one costs half, and to 1 KB for a write."""
    assert read_units(size, consistent=True) == reads
    assert read_units(size, consistent=False) == reads / 2
    assert write_units(size) == writes
