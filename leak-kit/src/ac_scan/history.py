"""Scans what a git repository still has: every object, also of branches that are gone.

Nothing of the repository's own configuration is run, and nothing is fetched.
"""

import io
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, NamedTuple, cast

_QUIET = {
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C",
}
# Set where a hook of git runs this: another repository than the one that was named.
_ELSEWHERE = {
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_WORK_TREE",
}
_OBJECTS = ["cat-file", "--batch-all-objects", "--batch", "--buffer", "--unordered"]
# Every file and folder of every commit by its object, the oldest commit first.
_CHANGES = [
    *("log", "--all", "--reflog", "-m", "--root", "--topo-order", "--reverse", "--no-renames"),
    *("--no-ext-diff", "--no-textconv", "--no-show-signature"),
    *("--raw", "-t", "--no-abbrev", "-z", "--format=%x01%H %T"),
]


class HistoryError(Exception):
    """Why a history cannot be read."""


class GitObject(NamedTuple):
    """An object of git: a file's content, a folder's list, a commit or a tag."""

    id: str
    kind: str
    content: bytes

    @property
    def is_binary(self) -> bool:
        """Whether it has to be read though it holds zeros: a list of names does."""
        return self.kind == "tree"


def check(folder: str) -> None:
    """Raises HistoryError if `folder` is in no repository, or in one without its whole history."""
    done = subprocess.run(
        _git(folder, "rev-parse", "--is-shallow-repository"),
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise HistoryError(f"git cannot read {folder}: {done.stderr.strip()}")
    if done.stdout.strip() == "true":
        raise HistoryError(f"{folder} is a shallow clone: fetch all of it (git fetch --unshallow)")


def objects(folder: str) -> Iterator[GitObject]:
    """All that the store has, reachable or not; then HistoryError if git cannot read some."""
    unreadable = 0
    with _output(folder, *_OBJECTS) as output:
        while header := output.readline():
            name, kind, *size = header.decode().split()
            if size:
                yield GitObject(name, kind, output.read(int(size[0])))
                output.readline()
            else:
                unreadable += 1
    if unreadable:
        raise HistoryError(f"git cannot read {unreadable} objects of {folder}")


def origins(folder: str, names: set[str]) -> dict[str, tuple[str, str]]:
    """Commit and path with which each of these objects came in first, if a commit has it."""
    first: dict[str, tuple[str, str]] = {}
    if names:
        for commit, name, path in _changes(folder):
            if name in names:
                first.setdefault(name, (commit, path))
    return first


def _changes(folder: str) -> Iterator[tuple[str, str, str]]:
    commit = ""
    with _output(folder, *_CHANGES) as output:
        fields = iter(_split(output))
        for part in fields:
            if part.startswith(b"\1"):
                commit, tree = part[1:].decode().split()
                yield commit, tree, ""
            elif part.startswith(b":"):
                yield commit, part.split()[3].decode(), os.fsdecode(next(fields))


def _split(output: IO[bytes]) -> Iterator[bytes]:
    """The fields between zeros, without the line ends that git puts between some of them."""
    rest = b""
    while chunk := output.read(io.DEFAULT_BUFFER_SIZE):
        *whole, rest = (rest + chunk).split(b"\0")
        yield from (part.lstrip(b"\n") for part in whole)
    yield rest.lstrip(b"\n")


@contextmanager
def _output(folder: str, *arguments: str) -> Iterator[IO[bytes]]:
    """What git prints; HistoryError if it fails."""
    command = _git(folder, *arguments)
    with subprocess.Popen(command, env=_environment(), stdout=subprocess.PIPE) as git:
        yield cast("IO[bytes]", git.stdout)
    if git.returncode != 0:
        raise HistoryError(f"git {arguments[0]} failed in {folder}")


def _git(folder: str, *arguments: str) -> list[str]:
    return ["git", "-C", folder, *arguments]


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in _ELSEWHERE} | _QUIET
