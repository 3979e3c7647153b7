import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from bench.report.plot import draw
from blueprint.paths import ROOT

REPORT: dict[str, Any] = json.loads((ROOT / "docs/speed.json").read_text())


def test_the_readmes_plot_is_of_the_figures_beside_it() -> None:
    """Nobody draws by hand: docs/speed.svg is what `bench.report.plot` makes of docs/speed.json."""
    assert (ROOT / "docs/speed.svg").read_text() == draw(REPORT)


def test_bars_are_as_long_as_the_figures() -> None:
    """In proportion, one for each authorizer and figure."""
    svg = ET.fromstring(draw(REPORT))  # noqa: S314 -- our own
    found = [float(bar.attrib["width"]) for bar in svg.iter("{http://www.w3.org/2000/svg}rect")]
    compared = [subject for subject in REPORT["subjects"] if "warm" in subject]
    assert len(found) == 2 * len(compared)
    for start, figure in ((0, "cold"), (len(compared), "warm")):
        bars = found[start : start + len(compared)]
        for bar, subject in zip(bars, compared, strict=True):
            assert bar / bars[0] == pytest.approx(subject[figure][1], rel=0.02)
    assert all(bar < 820 for bar in found)


def test_the_figures_that_are_shown_met_their_goals() -> None:
    """But for the stretch, which is tried for and reported."""
    assert all(goal["outcome"] == "met" for goal in REPORT["goals"] if not goal["stretch"])
