"""Where a list goes on: opaque to callers, bound to the list that gave it out. Pure.

A cursor holds a version, the first 8 bytes of SHA-256 over what makes the list (account, route,
filters) and the last id of the page. It is not secret and grants nothing: the start key is rebuilt
from the caller's own account and the id, never taken from the cursor.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import NamedTuple

from agentcontainer.ids import is_id
from agentcontainer.web.errors import InvalidCursor

_VERSION = 1
_LONGEST = 200


class Listing(NamedTuple):
    """A list of one account's things, whose ids have a prefix."""

    account_id: str
    route: str
    filters: Mapping[str, str | None]
    prefix: str

    def encode(self, last_id: str | None) -> str | None:
        """The cursor behind `last_id`; None behind the last of all."""
        if last_id is None:
            return None
        text = json.dumps([_VERSION, self._binding(), last_id])
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def decode(self, cursor: str | None) -> str | None:
        """The last id of the page before, None for the first page; InvalidCursor for all else."""
        if cursor is None:
            return None
        if len(cursor) > _LONGEST:
            raise InvalidCursor
        try:
            padding = "=" * (-len(cursor) % 4)
            text = base64.b64decode(cursor + padding, altchars=b"-_", validate=True)
            version, binding, last_id = json.loads(text)
        except (ValueError, TypeError, RecursionError):
            raise InvalidCursor from None
        if [version, binding] != [_VERSION, self._binding()]:
            raise InvalidCursor
        if not isinstance(last_id, str) or not is_id(self.prefix, last_id):
            raise InvalidCursor
        return last_id

    def _binding(self) -> str:
        text = json.dumps([self.account_id, self.route, dict(sorted(self.filters.items()))])
        return hashlib.sha256(text.encode()).hexdigest()[:16]
