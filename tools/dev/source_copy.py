"""A copy of the source in another folder, which imports itself and nothing of the original."""

import os
import shutil
import subprocess
from pathlib import Path

from blueprint.page.files import VENDORED
from blueprint.paths import ROOT

_PATHS = (".", "layers/core", "leak-kit/src")


def copy_source(folder: Path) -> None:
    """Copies every file that git knows or would take, and the page's fetched scripts."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    if VENDORED.exists():
        shutil.copytree(VENDORED, folder / VENDORED.relative_to(ROOT))


def environment(folder: Path) -> dict[str, str]:
    """For a child: the copy's code comes before what the interpreter has installed."""
    return os.environ | {"PYTHONPATH": os.pathsep.join(str(folder / path) for path in _PATHS)}
