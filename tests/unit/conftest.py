"""Unit tests mirror the source and start no process."""

import multiprocessing.process
import subprocess
from collections.abc import Generator
from pathlib import Path
from typing import NoReturn

import pytest


def _refuse(*_: object, **__: object) -> NoReturn:
    pytest.fail("a unit test started a process: it belongs into tests/integration")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, bool, bool]:
    """Around a test and all of its fixtures: where one is started, it fails."""
    # pytest calls this for every test of a run, wherever it is.
    if not item.path.is_relative_to(Path(__file__).parent):
        return (yield)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess.Popen, "__init__", _refuse)
        patch.setattr(multiprocessing.process.BaseProcess, "start", _refuse)
        return (yield)
