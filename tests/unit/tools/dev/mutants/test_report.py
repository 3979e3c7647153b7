from pathlib import Path

from tools.dev.mutants.mutant import Mutant, Result, Status
from tools.dev.mutants.plan import Plan, read_results, save_results
from tools.dev.mutants.report import survivors, table


def result(module: str, status: Status) -> Result:
    """One mutant's end."""
    mutant = Mutant("x_allows__mutmut_1", f"agentcontainer.{module}", "allows", "- a\n+ b")
    return Result(mutant, status, "", 3, 0.5)


RESULTS = [
    result("keys.token", "killed"),
    result("keys.token", "timeout"),
    result("keys.token", "survived"),
    result("auth.clerk", "unreached"),
    result("auth.clerk", "crashed"),
]


def test_each_module_has_a_row_and_all_have_one() -> None:
    """Endless loops and crashes count as killed."""
    rows = [line.split() for line in table(RESULTS).splitlines()]
    assert rows == [
        ["module", "mutants", "killed", "survived", "unreached", "killed"],
        ["auth.clerk", "2", "1", "0", "1", "50.0%"],
        ["keys.token", "3", "2", "1", "0", "66.7%"],
        ["all", "5", "3", "1", "1", "60.0%"],
    ]


def test_what_lives_is_shown_by_its_change() -> None:
    """Mutants that no test reaches among it."""
    assert survivors(RESULTS) == (
        "agentcontainer.auth.clerk allows: unreached\n- a\n+ b\n\n"
        "agentcontainer.keys.token allows: survived\n- a\n+ b"
    )


def test_results_are_kept(tmp_path: Path) -> None:
    """And read as they were written."""
    save_results(RESULTS, tmp_path / "results.json")
    assert read_results(tmp_path / "results.json") == RESULTS


def test_a_plan_is_kept(tmp_path: Path) -> None:
    """And read as it was written."""
    plan = Plan([RESULTS[0].mutant], 2, 1.5, "results.json")
    plan.save(tmp_path / "plan.json")
    assert Plan.read(tmp_path / "plan.json") == plan
