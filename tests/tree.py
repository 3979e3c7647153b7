"""A copy of the product's source, for tests that edit it."""

import shutil
from pathlib import Path

from tests.support import ROOT


def source_tree(to: Path) -> Path:
    """What the local run is made of, in another folder."""
    for name in ("functions", "layers", "local", "dashboard"):
        shutil.copytree(ROOT / name, to / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "template.yaml", to)
    return to
