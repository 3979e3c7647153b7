"""Writes to an item and the conditions on them, as DynamoDB's expressions. Pure.

Values and conditions go by expression names throughout, so that no attribute's name has to avoid
DynamoDB's reserved words (`name`, `status`, `ttl`, ...).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from agentcontainer.dynamodb.item import Item, encode, encode_item

ABSENT: Final = object()
"""As the wanted value of an attribute: that the item has no such attribute."""

PRESENT: Final = object()
"""As the wanted value of an attribute: that the item has one, whatever it is."""


class Below(NamedTuple):
    """As the wanted value of an attribute: less than this, where absent counts as 0."""

    bound: int


type Where = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Put:
    """Writes a whole item, if what is there now is as `where` says (attribute: wanted value)."""

    item: Item
    where: Where = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """Sets attributes of the item at a key, if what is there now is as `where` says.

    `add` adds to numbers; an absent one counts as 0. `remove` takes attributes away.
    """

    pk: str
    sk: str
    set: Mapping[str, object] = field(default_factory=dict)
    add: Mapping[str, int] = field(default_factory=dict)
    remove: Collection[str] = ()
    where: Where = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Check:
    """Writes nothing; the item at a key has to be as `where` says."""

    pk: str
    sk: str
    where: Where


type Write = Put | Update | Check


class ConditionFailed(Exception):
    """A transaction changed nothing; `writes` are those whose condition did not hold."""

    def __init__(self, writes: list[Write]) -> None:
        super().__init__(f"{len(writes)} conditions failed")
        self.writes = writes


def operation(table: str, write: Write) -> dict[str, dict[str, Any]]:
    """The write as an action of TransactWriteItems, by its kind."""
    names: dict[str, str] = {}
    values: dict[str, object] = {}
    match write:
        case Put():
            action: dict[str, Any] = {"TableName": table, "Item": encode_item(write.item)}
            kind = "Put"
        case Update():
            action = {
                "TableName": table,
                "Key": encode_item({"pk": write.pk, "sk": write.sk}),
                "UpdateExpression": _changes(write, names, values),
            }
            kind = "Update"
        case _:
            action = {
                "TableName": table,
                "Key": encode_item({"pk": write.pk, "sk": write.sk}),
            }
            kind = "ConditionCheck"
    if write.where:
        action["ConditionExpression"] = " AND ".join(
            _comparison(attribute, wanted, names, values)
            for attribute, wanted in write.where.items()
        )
    if names:
        action["ExpressionAttributeNames"] = names
    if values:
        action["ExpressionAttributeValues"] = values
    return {kind: action}


def _changes(update: Update, names: dict[str, str], values: dict[str, object]) -> str:
    assignments = [
        f"{_name(attribute, names)} = {_value(value, values)}"
        for attribute, value in update.set.items()
    ]
    additions = [
        f"{_name(attribute, names)} {_value(number, values)}"
        for attribute, number in update.add.items()
    ]
    removals = [_name(attribute, names) for attribute in update.remove]
    clauses = (("SET", assignments), ("ADD", additions), ("REMOVE", removals))
    return " ".join(f"{verb} {', '.join(parts)}" for verb, parts in clauses if parts)


def _comparison(
    attribute: str, wanted: object, names: dict[str, str], values: dict[str, object]
) -> str:
    name = _name(attribute, names)
    if wanted is ABSENT:
        return f"attribute_not_exists({name})"
    if wanted is PRESENT:
        return f"attribute_exists({name})"
    if isinstance(wanted, Below):
        return f"(attribute_not_exists({name}) OR {name} < {_value(wanted.bound, values)})"
    return f"{name} = {_value(wanted, values)}"


def _name(attribute: str, names: dict[str, str]) -> str:
    names[f"#{attribute}"] = attribute
    return f"#{attribute}"


def _value(value: object, values: dict[str, object]) -> str:
    placeholder = f":{len(values)}"
    values[placeholder] = encode(value)
    return placeholder
