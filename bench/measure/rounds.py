"""Measures subjects beside each other, in rounds, in an order that turns around each time.

A machine that is busy for a while is busy for all of a round, so figures are compared within a
round and never between rounds. Processor time counts; the clock on the wall is told beside it.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from bench.measure.stage import Stage
from bench.measure.subjects import Subject
from blueprint.paths import ROOT

type Round = dict[str, dict[str, float]]
"""Of each subject, by name, its figures."""


def cold(
    stage: Stage,
    subjects: Sequence[Subject],
    rounds: int,
    *,
    runtime: bool = True,
    may_compile: bool = False,
) -> list[Round]:
    """Fresh processes, with Lambda's runtime client in them or nothing at all.

    Nanoseconds of processor time until it has started (`init`), of the `first` call and of both
    (`cold`), `wall` for both on the clock; `modules` that were added; `peak` memory in KiB.
    """
    kind = "cold" if runtime else "bare"
    more = {"PYTHONDONTWRITEBYTECODE": ""} if may_compile else {}
    return [
        {subject.name: _start(stage, subject, kind, more) for subject in _order(subjects, number)}
        for number in range(rounds)
    ]


def warm(stage: Stage, subjects: Sequence[Subject], rounds: int, calls: int) -> list[Round]:
    """Processes that go on: nanoseconds of processor time a `call`, in batches of `calls`."""
    with ExitStack() as running:
        children = {s.name: running.enter_context(_running(stage, s)) for s in subjects}
        for child in children.values():
            _batch(child, calls)
        return [
            {s.name: {"call": _batch(children[s.name], calls)} for s in _order(subjects, number)}
            for number in range(rounds)
        ]


def _order(subjects: Sequence[Subject], number: int) -> Sequence[Subject]:
    return subjects if number % 2 else tuple(reversed(subjects))


def _start(stage: Stage, subject: Subject, kind: str, more: dict[str, str]) -> dict[str, float]:
    done = subprocess.run(  # noqa: S603 -- our own arguments
        [sys.executable, *stage.command(subject, kind)],
        cwd=ROOT,
        env=stage.environment(subject) | more,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ChildFailed(subject, done.stderr)
    return _checked(subject, json.loads(done.stdout))


@contextmanager
def _running(stage: Stage, subject: Subject) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(  # noqa: S603 -- our own arguments
        [sys.executable, *stage.command(subject, "warm")],
        cwd=ROOT,
        env=stage.environment(subject),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        _checked(subject, json.loads(_line(child)))
        yield child
        child.communicate()


def _batch(child: subprocess.Popen[str], calls: int) -> float:
    assert child.stdin is not None  # noqa: S101 -- it is a pipe
    print(calls, file=child.stdin, flush=True)
    return float(_line(child))


def _line(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None  # noqa: S101 -- it is a pipe
    return child.stdout.readline()


def _checked(subject: Subject, measured: dict[str, Any]) -> dict[str, float]:
    """The figures, if the answer was what it should be: a fast error would be no figure."""
    answer = measured.pop("answer")
    good = '"Allow"', "VALID", '"statusCode": 200', "user_demo"
    if answer is not True and not any(sign in json.dumps(answer) for sign in good):
        raise ChildFailed(subject, f"answered {answer}")
    return measured


class ChildFailed(Exception):
    """A function did not do what it is measured for."""

    def __init__(self, subject: Subject, output: str) -> None:
        super().__init__(f"{subject.name}: {output}")
