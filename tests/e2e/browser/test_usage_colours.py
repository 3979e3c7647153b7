"""The chart's five colours, as people with each kind of colour blindness see them."""

import math
import re
from itertools import combinations
from typing import Literal

import pytest
from playwright.sync_api import expect

from tests.e2e.browser.conftest import NewTab
from tests.e2e.browser.test_list import key
from tests.e2e.browser.test_usage import answer_usage, open_key, serve_keys
from tests.e2e.browser.usage_days import OUTCOMES, days

type Colour = tuple[float, ...]
type Matrix = tuple[Colour, Colour, Colour]

# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
SEEN_BY: dict[str, Matrix] = {
    "most people": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopes": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopes": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopes": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
TO_LMS: Matrix = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
TO_OKLAB: Matrix = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
APART = 0.12
"""In Oklab, whose black and white are 1 apart; 0.02 is just noticed side by side."""


def times(matrix: Matrix, colour: Colour) -> Colour:
    """The colour through the matrix."""
    return tuple(sum(a * b for a, b in zip(row, colour, strict=True)) for row in matrix)


def linear(css: str) -> Colour:
    """Linear RGB of what a browser computed."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", css)[:3]]
    return tuple(at / 12.92 if at <= 0.04045 else ((at + 0.055) / 1.055) ** 2.4 for at in parts)


def oklab(colour: Colour) -> Colour:
    """Where distances are as large as they look."""
    inside = tuple(min(1, max(0, part)) for part in colour)
    return times(TO_OKLAB, tuple(math.cbrt(part) for part in times(TO_LMS, inside)))


def contrast(one: Colour, other: Colour) -> float:
    """As WCAG defines it."""
    darker, lighter = sorted(
        times(((0.2126, 0.7152, 0.0722),) * 3, each)[0] for each in (one, other)
    )
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_can_be_told_apart(new_tab: NewTab, scheme: Literal["light", "dark"]) -> None:
    """Each from each other whoever looks, and from what they stand on, in light and in dark."""
    tab = new_tab(color_scheme=scheme)
    serve_keys(tab.page, key(1))
    answer_usage(tab.page, lambda count: days([1] * count))
    tab.signed_in()
    shown = open_key(tab, "Key 1")
    expect(shown.locator(".swatch rect")).to_have_count(len(OUTCOMES))
    fills = shown.locator(".swatch rect").evaluate_all(
        "(all) => all.map((one) => getComputedStyle(one).fill)"
    )
    colours = dict(zip(OUTCOMES, map(linear, fills), strict=True))
    ground = linear(shown.evaluate("(node) => getComputedStyle(node).backgroundColor"))
    for name, colour in colours.items():
        assert contrast(colour, ground) >= 3, name
    for whose, seen_as in SEEN_BY.items():
        for one, other in combinations(OUTCOMES, 2):
            pair = [oklab(times(seen_as, colours[name])) for name in (one, other)]
            assert math.dist(*pair) >= APART, f"{one} and {other} are alike to {whose}"
