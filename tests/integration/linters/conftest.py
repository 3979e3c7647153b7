"""The linters that npm has: fetched at the first use, for nothing else needs them."""

import os

import pytest

from tests.integration.linters.linting import install, missing

_NOT_RUN = "NO LINTER OF THE DOCUMENTS WAS RUN: {} (install Node and npm)"


@pytest.fixture(scope="package")
def linters() -> None:
    """They are there. A builder has npm; elsewhere its absence is said loudly."""
    why = missing()
    if why is None:
        install()
    elif os.environ.get("CI"):
        pytest.fail(_NOT_RUN.format(why))
    else:
        pytest.skip(_NOT_RUN.format(why))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says once more, below everything, what was not tested."""
    if why := missing():
        terminalreporter.section("linters", sep="!", red=True, bold=True)
        terminalreporter.line(_NOT_RUN.format(why), red=True)
