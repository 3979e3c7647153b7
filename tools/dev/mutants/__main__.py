"""Changes the layer in thousands of small ways, one at a time, and sees whether tests notice.

`python -m tools.dev.mutants [module ...]`, where a module is `keys`, `keys.token` and so on.
Everything happens in a copy; the results go to .mutants, which git ignores.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from blueprint.paths import ROOT
from tools.dev.mutants import report
from tools.dev.mutants.plan import Plan, read_results
from tools.dev.mutants.trial import plant, try_all
from tools.dev.source_copy import copy_source

PACKAGES = ("auth", "dynamodb.lean", "keys", "web")
"""What is worth the time: who may call, what is kept of keys, and what answers."""
RESULTS = ROOT / ".mutants"


def main() -> int:
    """0 once every mutant was tried, whatever became of it."""
    parser = argparse.ArgumentParser(prog="make mutants")
    parser.add_argument("modules", nargs="*", default=PACKAGES)
    parser.add_argument("--jobs", type=int, default=1, help="mutants at a time")
    parser.add_argument("--seconds", type=float, default=5, help="for other modules' tests of each")
    parser.add_argument("--tests", default="tests/unit", help="what is to kill them")
    parser.add_argument("--every", type=int, default=1, help="try every n-th mutant alone")
    arguments = parser.parse_args()
    RESULTS.mkdir(exist_ok=True)
    results = RESULTS / "results.json"
    with tempfile.TemporaryDirectory() as folder:
        copy_source(Path(folder))
        mutants = plant(Path(folder), arguments.modules)[:: arguments.every]
        plan = Plan(mutants, arguments.jobs, arguments.seconds, str(results))
        failed = try_all(Path(folder), plan, arguments.tests)
    if failed:
        return failed
    tried = read_results(results)
    (RESULTS / "survivors.txt").write_text(report.survivors(tried), encoding="utf-8")
    print(report.table(tried))
    print(f"What survived: {RESULTS.relative_to(ROOT)}/survivors.txt")
    return 0


if __name__ == "__main__":
    sys.exit(main())
