"""Reads the policy that a Lambda authorizer returned, as IAM evaluates it."""

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

INVOKE = "execute-api:Invoke"


class Decision(Enum):
    """An explicit Deny wins over every Allow; without either nothing is allowed."""

    ALLOW = "allow"
    DENY = "deny"
    IMPLICIT_DENY = "implicit deny"


class MalformedPolicy(Exception):
    """The authorizer's answer holds no policy that can be read."""


def decide(policy: object, method_arn: str) -> Decision:
    """What a policy document says about invoking a method; MalformedPolicy if it is none."""
    if not isinstance(policy, Mapping) or "Statement" not in policy:
        raise MalformedPolicy
    effects = {
        statement.get("Effect")
        for statement in _list(policy["Statement"])
        if _matches(statement, "Action", INVOKE) and _matches(statement, "Resource", method_arn)
    }
    if "Deny" in effects:
        return Decision.DENY
    return Decision.ALLOW if "Allow" in effects else Decision.IMPLICIT_DENY


def _matches(statement: object, element: str, value: str) -> bool:
    if not isinstance(statement, Mapping):
        raise MalformedPolicy
    patterns: Iterable[Any] = _list(statement.get(element, ()))
    flags = re.IGNORECASE if element == "Action" else 0
    return any(re.fullmatch(_regex(str(pattern)), value, flags) for pattern in patterns)


def _regex(pattern: str) -> str:
    """`*` and `?` stand for anything, slashes and colons included."""
    return re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")


def _list(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list | tuple) else [value]
