"""Which values a KeyConditionExpression compares with which parts of a key. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from local.dynamodb.limits.expressions import Token, tokens
from local.dynamodb.limits.sizes import Value


def key_values(parameters: Mapping[str, Any]) -> Iterator[tuple[str, Value]]:
    """Names of attributes, and values that a Query compares them with."""
    text = parameters.get("KeyConditionExpression")
    if text is None:
        return
    names = parameters.get("ExpressionAttributeNames") or {}
    values = parameters.get("ExpressionAttributeValues") or {}
    for condition in _conditions(tokens("KeyConditionExpression", text)):
        attributes = [token.text for token in condition if token.kind in {"name", "word"}]
        for token in condition:
            if token.kind == "value" and attributes:
                yield names.get(attributes[0], attributes[0]), values[token.text]


def _conditions(found: tuple[Token, ...]) -> Iterator[list[Token]]:
    """The conditions that AND joins; the AND of a BETWEEN joins none."""
    condition: list[Token] = []
    bounds = 0
    for token in found:
        bounds += token.text == "BETWEEN"
        if token == Token("keyword", "AND") and not bounds:
            yield condition
            condition = []
        else:
            bounds -= token == Token("keyword", "AND")
            condition.append(token)
    yield condition
