"""DynamoDB's typed JSON to plain values and back, for the types that our items use.

Standard library only: the authorizer reads its one item with this, without boto3.
Source: the AttributeValue type of the DynamoDB API reference.
"""

from collections.abc import Mapping
from typing import Any

# Values are str, int, bool, None, and lists and maps of them.
type Item = dict[str, Any]
type TypedItem = dict[str, Any]


def account_pk(account_id: str) -> str:
    """Partition of what belongs to an account, in any table."""
    return f"account#{account_id}"


def encode(value: object) -> dict[str, Any]:
    """One plain value as an AttributeValue; TypeError for a type that no item of ours holds."""
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": value}
        case int():
            return {"N": str(value)}
        case list() | tuple():
            return {"L": [encode(element) for element in value]}
        case dict():
            return {"M": encode_item(value)}
    raise TypeError(f"no item holds a {type(value).__name__}")


def encode_item(item: Mapping[str, object]) -> TypedItem:
    """A whole item, or the value of a map, for DynamoDB."""
    return {name: encode(value) for name, value in item.items()}


def decode(typed: Mapping[str, Any]) -> Any:
    """The plain value of one AttributeValue; ValueError for a type that no item of ours holds."""
    [(kind, value)] = typed.items()
    match kind:
        case "S" | "BOOL":
            return value
        case "N":
            return int(value)
        case "NULL":
            return None
        case "L":
            return [decode(element) for element in value]
        case "M":
            return decode_item(value)
    raise ValueError(f"no item holds a value of type {kind}")


def decode_item(typed: Mapping[str, Mapping[str, Any]]) -> Item:
    """A whole item as DynamoDB sent it."""
    return {name: decode(value) for name, value in typed.items()}
