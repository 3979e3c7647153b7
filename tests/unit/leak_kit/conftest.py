import json
from collections.abc import Callable
from typing import Any

import pytest

from ac_scan.command import main
from agentcontainer.keys import token

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def key() -> str:
    """A key that nobody else has."""
    return token.mint()


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in this process: its exit status, standard output and standard error."""

    def run(*arguments: object) -> tuple[int, str, str]:
        status = main([str(argument) for argument in arguments])
        return status, *capsys.readouterr()

    return run


@pytest.fixture
def report(run: Run) -> Callable[..., dict[str, Any]]:
    """Runs it for its report in JSON."""

    def report(*arguments: object) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(run("--format=json", *arguments)[1])
        return value

    return report
