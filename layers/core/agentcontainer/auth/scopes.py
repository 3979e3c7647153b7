"""What a key may do. A scope that is added later is not added to keys that exist."""

from typing import Literal, get_args

Scope = Literal["agents:read", "agents:write"]

ALL_SCOPES: tuple[Scope, ...] = get_args(Scope)
