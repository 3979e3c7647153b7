"""What the runs of a whole suite leave for each other: how their tests ended, and what they saw.

`python -m tests` names a folder in the environment; every run of pytest that finds one there leaves
a file in it. With pytest-xdist, workers send what they saw to the controller, which writes it down.
"""

import json
import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple, Self

FOLDER = "SUITE_FOLDER"
"""The environment variable that names the folder."""
NAME = "SUITE_RUN"
"""The one that names the run."""
COVERAGE = "coverage"
"""The file in the folder to which each run adds what it has covered."""

# In pytest's order and words; what one run leaves out, another runs.
_COUNTED = ("failed", "passed", "skipped", "xfailed", "xpassed", "error")
_BAD = ("failed", "error", "xpassed")


class Run(NamedTuple):
    """One run of pytest."""

    name: str
    outcomes: dict[str, int]
    responses: list[tuple[str, str, int]]
    """Method, path template and status of each response that the product gave."""

    @property
    def failed(self) -> bool:
        """Whether some test did not pass."""
        return any(self.outcomes.get(outcome) for outcome in _BAD)

    def save(self, folder: Path) -> None:
        """Leaves it for the runs that follow."""
        (folder / f"{self.name}.json").write_text(json.dumps(self._asdict()))

    @classmethod
    def read(cls, file: Path) -> Self:
        """One that was left."""
        left = json.loads(file.read_text())
        return cls(left["name"], left["outcomes"], [tuple(seen) for seen in left["responses"]])


def folder() -> Path | None:
    """Where this run finds the others; None for a run of its own."""
    return Path(os.environ[FOLDER]) if FOLDER in os.environ else None


def run_name() -> str:
    """What this run is called."""
    return os.environ.get(NAME, "run")


def runs(of: Path) -> list[Run]:
    """Those that have ended."""
    return [Run.read(file) for file in sorted(of.glob("*.json"))]


def summary(ended: Iterable[Run], seconds: float) -> str:
    """One line over all of them, in pytest's form."""
    total = sum((Counter(run.outcomes) for run in ended), Counter[str]())
    shown = [
        f"{total[outcome]} {outcome}{'s' if outcome == 'error' and total[outcome] > 1 else ''}"
        for outcome in _COUNTED
        if total[outcome]
    ]
    hours, minutes = int(seconds) // 3600, int(seconds) // 60 % 60
    clock = f" ({hours}:{minutes:02}:{int(seconds) % 60:02})" if seconds >= 60 else ""
    return f" {', '.join(shown) or 'no tests ran'} in {seconds:.2f}s{clock} ".center(80, "=")
