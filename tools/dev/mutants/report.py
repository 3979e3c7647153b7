"""What a run of all mutants says: a table of modules, and the mutants that no test kills."""

from collections import Counter
from collections.abc import Iterable

from tools.dev.mutants.mutant import KILLED, Result

_COLUMNS = ("mutants", "killed", "survived", "unreached")


def table(results: Iterable[Result]) -> str:
    """How many mutants of each module, and of all, were killed, survived or were never reached."""
    counts: dict[str, Counter[str]] = {}
    for result in results:
        for row in (result.mutant.module.removeprefix("agentcontainer."), "all"):
            status = "killed" if result.status in KILLED else result.status
            counts.setdefault(row, Counter()).update(["mutants", status])
    total = counts.pop("all", Counter())
    rows = [*sorted(counts.items()), ("all", total)]
    head = f"{'module':<28}" + "".join(f"{column:>11}" for column in _COLUMNS) + f"{'killed':>9}"
    return "\n".join([head, *(_row(name, counted) for name, counted in rows)])


def survivors(results: Iterable[Result]) -> str:
    """Every mutant that lives, by module and function, as the lines that it changes."""
    shown = [_shown(result) for result in results if result.status not in KILLED]
    return "\n\n".join(sorted(shown))


def _row(name: str, counted: Counter[str]) -> str:
    numbers = "".join(f"{counted[column]:>11}" for column in _COLUMNS)
    return f"{name:<28}{numbers}{counted['killed'] / max(counted['mutants'], 1):>9.1%}"


def _shown(result: Result) -> str:
    mutant = result.mutant
    return f"{mutant.module} {mutant.function}: {result.status}\n{mutant.change}"
