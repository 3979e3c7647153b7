"""What passes between the command and pytest, which runs in the copy: files of JSON."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple, Self

from tools.dev.mutants.mutant import Mutant, Result

OPTION = "--mutants-plan"
"""Pytest's option that names the plan."""
PROFILE = "mutants"
"""Hypothesis's profile, which the plugin registers."""


class Plan(NamedTuple):
    """What pytest is to do in the copy."""

    mutants: list[Mutant]
    jobs: int
    """How many mutants are tried at a time."""
    seconds: float
    """What the tests of other modules may cost a mutant, in processor time."""
    results: str
    """The file for the results."""

    def save(self, file: Path) -> None:
        """Writes it down for pytest."""
        file.write_text(json.dumps(self._asdict()))

    @classmethod
    def read(cls, file: Path) -> Self:
        """What the command wrote."""
        plain = json.loads(file.read_text())
        return cls(**plain | {"mutants": [Mutant(*mutant) for mutant in plain["mutants"]]})


def save_results(results: Iterable[Result], file: str | Path) -> None:
    """Writes results for people and programs: a list of objects."""
    plain = [result.mutant._asdict() | _without_mutant(result) for result in results]
    Path(file).write_text(json.dumps(plain, indent=1, ensure_ascii=False))


def read_results(file: Path) -> list[Result]:
    """What `save_results` wrote."""
    return [_result(plain) for plain in json.loads(file.read_text())]


def _without_mutant(result: Result) -> dict[str, Any]:
    plain = result._asdict()
    del plain["mutant"]
    return plain


def _result(plain: dict[str, Any]) -> Result:
    mutant = Mutant(*(plain.pop(name) for name in Mutant._fields))
    return Result(mutant=mutant, **plain)
