"""The operator's handbook knows every alarm and every resource that there is."""

import re
from typing import Any

import pytest

from blueprint.paths import ROOT, TEMPLATE
from blueprint.template.translation import translate
from tests.contract.test_template import SOURCE, of_type
from tools.dev import resources as listing

HANDBOOK = (ROOT / "docs/operations.md").read_text()


@pytest.fixture(scope="module")
def translation() -> dict[str, Any]:
    """The resources with their references still in them."""
    translated: dict[str, Any] = translate(TEMPLATE, {"Release": "a" * 64})["Resources"]
    return translated


def test_every_resource_is_listed_with_its_idle_costs(translation: dict[str, Any]) -> None:
    """`python -m tools.dev.resources` brings the table up to date."""
    now = listing.document(HANDBOOK, translation)
    assert now == HANDBOOK, "docs/operations.md: run python -m tools.dev.resources"


def test_a_type_that_nobody_looked_up_is_named() -> None:
    """So that a new one is not taken to be free."""
    with pytest.raises(KeyError, match="AWS::EC2::NatGateway"):
        listing.table({"Door": {"Type": "AWS::EC2::NatGateway", "Properties": {}}})


def test_every_alarm_has_its_row(translation: dict[str, Any]) -> None:
    """What it means and what to do, for whoever is woken by it."""
    rows = re.findall(r"^\| `(\w+)` \|", HANDBOOK, re.MULTILINE)
    missing = of_type(translation, "AWS::CloudWatch::Alarm").keys() - set(rows)
    assert not missing, f"docs/operations.md says nothing about {', '.join(missing)}"


def test_every_parameter_is_explained() -> None:
    """With what its default means."""
    for name in SOURCE["Parameters"].keys() - {"Release"}:
        assert f"`{name}`" in HANDBOOK, name


def test_the_sum_is_right() -> None:
    """Of what a million requests cost, item by item."""
    [block] = re.findall(r"\| item \| arithmetic \|.*?\n\n", HANDBOOK, re.DOTALL)
    amounts = [float(one) for one in re.findall(r"\| (\d+\.\d+) \|$", block, re.MULTILINE)]
    [total] = re.findall(r"\*\*(\d+\.\d\d)\*\*", block)
    assert len(amounts) > 5
    assert round(sum(amounts), 2) == float(total)
