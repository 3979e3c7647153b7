"""The whole suite, as `make test` runs it: `python -m tests [--prove]`.

Three runs of pytest: on all cores; then, with the machine to itself, what judges time; last what
judges the suite as a whole, from what the others saw. One line in pytest's form adds them up.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.support import suite

_RUNS = {
    "parallel": ("not alone and not whole", ["-n", "logical", "--dist", "loadfile"]),
    "alone": ("alone and not whole", []),
    "whole": ("whole", ["tests/suite"]),
}
_COVERED = ["--cov", "--cov-append", "--cov-report="]
_NOTHING_COLLECTED = 5


def main() -> int:
    """0 if every run passed; each is run, whatever became of the one before."""
    prove = "--prove" in sys.argv[1:]
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        failed = [not _passes(name, prove=prove, folder=Path(folder)) for name in _RUNS]
        runs = suite.runs(Path(folder))
    print(suite.summary(runs, time.monotonic() - started))
    return int(any(failed))


def _passes(name: str, *, prove: bool, folder: Path) -> bool:
    marks, options = _RUNS[name]
    if not prove:
        marks = f"{marks} and not prove"
    environment = os.environ | {
        suite.FOLDER: str(folder),
        "COVERAGE_FILE": str(folder / suite.COVERAGE),
        "HYPOTHESIS_PROFILE": "prove" if prove else "test",
    }
    covered = [] if name == "whole" else _COVERED
    command = [sys.executable, "-m", "pytest", "-m", marks, *options, *covered]
    done = subprocess.run(command, env=environment | {suite.NAME: name}, check=False)
    return done.returncode in {0, _NOTHING_COLLECTED}


if __name__ == "__main__":
    sys.exit(main())
