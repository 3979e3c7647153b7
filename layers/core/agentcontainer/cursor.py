"""Where a list goes on: opaque to callers, bound to the list that gave it out. Pure.

A cursor holds a version, the first 8 bytes of SHA-256 over what makes the list (account, route,
filters) and the last id of the page. It is not secret and grants nothing: the start key is rebuilt
from the caller's own account and the id, never taken from the cursor.
"""

import base64
import hashlib
import json
from collections.abc import Mapping

from agentcontainer.errors import InvalidCursor
from agentcontainer.ids import is_id

_VERSION = 1
_LONGEST = 200


def encode(account_id: str, route: str, filters: Mapping[str, str | None], last_id: str) -> str:
    """The cursor behind `last_id`."""
    text = json.dumps([_VERSION, _binding(account_id, route, filters), last_id])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(
    cursor: str, account_id: str, route: str, filters: Mapping[str, str | None], prefix: str
) -> str:
    """The last id of the page before, with the given id prefix; InvalidCursor for all else."""
    if len(cursor) > _LONGEST:
        raise InvalidCursor
    try:
        padding = "=" * (-len(cursor) % 4)
        text = base64.b64decode(cursor + padding, altchars=b"-_", validate=True)
        version, binding, last_id = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        raise InvalidCursor from None
    if [version, binding] != [_VERSION, _binding(account_id, route, filters)]:
        raise InvalidCursor
    if not isinstance(last_id, str) or not is_id(prefix, last_id):
        raise InvalidCursor
    return last_id


def _binding(account_id: str, route: str, filters: Mapping[str, str | None]) -> str:
    text = json.dumps([account_id, route, dict(sorted(filters.items()))])
    return hashlib.sha256(text.encode()).hexdigest()[:16]
