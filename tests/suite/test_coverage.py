import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from coverage import Coverage

from tests.support import suite

COUNTED = ("num_branches", "covered_branches", "num_statements", "covered_lines")
DEPLOYED = ("layers/", "functions/")
ENOUGH = 0.99
"""Of the branches of layer and functions, what a run of all tests has to take."""


def untaken(files: dict[str, Any]) -> Iterator[str]:
    """Each branch that no test takes, as `file:from -> to`; a negative line is the end."""
    for name, file in files.items():
        for begin, end in file["missing_branches"]:
            yield f"{name}:{begin} -> {end}"


@pytest.mark.whole
def test_the_suite_takes_the_branches_of_what_is_deployed(tmp_path: Path) -> None:
    """At least 99 % of them, and of the lines; those it does not take are named."""
    folder, report = suite.folder(), tmp_path / "coverage.json"
    assert folder is not None
    coverage = Coverage(data_file=str(folder / suite.COVERAGE))
    coverage.load()
    coverage.json_report(outfile=str(report))
    found = json.loads(report.read_text())
    files = {name: one for name, one in found["files"].items() if name.startswith(DEPLOYED)}
    missing = "\n".join(untaken(files))
    totals = {name: sum(one["summary"][name] for one in files.values()) for name in COUNTED}
    assert totals["num_branches"] > 0
    assert totals["covered_branches"] >= ENOUGH * totals["num_branches"], missing
    assert totals["covered_lines"] >= ENOUGH * totals["num_statements"], missing
    print(f"{totals['covered_branches']} of {totals['num_branches']} branches")
