from bench.measure.rounds import Round
from bench.report.ratios import Ratio, middle, ratio, spread

ROUNDS: list[Round] = [
    {"boto3": {"cold": 100}, "authorizer": {"cold": 10}},
    # Twice as busy: both take twice as long, and the ratio is the same.
    {"boto3": {"cold": 200}, "authorizer": {"cold": 20}},
    {"boto3": {"cold": 100}, "authorizer": {"cold": 30}},
]


def test_a_ratio_is_taken_within_each_round() -> None:
    """A machine that is busy for a round makes no difference."""
    assert ratio(ROUNDS, "cold", "authorizer") == Ratio(0.1, 0.1, 0.2)
    assert ratio(ROUNDS, "cold", "boto3", to="authorizer").middle == 10


def test_a_median_stands_between_its_quartiles() -> None:
    """Of many values, and of two."""
    assert spread([5, 1, 3, 2, 4]) == Ratio(2, 3, 4)
    assert spread([7, 7]) == Ratio(7, 7, 7)
    assert middle(ROUNDS, "cold", "authorizer") == 20


def test_it_reads_as_people_write_it() -> None:
    """The median first."""
    assert str(Ratio(0.1, 0.15, 0.2)) == "0.150 [0.100-0.200]"
