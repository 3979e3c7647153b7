"""`make bench`: measures, prints ratios and what became of each goal. Status 1 if one is missed."""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.measure import dynamodb, rounds
from bench.measure.stage import Stage
from bench.measure.subjects import AUTHORIZER, AUTHORIZERS, OTHERS, REFERENCE, Subject
from bench.report.goals import Measured
from bench.report.output import as_json, as_text
from bench.report.plot import draw

_CALLS = 60
_BARE_ROUNDS = 3


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=11, help="of cold starts; twice as many warm")
    parser.add_argument("--quick", action="store_true", help="5 rounds of the authorizers alone")
    parser.add_argument("--http", action="store_true", help="without TLS")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw them there, as SVG")
    given = parser.parse_args()
    subjects = [s for s in AUTHORIZERS + (() if given.quick else OTHERS) if s.is_there]
    number = 5 if given.quick else given.rounds
    measured = measure("http" if given.http else "https", subjects, number)
    report = as_json(measured, subjects)
    print("\n".join(as_text(report)))
    if given.json:
        given.json.write_text(json.dumps(report, indent=1) + "\n")
    if given.plot:
        given.plot.write_text(draw(report))
    missed = [goal for goal in report["goals"] if goal["outcome"] == "not met"]
    return any(not goal["stretch"] for goal in missed)


def measure(scheme: str, subjects: Sequence[Subject], number: int) -> Measured:
    """Everything, against a stub of its own."""
    with dynamodb.running() as store, tempfile.TemporaryDirectory() as folder:
        store.put_key()
        # Python compiles the libraries that it meets for the first time; of functions there is to
        # be no bytecode, so this is in a folder of its own.
        rounds.cold(Stage(Path(folder, "first"), store.url(scheme)), subjects, 1, may_compile=True)
        stage = Stage(Path(folder, "stage"), store.url(scheme))
        compared = [s for s in subjects if s.name in {REFERENCE, AUTHORIZER}]
        return Measured(
            cold=rounds.cold(stage, subjects, number),
            bare=rounds.cold(stage, compared, _BARE_ROUNDS, runtime=False),
            warm=rounds.warm(stage, [s for s in subjects if s in AUTHORIZERS], 2 * number, _CALLS),
            counts=_counts(stage, store),
        )


def _counts(stage: Stage, store: dynamodb.DynamoDB) -> dict[str, float]:
    """How often a request of the authorizer asks for each operation."""
    [authorizer] = [subject for subject in AUTHORIZERS if subject.name == AUTHORIZER]
    store.counts()
    rounds.warm(stage, [authorizer], 1, _CALLS)
    # Once at the start, once to get going, once measured.
    requests = 1 + 2 * _CALLS
    return {operation: count / requests for operation, count in store.counts().items()}


if __name__ == "__main__":
    sys.exit(main())
