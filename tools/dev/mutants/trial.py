"""Puts mutants into a copy of the source and has pytest try them there."""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tools.dev.mutants.mutant import Mutant
from tools.dev.mutants.mutate import mutate
from tools.dev.mutants.plan import OPTION, PROFILE, Plan
from tools.dev.source_copy import environment

_LAYER = Path("layers/core")
_PYTEST = ("-m", "pytest", "-q", "-p", "tools.dev.mutants.plugin", "--capture=sys")
_MARKS = "not prove and not alone"


def plant(tree: Path, names: Iterable[str]) -> list[Mutant]:
    """Puts all mutants of the named modules and packages into a copy."""
    return [mutant for file in _files(tree, names) for mutant in _plant_in(tree / _LAYER, file)]


def try_all(tree: Path, plan: Plan, tests: str) -> int:
    """Has pytest try each in the copy; its exit status."""
    file = tree / "plan.json"
    plan.save(file)
    command = [sys.executable, *_PYTEST, "-m", _MARKS, OPTION, str(file), *tests.split()]
    profile = {"HYPOTHESIS_PROFILE": PROFILE}
    done = subprocess.run(  # noqa: S603 -- our own arguments
        command, cwd=tree, env=environment(tree) | profile, check=False
    )
    return done.returncode


def _files(tree: Path, names: Iterable[str]) -> list[Path]:
    root = tree / _LAYER / "agentcontainer"
    found: set[Path] = set()
    for name in names:
        path = root / name.replace(".", "/")
        files = list(path.glob("*.py")) if path.is_dir() else [path.with_suffix(".py")]
        found |= {file for file in files if file.name != "__init__.py"}
    return sorted(found)


def _plant_in(layer: Path, file: Path) -> list[Mutant]:
    module = ".".join(file.relative_to(layer).with_suffix("").parts)
    mutated = mutate(module, file.read_text(encoding="utf-8"))
    file.write_text(mutated.code, encoding="utf-8")
    return mutated.mutants
