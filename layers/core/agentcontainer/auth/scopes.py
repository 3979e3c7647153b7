"""What a key may do. A scope that is added later is in no key that does not name it."""

from typing import Literal, get_args

Scope = Literal["agents:read", "agents:write"]

ALL_SCOPES: tuple[Scope, ...] = get_args(Scope)

DEFAULT_SCOPES: tuple[Scope, ...] = ("agents:read", "agents:write")
"""Those of a key whose creator names none, for good."""
