"""Tries the mutants, as a plugin of pytest in the copy.

All tests run once, to see which functions each of them reaches and what it costs. Then every mutant
is a fork of this process, with all modules loaded and all tests collected: it runs the tests that
reach its function, those of the mirrored file first, until one fails. Times are the processor's, so
that they are the same on a busy machine.
"""

import functools
import gc
import inspect
import signal
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state

import agentcontainer
from tools.dev.mutants.forks import Ended, in_forks, limit_seconds
from tools.dev.mutants.mutant import Mutant, Result, Status
from tools.dev.mutants.plan import OPTION, PROFILE, Plan, save_results
from tools.dev.mutants.selection import Selection

_NO_MUTANT = ""
_SEE_WHAT_IS_REACHED = "stats"
_SAVED_EVERY = 20
_LEFT_OUT = 10
"""Of more tests than these it is not themselves that is wrong."""

# The same examples for every mutant, and a failure is enough: nobody needs the smallest one.
hypothesis.settings.register_profile(
    PROFILE,
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The plan's file."""
    parser.addoption(OPTION, type=Path, required=True)


def pytest_configure(config: pytest.Config) -> None:
    """Refuses to test anything but the copy."""
    [folder] = agentcontainer.__path__
    if not Path(folder).is_relative_to(config.rootpath):
        raise pytest.UsageError(f"the copy would test {folder}")
    config.pluginmanager.register(_Trial(config, Plan.read(config.getoption(OPTION))))


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any],
) -> Generator[None, Any, Any]:
    """A fixture of the session that has nothing to tear down is a value, which forks inherit."""
    value = yield
    is_generator = inspect.isgeneratorfunction(fixturedef.func)
    if fixturedef.scope == "session" and not is_generator and "request" not in fixturedef.argnames:
        fixturedef.func = lambda **_: value  # type: ignore[misc]
    return value


class _Trial:
    """One run of all mutants of a plan."""

    def __init__(self, config: pytest.Config, plan: Plan) -> None:
        self._config = config
        self._plan = plan
        self._selection = Selection(plan.seconds)
        self._failed: list[str] = []
        self._caches: list[Any] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Which tests fail."""
        if report.failed:
            self._failed.append(report.nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Takes the place of pytest's own loop."""
        if session.testsfailed:
            raise session.Interrupted("tests could not be collected")
        self._caches = _caches()
        self._measure(session.items)
        # What a fork does not touch it shares with this process.
        gc.collect()
        gc.freeze()
        self._check_fork()
        self._try_all()
        return True

    def _measure(self, items: list[pytest.Item]) -> None:
        """Runs every test without a mutant, to see what it reaches and costs."""
        set_mutant_under_test(_SEE_WHAT_IS_REACHED)
        started = time.process_time()
        for item in self._run(items):
            reached = state()._stats  # noqa: SLF001 -- where the trampolines leave it
            self._selection.add(item, reached, time.process_time() - started)
            reached.clear()
            started = time.process_time()
        set_mutant_under_test(_NO_MUTANT)
        if self._failed:
            raise pytest.UsageError(f"without a mutant fail: {', '.join(self._failed)}")

    def _check_fork(self) -> None:
        """In a fork, and file by file as in a trial, tests pass that any trial runs.

        A few that change what others share pass once a process alone. They are left out, by name.
        """
        used = self._selection.all(self._plan.mutants)
        for ended in in_forks([used], self._all_failed, jobs=1):
            failed = ended.said.splitlines()
            if ended.signal or len(failed) > _LEFT_OUT:
                raise pytest.UsageError(f"in a fork without a mutant fail: {', '.join(failed)}")
            self._selection.remove(failed)
            for name in failed:
                self._reporter.write_line(f"Left out, for it passes only once: {name}")

    def _try_all(self) -> None:
        results: list[Result] = []
        for result in self._results():
            results.append(result)
            if len(results) % _SAVED_EVERY == 0 or len(results) == len(self._plan.mutants):
                save_results(results, self._plan.results)
                self._reporter.write_line(f"{len(results)} of {len(self._plan.mutants)} mutants")

    def _results(self) -> Iterator[Result]:
        reached: list[Mutant] = []
        for mutant in self._plan.mutants:
            if self._selection.tests(mutant):
                reached.append(mutant)
            else:
                yield Result(mutant, "unreached", "", 0, 0.0)
        for ended in in_forks(reached, self._killer, jobs=self._plan.jobs):
            tests = len(self._selection.tests(ended.task))
            yield Result(ended.task, _status(ended), ended.said, tests, round(ended.seconds, 2))

    def _killer(self, mutant: Mutant) -> str:
        """In a fork: the first test that fails with the mutant."""
        set_mutant_under_test(mutant.name)
        return self._first_failed(self._selection.tests(mutant))

    @property
    def _reporter(self) -> Any:
        return self._config.pluginmanager.getplugin("terminalreporter")

    def _all_failed(self, items: list[pytest.Item]) -> str:
        self._config.pluginmanager.unregister(name="terminalreporter")
        failed = self._failed
        for _ in self._run(items, limited=True):
            if len(failed) > _LEFT_OUT:
                break
        return "\n".join(failed)

    def _first_failed(self, items: list[pytest.Item]) -> str:
        self._config.pluginmanager.unregister(name="terminalreporter")
        self._failed.clear()
        for _ in self._run(items, limited=True):
            if self._failed:
                return self._failed[0]
        return ""

    def _run(self, items: list[pytest.Item], *, limited: bool = False) -> Iterator[pytest.Item]:
        for item, following in zip(items, [*items[1:], None], strict=True):
            for cache in self._caches:
                cache.cache_clear()
            if limited:
                limit_seconds(1 + 10 * self._selection.cost(item))
            item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
            yield item


def _caches() -> list[Any]:
    """What functions of ours remember: else a fork would know it from before the mutant."""
    return [
        found
        for found in gc.get_objects()
        if isinstance(found, functools._lru_cache_wrapper)  # noqa: SLF001
        and found.__module__.partition(".")[0] in {"agentcontainer", "functions"}
    ]


def _status(ended: Ended[Mutant]) -> Status:
    match ended.signal:
        case 0:
            return "killed" if ended.said else "survived"
        case signal.SIGPROF | signal.SIGALRM:
            return "timeout"
        case _:
            return "crashed"
