"""JSON read as RFC 8259 writes it: what Python's reader lets pass is refused. Pure."""

import json
from typing import Any, NoReturn


class MalformedJson(ValueError):
    """The text is no JSON, or JSON that readers disagree about; its message is public."""


def loads(text: str) -> Any:
    """The value of a JSON text; MalformedJson for all else.

    Duplicate members are refused (one reader takes the first, another the last), and so are NaN,
    Infinity, numbers of thousands of digits and nesting that exhausts the stack.
    """
    try:
        return json.loads(
            text, object_pairs_hook=_without_duplicates, parse_constant=_refuse_constant
        )
    except json.JSONDecodeError as error:
        raise MalformedJson(str(error)) from None
    except RecursionError:
        raise MalformedJson("the JSON nests too deep") from None
    except MalformedJson:
        raise
    except ValueError:
        raise MalformedJson("a number has too many digits") from None


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise MalformedJson("a member name stands twice in one object")
    return members


def _refuse_constant(name: str) -> NoReturn:
    raise MalformedJson(f"{name} is not JSON")
