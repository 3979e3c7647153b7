import pytest

from bench.measure.rounds import Round
from bench.report.goals import Goal, Measured, goals
from bench.report.ratios import Ratio


@pytest.mark.parametrize(
    ("measured", "outcome"),
    [
        (Ratio(0.10, 0.12, 0.14), "met"),
        (Ratio(0.10, 0.15, 0.20), "met"),
        (Ratio(0.14, 0.16, 0.20), "open"),
        (Ratio(0.16, 0.17, 0.18), "not met"),
    ],
)
def test_a_goal_is_missed_only_if_noise_cannot_be_why(measured: Ratio, outcome: str) -> None:
    """Met by the median; not met where even the lower quartile is above the limit."""
    assert Goal("cold", 0.15, measured).outcome == outcome


def one(**figures: float) -> Round:
    """A round in which boto3 takes 1 of everything."""
    return {"boto3": dict.fromkeys(figures, 1.0), "authorizer": figures}


def test_every_goal_is_judged_by_its_own_figure() -> None:
    """A run that is worse in one figure misses that goal and no other."""
    good = {"cold": 0.1, "call": 0.1, "peak": 0.4, "modules": 60, "GetItem": 1, "PutItem": 0}
    bad = {"cold": 0.2, "call": 0.3, "peak": 0.5, "modules": 91, "GetItem": 2, "PutItem": 1}
    for worse in good:
        figures = good | {worse: bad[worse]}
        counts = {name: figures.pop(name) for name in ("GetItem", "PutItem")}
        rounds = [one(**figures)] * 2
        missed = [
            goal.name
            for goal in goals(Measured(rounds, rounds, rounds, counts))
            if goal.outcome == "not met" and not goal.stretch
        ]
        assert len(missed) == 1, (worse, missed)


def test_clerks_library_is_compared_where_it_is_installed() -> None:
    """And is no goal elsewhere."""
    without = [one(cold=0.1, call=0.1, peak=0.4, modules=60)] * 2
    session = {"session_authorizer": {"cold": 0.4}, "clerk-backend-api": {"cold": 1.0}}
    with_it = [round_ | session for round_ in without]
    more = goals(Measured(with_it, without, without, {"GetItem": 1}))
    assert len(more) == len(goals(Measured(without, without, without, {"GetItem": 1}))) + 1
    assert more[-1].measured.middle == 0.4
