"""How large DynamoDB counts a value and an item, and what it charges for that. Pure.

Source: "DynamoDB item sizes and formats" and "Read and write operations" of the Developer Guide.
"""

import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

type Value = Mapping[str, Any]
"""An AttributeValue in its wire form, such as {"S": "text"}."""
type Item = Mapping[str, Value]

KB: Final = 1024
MB: Final = 1024 * KB

_CONTAINER = 3
_ELEMENT = 1
_READ_UNIT, _WRITE_UNIT = 4 * KB, KB


def item_size(item: Item) -> int:
    """The item with the names of its attributes, in bytes."""
    return sum(attribute_size(name, value) for name, value in item.items())


def attribute_size(name: str, value: Value) -> int:
    """One attribute: its name and its value."""
    return text_size(name) + value_size(value)


def value_size(value: Value) -> int:
    """The value alone."""
    [(kind, content)] = value.items()
    return _SIZES[kind](content)


def text_size(text: str) -> int:
    """Bytes of UTF-8."""
    return len(text.encode(errors="surrogatepass"))


def read_units(size: int, *, consistent: bool) -> float:
    """What a read of so many bytes consumes: a whole unit at least, half where stale is enough."""
    return max(1, math.ceil(size / _READ_UNIT)) * (1 if consistent else 0.5)


def write_units(size: int) -> int:
    """What a write consumes of an item that is so large before or after it."""
    return max(1, math.ceil(size / _WRITE_UNIT))


def _number_size(text: str) -> int:
    """A byte, one for each two significant digits on either side of the point, one for a minus.

    The guide says "approximately" and leaves out the last two; paritysuite/dynamodb-conformance
    measured them on AWS, byte by byte.
    """
    sign, digits, exponent = Decimal(text).as_tuple()
    significant = "".join(map(str, digits)).lstrip("0")
    trailing = len(significant) - len(significant.rstrip("0"))
    count, shift = len(significant) - trailing, int(exponent) + trailing
    whole = max(0, min(count, count + shift))
    minus = 1 if sign and count else 0
    return 1 + math.ceil(whole / 2) + math.ceil((count - whole) / 2) + minus


def _binary_size(text: str) -> int:
    """The bytes that the base64 text stands for."""
    return len(text) * 3 // 4 - text.count("=", -2)


_SIZES: Mapping[str, Callable[[Any], int]] = {
    "S": text_size,
    "N": _number_size,
    "B": _binary_size,
    "BOOL": lambda _: 1,
    "NULL": lambda _: 1,
    "SS": lambda texts: sum(map(text_size, texts)),
    "NS": lambda numbers: sum(map(_number_size, numbers)),
    "BS": lambda texts: sum(map(_binary_size, texts)),
    "L": lambda values: _CONTAINER + sum(_ELEMENT + value_size(value) for value in values),
    "M": lambda members: _CONTAINER + _ELEMENT * len(members) + item_size(members),
}
