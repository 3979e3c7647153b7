"""Ids that sort by time: a prefix and a ULID in lower-case Crockford base32."""

import re
import secrets
from datetime import datetime

from agentcontainer.clock import to_millis

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
ULID = r"[0-7][0-9a-hjkmnp-tv-z]{25}"

_RANDOM_BITS = 80


def new_id(prefix: str, now: datetime) -> str:
    """`prefix` + `_` + a ULID (https://github.com/ulid/spec): 48 bits of milliseconds, 80 random.

    Ids of one millisecond are in no particular order.
    """
    number = to_millis(now) << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
    return f"{prefix}_" + "".join(ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))


def is_id(prefix: str, text: str) -> bool:
    """Whether `text` has the form that `new_id` gives; an id of another form names nothing."""
    return re.fullmatch(f"{prefix}_{ULID}", text) is not None
