"""The benchmark runs, and what does not depend on the clock is as it should be."""

import pytest

from bench.__main__ import measure
from bench.measure.subjects import AUTHORIZERS, OTHERS
from bench.report.goals import Goal, Measured, goals
from bench.report.output import as_json, as_text

SUBJECTS = [subject for subject in AUTHORIZERS + OTHERS if subject.is_there]


@pytest.fixture(scope="module")
def measured() -> Measured:
    """A run of two rounds: every function in it has answered as it should."""
    return measure("https", SUBJECTS, 2)


def goal(measured: Measured, name: str) -> Goal:
    """The goal whose name begins so."""
    [found] = [goal for goal in goals(measured) if goal.name.startswith(name)]
    return found


def test_a_request_is_one_read_and_no_write(measured: Measured) -> None:
    """Counted at the server: one GetItem, and nothing else, for each request verified."""
    assert measured.counts == {"GetItem": 1.0}
    assert goal(measured, "GetItem a request").outcome == "met"
    assert goal(measured, "anything else a request").outcome == "met"


def test_the_authorizer_stays_small(measured: Measured) -> None:
    """Peak memory as a part of the boto3 handler's, and modules: both the same in every run."""
    assert goal(measured, "authorizer, peak memory").outcome == "met"
    assert goal(measured, "authorizer, modules").outcome == "met"
    for one in measured.bare:
        assert one["authorizer"]["peak"] < 0.45 * one["boto3"]["peak"]
        assert one["authorizer"]["modules"] <= 90


def test_the_report_has_every_function_and_goal(measured: Measured) -> None:
    """As text, which `make bench` prints."""
    text = "\n".join(as_text(as_json(measured, SUBJECTS)))
    for subject in SUBJECTS:
        assert subject.title in text
    for each in goals(measured):
        assert each.name in text
