"""A copy of the project that runs and tests itself, and nothing of the original."""

import subprocess
import sys
from pathlib import Path

from tests.support import suite
from tools.dev.source_copy import copy_source, environment


class SourceCopy:
    """Every file that git knows or would take, and the page's fetched scripts, in another folder.

    The interpreter's environment is the original's.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        copy_source(folder)
        self._check()

    @property
    def environment(self) -> dict[str, str]:
        """For a child: the copy's code comes before what the interpreter has installed.

        What tests of the copy see is no part of a suite that they are run by.
        """
        return {
            name: value for name, value in environment(self.folder).items() if name != suite.FOLDER
        }

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
