"""Unit tests mirror the source and start no process."""

import multiprocessing.process
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from typing import NoReturn

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Generator[None]:
    """Fixtures of any scope start none either."""
    with _without_processes():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None]:
    """Where a test starts one, it fails."""
    with _without_processes():
        return (yield)


@contextmanager
def _without_processes() -> Generator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess.Popen, "__init__", _refuse)
        patch.setattr(multiprocessing.process.BaseProcess, "start", _refuse)
        yield


def _refuse(*_: object, **__: object) -> NoReturn:
    pytest.fail("a unit test started a process: it belongs into tests/integration")
