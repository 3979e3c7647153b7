"""Ids of parameters: readable, the same in every process, and without a token in one."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from pathlib import Path
from types import FunctionType
from typing import Any

from agentcontainer.keys.token import redact

LONGEST = 60

_ADDRESS = re.compile(r" at 0x[0-9a-f]+")


def parameter_id(value: object) -> str | None:
    """The id of one parameter; None where pytest's own is as good."""
    match value:
        case bytes() | bool() | float() | int() | None:
            return None
        case Enum():
            return value.name
        case str():
            text = value
        case Path():
            text = value.name
        case datetime():
            text = value.isoformat()
        case tuple() if all(isinstance(part, str) for part in value):
            text = " ".join(value)
        case Mapping() | list() | tuple() | set() | frozenset():
            text = _json(value)
        case FunctionType() if value.__name__ == "<lambda>":
            return None
        case FunctionType():
            text = value.__name__
        case _:
            text = _ADDRESS.sub("", repr(value))
    text = redact(text).encode("unicode_escape").decode()
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def _json(value: Any) -> str:
    """With sets in order: that of their elements differs from process to process."""
    return json.dumps(value, default=_plain, ensure_ascii=False, separators=(", ", ": "))


def _plain(value: Any) -> Any:
    if isinstance(value, set | frozenset):
        return sorted(value, key=repr)
    return parameter_id(value) or repr(value)
