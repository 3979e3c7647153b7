"""A run as text, and as what a file keeps of it."""

import os
import platform
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from bench.measure.subjects import REFERENCE, Subject
from bench.report.goals import Measured, goals, reference_milliseconds
from bench.report.ratios import middle, ratio

_PACKAGES = ("boto3", "aws-lambda-powertools", "pydantic", "awslambdaric", "clerk-backend-api")


def as_json(measured: Measured, subjects: Sequence[Subject]) -> dict[str, Any]:
    """Ratios to the reference, as [lower quartile, median, upper quartile]."""
    cold_is, warm_is = reference_milliseconds(measured)
    return {
        "machine": _machine(),
        "reference": {
            "name": REFERENCE,
            "coldMilliseconds": round(cold_is, 1),
            "warmMilliseconds": round(warm_is, 3),
        },
        "rounds": {"cold": len(measured.cold), "warm": len(measured.warm)},
        "subjects": [_of_subject(measured, subject) for subject in subjects],
        "counts": measured.counts,
        "goals": [goal.as_json() for goal in goals(measured)],
    }


def as_text(report: dict[str, Any]) -> Iterator[str]:
    """Lines for people."""
    machine, reference, rounds = report["machine"], report["reference"], report["rounds"]
    yield ", ".join(f"{name} {value}" for name, value in machine.items())
    yield (
        f"1.0 is {reference['name']}: {reference['coldMilliseconds']} ms to start and answer once, "
        f"{reference['warmMilliseconds']} ms a call, processor time, over TLS"
    )
    yield f"median [quartiles] of {rounds['cold']} rounds cold, {rounds['warm']} warm"
    yield ""
    yield f"{'':42} {'cold':>21} {'wall':>6} {'of it init':>10} {'warm':>21} modules  MiB"
    for subject in report["subjects"]:
        yield _row(subject)
    yield ""
    for goal in report["goals"]:
        low, median, high = goal["measured"]
        stretch = goal["stretch"] and goal["outcome"] != "met"
        outcome = "not met (stretch)" if stretch else goal["outcome"]
        spread = f" [{low:.3f}-{high:.3f}]" if low != high else ""
        yield f"{outcome:18} {goal['name']}: {median:.3g}{spread}, at most {goal['limit']:g}"


def _row(subject: dict[str, Any]) -> str:
    cold, warm = _spread(subject["cold"]), _spread(subject["warm"]) if "warm" in subject else ""
    return (
        f"{subject['title']:42} {cold:>21} {subject['wall'][1]:>6.2f} {subject['init']:>10.2f} "
        f"{warm:>21} {subject['modules']:>7} {subject['peakMebibytes']:>4.0f}"
    )


def _spread(ratio_: Sequence[float]) -> str:
    return "{1:.3f} [{0:.3f}-{2:.3f}]".format(*ratio_)


def _of_subject(measured: Measured, subject: Subject) -> dict[str, Any]:
    name = subject.name
    cold = ratio(measured.cold, "cold", name)
    found: dict[str, Any] = {
        "name": name,
        "title": subject.title,
        "cold": cold,
        "wall": ratio(measured.cold, "wall", name),
        "init": middle(measured.cold, "init", name) / middle(measured.cold, "cold", name),
        "modules": int(middle(measured.cold, "modules", name)),
        "peakMebibytes": middle(measured.cold, "peak", name) / 1024,
    }
    if name in measured.warm[0]:
        found["warm"] = ratio(measured.warm, "call", name)
    return found


def _machine() -> dict[str, str | int]:
    found: dict[str, str | int] = {
        "Python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count() or 0,
    }
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
