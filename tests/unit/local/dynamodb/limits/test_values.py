from typing import Any

import pytest
from hypothesis import given

from local.dynamodb.limits.errors import AwsError
from local.dynamodb.limits.values import MOST_LEVELS, check_value, check_values
from tests.support.dynamodb_values import items


@given(item=items)
def test_what_dynamodb_stores_is_taken(item: dict[str, Any]) -> None:
    """Of every type, nested or not."""
    check_values(item)


@pytest.mark.parametrize("number", ["9" * 38, "1e125", "1E-130", "-0.5", "0", "007", "0e999"])
def test_numbers_within_the_range_are_taken(number: str) -> None:
    """38 significant digits, from 1E-130 to 9.9E+125."""
    check_value({"N": number})
    check_value({"NS": [number]})


@pytest.mark.parametrize(
    ("number", "message"),
    [
        ("1" * 39, "more than 38 significant digits"),
        ("1." + "1" * 38, "more than 38 significant digits"),
        ("1e126", "Number overflow"),
        ("-1e126", "Number overflow"),
        ("1e-131", "Number underflow"),
        ("abc", "cannot be converted to a numeric value: abc"),
        ("", "cannot be converted to a numeric value"),
        ("NaN", "cannot be converted to a numeric value: NaN"),
        ("Infinity", "cannot be converted to a numeric value"),
        (" 1", "cannot be converted to a numeric value"),
        ("1_000", "cannot be converted to a numeric value"),
    ],
)
def test_numbers_beyond_it_are_refused(number: str, message: str) -> None:
    """Alone, in a set, and at any depth."""
    for value in ({"N": number}, {"NS": ["1", number]}, {"M": {"a": {"L": [{"N": number}]}}}):
        with pytest.raises(AwsError, match=f"ValidationException.*{message}"):
            check_value(value)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"SS": []}, "An string set  may not be empty"),
        ({"NS": []}, "An number set  may not be empty"),
        ({"BS": []}, "An binary set  may not be empty"),
        ({"SS": ["a", "a"]}, "contains duplicates"),
        ({"NS": ["1", "1.0"]}, "contains duplicates"),
        ({}, "must contain exactly one of the supported datatypes"),
        ({"S": "a", "N": "1"}, "more than one datatypes set"),
    ],
)
def test_sets_hold_something_once_and_values_have_one_type(
    value: dict[str, Any], message: str
) -> None:
    """Numbers are the same by value, however they are written."""
    with pytest.raises(AwsError, match=message):
        check_value(value)


@pytest.mark.parametrize("kind", ["L", "M"])
def test_32_levels_are_the_most(kind: str) -> None:
    """A scalar within 31 lists or maps is taken, and one within 32 is not: measured on AWS."""
    value: dict[str, Any] = {"S": "leaf"}
    for _ in range(MOST_LEVELS - 1):
        value = {"L": [value]} if kind == "L" else {"M": {"n": value}}
    check_value(value)
    with pytest.raises(AwsError, match="Nesting Levels have exceeded supported limits"):
        check_value({"L": [value]})
