from collections.abc import Callable
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

import pytest

from agentcontainer.keys import token
from tests.support.parameter_ids import LONGEST, parameter_id


class Colour(Enum):
    """Something with names."""

    RED = 1


def named() -> None:
    """A function."""


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (5, None),
        (None, None),
        ("GET", "GET"),
        ("a\tb\u0661", "a\\tb\\u0661"),
        (("agents", "GET", "/api"), "agents GET /api"),
        ({"name": "x", "scopes": ["a"]}, '{"name": "x", "scopes": ["a"]}'),
        ({"b", "a"}, '["a", "b"]'),
        (Colour.RED, "RED"),
        (Path("a/b.md"), "b.md"),
        (datetime(2026, 3, 25, tzinfo=UTC), "2026-03-25T00:00:00+00:00"),
        (named, "named"),
        (lambda key: key.name, None),
    ],
)
def test_an_id_says_what_is_tried(value: object, shown: str | None) -> None:
    """None leaves it to pytest."""
    assert parameter_id(value) == shown


@pytest.mark.parametrize(
    "around", [str, lambda text: [text], lambda text: {"token": text}], ids=["text", "list", "map"]
)
def test_no_token_stands_in_an_id(around: Callable[[str], object]) -> None:
    """Whatever it is a part of: what is chance differs from worker to worker, too."""
    shown = parameter_id(around(token.mint()))
    assert shown == parameter_id(around(token.mint()))
    assert "ac_live_[redacted]" in str(shown)


def test_a_long_id_is_cut() -> None:
    """So that a report stays readable."""
    assert len(parameter_id("x" * 1000) or "") == LONGEST
