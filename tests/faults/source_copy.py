"""A copy of the project that runs and tests itself, and nothing of the original."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from blueprint.page.files import VENDORED
from blueprint.paths import ROOT
from tests.support import suite

_PATHS = (".", "layers/core", "leak-kit/src")


class SourceCopy:
    """Every file that git knows or would take, and the page's fetched scripts, in another folder.

    The interpreter's environment is the original's.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
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
        self._check()

    @property
    def environment(self) -> dict[str, str]:
        """For a child: the copy's code comes before what the interpreter has installed.

        What tests of the copy see is no part of a suite that they are run by.
        """
        path = os.pathsep.join(str(self.folder / part) for part in _PATHS)
        own = {name: value for name, value in os.environ.items() if name != suite.FOLDER}
        return own | {"PYTHONPATH": path}

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs Python in the copy."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def pytest(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs tests of the copy."""
        return self.python("-m", "pytest", "-q", "-x", "-m", "", *arguments)

    def _check(self) -> None:
        """The environment has a path to its own checkout, which would be tested in our place."""
        done = self.python("-c", "import agentcontainer; print(agentcontainer.__path__[0])")
        found = Path(done.stdout.strip())
        assert found.is_relative_to(self.folder), f"the copy would import {found}: {done.stderr}"
