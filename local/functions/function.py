"""Lambda functions, one child process each, which is replaced when its files change."""

import contextlib
import json
import os
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

from local.functions.function_process import MAX_PAYLOAD_BYTES, Child, NotAwaited
from local.functions.runtime import Definition

_WATCHED = (".py", ".json", ".yaml")

type Fingerprint = list[tuple[str, int, int]]


class TooLarge(Exception):
    """Lambda takes no event of this size."""


class Invoke(Protocol):
    """Runs a function on an event, as `Function.invoke` does."""

    def __call__(self, event: Mapping[str, Any], patience: float | None = None) -> Any:
        """What the handler returned; raises one of the three above where nothing came."""


class Function:
    """Runs one function. Safe to call from many threads; they wait for each other."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._left_alone: list[tuple[Child, threading.Thread]] = []
        self._fingerprint: Fingerprint = []

    def invoke(self, event: Mapping[str, Any], patience: float | None = None) -> Any:
        """What the handler returned for the event; FunctionFailed if it did not return.

        NotAwaited after `patience` seconds. As on Lambda the child then works on alone, to its end
        or until its time is up, and the next event finds another.
        """
        content = json.dumps(event, ensure_ascii=False).encode(errors="surrogatepass")
        if len(content) > MAX_PAYLOAD_BYTES:
            raise TooLarge
        with self._lock:
            child = self._current_child()
            try:
                return child.invoke(content, patience)
            except NotAwaited:
                self._child = None
                thread = threading.Thread(target=child.finish, daemon=True)
                thread.start()
                self._left_alone = [left for left in self._left_alone if left[1].is_alive()]
                self._left_alone.append((child, thread))
                raise

    def stop(self) -> None:
        """Ends the children, if there are any."""
        with self._lock:
            for left, thread in self._left_alone:
                left.kill()
                thread.join()
            if self._child is not None:
                self._child.stop()
            self._left_alone, self._child = [], None

    def _current_child(self) -> Child:
        fingerprint = _fingerprint(self.definition)
        if self._child is not None and (
            fingerprint != self._fingerprint or not self._child.is_alive()
        ):
            self._child.stop()
            self._child = None
        if self._child is None:
            self._fingerprint = fingerprint
            self._child = Child(self.definition)
        return self._child


def _fingerprint(definition: Definition) -> Fingerprint:
    """Changes whenever a file that the function is made of does."""
    return sorted(
        (str(file), status.st_mtime_ns, status.st_size)
        for folder in (definition.code, *definition.layers)
        for file, status in _files(folder)
    )


def _files(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    for root, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in names:
            if name.endswith(_WATCHED):
                file = Path(root, name)
                with contextlib.suppress(FileNotFoundError):
                    yield file, file.stat()
