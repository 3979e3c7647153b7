"""What rounds say, as ratios: a median, and the quartiles that tell how far to believe it."""

from collections.abc import Sequence
from statistics import median, quantiles
from typing import NamedTuple

from bench.measure.rounds import Round
from bench.measure.subjects import REFERENCE


class Ratio(NamedTuple):
    """A median between its quartiles."""

    low: float
    middle: float
    high: float

    def __str__(self) -> str:
        return f"{self.middle:.3f} [{self.low:.3f}-{self.high:.3f}]"


def ratio(rounds: Sequence[Round], figure: str, subject: str, to: str = REFERENCE) -> Ratio:
    """A figure of one subject to that of another, taken in each round."""
    return spread([one[subject][figure] / one[to][figure] for one in rounds])


def middle(rounds: Sequence[Round], figure: str, subject: str) -> float:
    """The median of a figure as it is."""
    return median(one[subject][figure] for one in rounds)


def spread(values: Sequence[float]) -> Ratio:
    """Of at least two values."""
    return Ratio(*quantiles(values, n=4, method="inclusive"))
