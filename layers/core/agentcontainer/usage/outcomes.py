"""What requests are counted as: one outcome each, and the reason of those that were refused.

Pure. The names are those of the items' attributes and of the members that callers see.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple

from agentcontainer.keys.verification import Verdict

ACCEPTED: Final = "accepted"
FORBIDDEN: Final = "forbidden"
RATE_LIMITED: Final = "rateLimited"
FAILED: Final = "failed"
REFUSED: Final = "refused"
OUTCOMES: Final = (ACCEPTED, FORBIDDEN, RATE_LIMITED, FAILED, REFUSED)

REFUSALS: Final = {
    Verdict.REVOKED.value: "refusedRevoked",
    Verdict.EXPIRED.value: "refusedExpired",
    Verdict.DISABLED.value: "refusedDisabled",
}
"""By the authorizer's verdict, what a refusal is counted as besides."""

_BY_STATUS = {401: REFUSED, 403: FORBIDDEN, 429: RATE_LIMITED}
_SERVER_ERROR = 500


class Day(NamedTuple):
    """The requests of a UTC day, by what they are counted as; what is not there is 0."""

    date: date
    counts: Mapping[str, int]


def outcome(status: int) -> str:
    """What an answer with this status is counted as."""
    return _BY_STATUS.get(status, FAILED if status >= _SERVER_ERROR else ACCEPTED)
