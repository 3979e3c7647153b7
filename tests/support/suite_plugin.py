"""The part of pytest's plugin that `tests/support/suite.py` is the other half of."""

from collections.abc import Iterable
from typing import Any

import pytest

from tests.support import suite
from tests.support.response_coverage import Answer, recorder


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What judges the suite as a whole runs within it alone; the others are watched there."""
    if suite.folder() is not None:
        recorder.watch_handlers()
        return
    judges = [item for item in items if item.get_closest_marker("whole")]
    items[:] = [item for item in items if item not in judges]
    config.hook.pytest_deselected(items=judges)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker sends what it saw."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["responses"] = _plain(recorder.everything())


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """The controller takes it in; a worker that crashed has sent nothing, and is an error."""
    for seen in getattr(node, "workeroutput", {}).get("responses", ()):
        recorder.saw(*Answer(*seen))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The run leaves what the next ones need."""
    folder = suite.folder()
    if folder is not None:
        outcomes = {name: len(found) for name, found in terminalreporter.stats.items() if name}
        seen = _plain(recorder.everything())
        suite.Run(suite.run_name(), outcomes, seen).save(folder)


def _plain(seen: Iterable[Answer]) -> list[tuple[str, str, int]]:
    """What crosses the line between processes: a status is no HTTPStatus there."""
    return sorted((method, path, int(status)) for method, path, status in seen)
