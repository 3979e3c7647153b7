"""What it may cost, and whether it does not cost more."""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from bench.measure.rounds import Round
from bench.measure.subjects import AUTHORIZER, REFERENCE
from bench.report.ratios import Ratio, ratio, spread

type Outcome = Literal["met", "open", "not met"]


class Goal(NamedTuple):
    """A bound, and what was measured. A stretch is tried for, and no failure if it is missed."""

    name: str
    limit: float
    measured: Ratio
    stretch: bool = False

    @property
    def outcome(self) -> Outcome:
        """`open` if the quartiles lie on both sides: the machine was too busy to tell."""
        if self.measured.middle <= self.limit:
            return "met"
        return "not met" if self.measured.low > self.limit else "open"

    def as_json(self) -> dict[str, Any]:
        """For a file."""
        return {**self._asdict(), "outcome": self.outcome}


class Measured(NamedTuple):
    """All of a run. `bare` are starts without the runtime client, `counts` operations a request."""

    cold: Sequence[Round]
    bare: Sequence[Round]
    warm: Sequence[Round]
    counts: dict[str, float]


def goals(measured: Measured) -> list[Goal]:
    """Those that can be judged by what was measured."""
    cold = ratio(measured.cold, "cold", AUTHORIZER)
    warm = ratio(measured.warm, "call", AUTHORIZER)
    modules = spread([one[AUTHORIZER]["modules"] for one in measured.bare])
    reads = measured.counts.get("GetItem", 0)
    others = sum(measured.counts.values()) - reads
    found = [
        Goal("authorizer, cold: processor time to a bare boto3 client's", 0.15, cold),
        Goal("the same, stretch", 0.12, cold, stretch=True),
        Goal("authorizer, warm, with its log line: to boto3's get_item alone", 0.20, warm),
        Goal("the same, stretch", 0.12, warm, stretch=True),
        Goal("authorizer, peak memory", 0.45, ratio(measured.bare, "peak", AUTHORIZER)),
        Goal("authorizer, modules that it adds", 90, modules),
        Goal("GetItem a request", 1, spread([reads, reads])),
        Goal("anything else a request", 0, spread([others, others])),
    ]
    if "clerk-backend-api" in measured.cold[0]:
        session = ratio(measured.cold, "cold", "session_authorizer", to="clerk-backend-api")
        found.append(Goal("dashboard authorizer, cold: to Clerk's library", 0.45, session))
    return found


def reference_milliseconds(measured: Measured) -> tuple[float, float]:
    """What 1.0 was, cold and warm: no goal, for machines differ."""
    cold = spread([one[REFERENCE]["cold"] / 1e6 for one in measured.cold])
    warm = spread([one[REFERENCE]["call"] / 1e6 for one in measured.warm])
    return cold.middle, warm.middle
