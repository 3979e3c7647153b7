"""Work in forks of this process, several at a time."""

import os
import signal
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, NoReturn

_BROKEN = 70


class Ended[T](NamedTuple):
    """A fork that is over."""

    task: T
    said: str
    """What the work returned; empty if it was killed."""
    signal: int
    """The signal that killed it, or 0."""
    seconds: float


class _Running[T](NamedTuple):
    task: T
    pipe: int
    started: float


def in_forks[T](tasks: Iterable[T], work: Callable[[T], str], *, jobs: int) -> Iterator[Ended[T]]:
    """Does the work of each task in a process of its own, `jobs` at a time; yields as they end."""
    running: dict[int, _Running[T]] = {}
    for task in tasks:
        if len(running) >= jobs:
            yield _next_ended(running)
        pid, pipe = _fork(task, work)
        running[pid] = _Running(task, pipe, time.monotonic())
    while running:
        yield _next_ended(running)


def _fork[T](task: T, work: Callable[[T], str]) -> tuple[int, int]:
    readable, writable = os.pipe()
    pid = os.fork()
    if pid == 0:
        _work(task, work, writable)
    os.close(writable)
    return pid, readable


def _work[T](task: T, work: Callable[[T], str], pipe: int) -> NoReturn:
    """Nothing of the parent's is cleaned up here: the process ends at once."""
    try:
        os.write(pipe, work(task).encode())
    except BaseException:  # noqa: BLE001 -- whatever it is, it is not the parent's
        os.write(2, traceback.format_exc().encode())
        os._exit(_BROKEN)
    os._exit(0)


def _next_ended[T](running: dict[int, _Running[T]]) -> Ended[T]:
    pid, status = os.wait()
    task, pipe, started = running.pop(pid)
    with os.fdopen(pipe) as left:
        said = left.read()
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise RuntimeError(f"the work on {task} broke off")
    killed_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    return Ended(task, said, killed_by, time.monotonic() - started)


def limit_seconds(seconds: float) -> None:
    """From now on: this process is killed after so much processor time, or where it waits long."""
    for kind in (signal.SIGPROF, signal.SIGALRM):
        signal.signal(kind, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, 30 + 10 * seconds)
