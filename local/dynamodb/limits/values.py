"""What DynamoDB accepts as a value. Pure.

Sources: "Constraints in Amazon DynamoDB" (data types, nested attribute depth) and "Supported data
types and naming rules" of the Developer Guide. Texts: the tests of architect/dynalite and
paritysuite/dynamodb-conformance, which were compared with AWS.
"""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from local.dynamodb.limits.errors import invalid
from local.dynamodb.limits.sizes import Value

MOST_DIGITS: Final = 38
_HIGHEST_EXPONENT, _LOWEST_EXPONENT = 125, -130
MOST_LEVELS: Final = 32
"""Of nesting: a scalar within 31 lists or maps is at the last of them."""

_KINDS = frozenset({"S", "N", "B", "BOOL", "NULL", "SS", "NS", "BS", "L", "M"})
_SETS = {"SS": "string", "NS": "number", "BS": "binary"}
_SHORT_INTEGER = re.compile(r"-?[1-9][0-9]{0,37}|0")


def check_values(values: Mapping[str, Value]) -> None:
    """Raises AwsError for the first value of an item or of expression values that is not taken."""
    for value in values.values():
        check_value(value)


def check_value(value: Value, level: int = 1) -> None:
    """Raises AwsError if DynamoDB takes no such value."""
    if level > MOST_LEVELS:
        raise invalid(
            "Nesting Levels have exceeded supported limits: "
            "Attributes in the item have nested levels beyond supported limit"
        )
    kind, content = _parts(value)
    match kind:
        case "N":
            _check_number(content)
        case "SS" | "NS" | "BS":
            _check_set(kind, content)
        case "L":
            for element in content:
                check_value(element, level + 1)
        case "M":
            for member in content.values():
                check_value(member, level + 1)


def _parts(value: Value) -> tuple[str, Any]:
    kinds = [kind for kind in value if kind in _KINDS]
    if not kinds:
        raise invalid(
            "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
        )
    if len(kinds) > 1:
        raise invalid(
            "Supplied AttributeValue has more than one datatypes set, "
            "must contain exactly one of the supported datatypes"
        )
    return kinds[0], value[kinds[0]]


def _check_set(kind: str, elements: list[str]) -> None:
    if not elements:
        raise invalid(
            f"One or more parameter values were invalid: An {_SETS[kind]} set  may not be empty"
        )
    if kind == "NS":
        for element in elements:
            _check_number(element)
    distinct = set(map(Decimal, elements)) if kind == "NS" else set(elements)
    if len(distinct) < len(elements):
        raise invalid(
            "One or more parameter values were invalid: Input collection contains duplicates."
        )


def _check_number(text: str) -> None:
    if _SHORT_INTEGER.fullmatch(text):
        return
    digits, magnitude = _digits_and_magnitude(text)
    if magnitude > _HIGHEST_EXPONENT:
        raise invalid(
            "Number overflow. "
            "Attempting to store a number with magnitude larger than supported range"
        )
    if magnitude < _LOWEST_EXPONENT:
        raise invalid(
            "Number underflow. "
            "Attempting to store a number with magnitude smaller than supported range"
        )
    if digits > MOST_DIGITS:
        raise invalid("Attempting to store more than 38 significant digits in a Number")


def _digits_and_magnitude(text: str) -> tuple[int, int]:
    """Significant digits, and the power of ten of the first of them."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not re.fullmatch(r"[0-9.eE+-]+", text):
        raise invalid(f"The parameter cannot be converted to a numeric value: {text}")
    if not number:
        return 1, 0
    significant = "".join(map(str, number.as_tuple().digits)).strip("0")
    return len(significant), number.adjusted()
