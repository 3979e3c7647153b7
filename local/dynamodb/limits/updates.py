"""How large an UpdateExpression leaves an item. Pure.

Exact where whole attributes are set, counted up or removed, as this product does; for paths into
lists and maps, and for functions, the most that it can become.
"""

from collections.abc import Iterator, Mapping
from decimal import Context, Decimal
from typing import Any

from local.dynamodb.limits.expressions import Token, tokens
from local.dynamodb.limits.sizes import Item, Value, text_size, value_size

_EXACT = Context(prec=60)

type _Operand = list[Token]


def size_after(old: Item | None, key: Item, action: Mapping[str, Any]) -> int:
    """The size of the item at `key` when the action's update is made to `old`."""
    item = old or key
    sizes = {name: value_size(value) for name, value in item.items()}
    for clause, operand in _operands(tokens("UpdateExpression", action["UpdateExpression"])):
        path = [token for token in operand if token.kind in {"name", "word"}][:1]
        name = _resolve(path[0].text, action)
        if clause == "REMOVE" and len(operand) == 1:
            sizes.pop(name, None)
        elif clause == "SET":
            sizes[name] = _size_when_set(name, operand, item, action)
        elif clause == "ADD":
            sizes[name] = _size_when_added(item.get(name), _values(operand, action)[0])
    return sum(text_size(name) + size for name, size in sizes.items())


def _size_when_set(name: str, operand: _Operand, item: Item, action: Mapping[str, Any]) -> int:
    values = _values(operand, action)
    # A path, an equals sign and a value: the value takes the place of what there was.
    if [token.kind for token in operand[1:]] == ["operator", "value"]:
        return value_size(values[0])
    others = {_resolve(token.text, action) for token in operand if token.kind in {"name", "word"}}
    known = [item[other] for other in others | {name} if other in item]
    return sum(map(value_size, [*values, *known])) + sum(text_size(token.text) for token in operand)


def _size_when_added(old: Value | None, added: Value) -> int:
    if old and "N" in old and "N" in added:
        total = _EXACT.add(Decimal(old["N"]), Decimal(added["N"]))
        return value_size({"N": str(total)})
    return value_size(added) + (value_size(old) if old else 0)


def _values(operand: _Operand, action: Mapping[str, Any]) -> list[Value]:
    values = action.get("ExpressionAttributeValues") or {}
    return [values[token.text] for token in operand if token.kind == "value"]


def _resolve(name: str, action: Mapping[str, Any]) -> str:
    names: Mapping[str, str] = action.get("ExpressionAttributeNames") or {}
    return names.get(name, name)


def _operands(found: tuple[Token, ...]) -> Iterator[tuple[str, _Operand]]:
    """Each clause's name with each of what it holds."""
    clause, operand, depth = "", list[Token](), 0
    for token in found:
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if token.kind == "keyword" or (token.text == "," and not depth):
            if operand:
                yield clause, operand
            clause, operand = token.text if token.kind == "keyword" else clause, []
        else:
            operand.append(token)
    yield clause, operand
