"""Lambda functions as child processes: one each, one request at a time.

A child is forked from a server that has imported the third-party libraries and none of our code,
so a start costs a fraction of a fresh interpreter's. It gets the template's environment and nothing
of ours, sees the paths that Lambda would give it, is replaced when its files change, and is killed
when its time is up. Standard library only, for every child imports this.
"""

import contextlib
import json
import multiprocessing
import os
import signal
import sys
import threading
import time
import traceback
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local.template import function_arn

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerProcess

PRELOADED = (
    "aws_lambda_powertools.event_handler.openapi.params",
    "aws_lambda_powertools.event_handler.middlewares.openapi_validation",
    "boto3",
    "botocore.httpsession",
    "jwt",
    "cryptography.hazmat.primitives.asymmetric.rsa",
    "pydantic",
)
"""Third-party modules that the fork server imports once for all children."""

_START_SECONDS = 30
_WATCHED = (".py", ".json", ".yaml")

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(list(PRELOADED))


class FunctionFailed(Exception):
    """The function raised, did not answer in time, or did not answer JSON."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Definition:
    """A function as the template has it, with folders of this machine."""

    name: str
    code: Path
    layers: tuple[Path, ...]
    handler: str
    environment: Mapping[str, str]
    timeout_seconds: float
    memory_megabytes: int
    log: Path

    def fingerprint(self) -> list[tuple[str, int, int]]:
        """Changes whenever a file that the function is made of does."""
        return sorted(
            (str(file), status.st_mtime_ns, status.st_size)
            for folder in (self.code, *self.layers)
            for file, status in _files(folder)
        )


class Function:
    """Runs one function. Safe to call from many threads; they wait for each other."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self._lock = threading.Lock()
        self._child: _Child | None = None
        self._fingerprint: list[tuple[str, int, int]] = []

    def invoke(self, event: Mapping[str, Any]) -> Any:
        """What the handler returned for the event; FunctionFailed if it did not return."""
        with self._lock:
            return self._current_child().invoke(json.dumps(event))

    def stop(self) -> None:
        """Ends the child, if there is one."""
        with self._lock:
            if self._child is not None:
                self._child.stop()
                self._child = None

    def _current_child(self) -> "_Child":
        fingerprint = self.definition.fingerprint()
        if self._child is not None and (
            fingerprint != self._fingerprint or not self._child.is_alive()
        ):
            self._child.stop()
            self._child = None
        if self._child is None:
            self._fingerprint = fingerprint
            self._child = _Child(self.definition)
        return self._child


class _Child:
    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._connection, theirs = _processes.Pipe()
        self._process: ForkServerProcess = _processes.Process(
            target=_serve, args=(theirs, definition), daemon=True
        )
        self._process.start()
        theirs.close()
        self._started = False

    def is_alive(self) -> bool:
        return self._process.is_alive()

    def invoke(self, event: str) -> Any:
        try:
            if not self._started:
                self._finish_start()
            self._connection.send_bytes(event.encode())
            return self._receive(self._definition.timeout_seconds)
        except (EOFError, OSError):
            self.stop()
            raise FunctionFailed("the process ended before it answered") from None

    def _finish_start(self) -> None:
        """As on Lambda, initialising has a time of its own, and a failure ends the process."""
        try:
            self._receive(_START_SECONDS)
        except FunctionFailed:
            self.stop()
            raise
        self._started = True

    def stop(self) -> None:
        self._process.kill()
        self._process.join()
        self._connection.close()

    def _receive(self, timeout: float) -> Any:
        if not self._connection.poll(timeout):
            self.stop()
            raise FunctionFailed(f"Task timed out after {timeout:.2f} seconds")
        answer = json.loads(self._connection.recv_bytes())
        if "failed" in answer:
            raise FunctionFailed(answer["failed"])
        return answer["result"]


class _Context:
    """Lambda's context object, as far as handlers use it."""

    def __init__(self, definition: Definition) -> None:
        self.function_name = definition.name
        self.function_version = "$LATEST"
        self.memory_limit_in_mb = str(definition.memory_megabytes)
        self.invoked_function_arn = f"{function_arn(definition.name)}:live"
        self.aws_request_id = str(uuid.uuid4())
        self.log_group_name = f"/aws/lambda/{definition.name}"
        self.log_stream_name = "local"
        self._ends = time.monotonic() + definition.timeout_seconds

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the process is killed."""
        return max(0, round((self._ends - time.monotonic()) * 1000))


def _serve(connection: Connection, definition: Definition) -> None:
    """The child's life: initialise, then one event after the other until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _become_lambda(definition)
    with contextlib.suppress(EOFError, OSError):
        try:
            module, _, name = definition.handler.rpartition(".")
            handler = getattr(import_module(module), name)
        except BaseException as fault:  # noqa: BLE001 -- reported, as Lambda does
            connection.send_bytes(_failed(fault))
            return
        connection.send_bytes(b'{"result": null}')
        while True:
            event = json.loads(connection.recv_bytes())
            try:
                result = handler(event, _Context(definition))
                answer = json.dumps({"result": result}).encode()
            except Exception as fault:  # noqa: BLE001 -- reported, as Lambda does
                answer = _failed(fault)
            connection.send_bytes(answer)


def _become_lambda(definition: Definition) -> None:
    log = os.open(definition.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    sys.stdout = os.fdopen(1, "w", buffering=1, encoding="utf-8")
    sys.stderr = os.fdopen(2, "w", buffering=1, encoding="utf-8")
    os.environ.clear()
    os.environ.update(definition.environment)
    time.tzset()
    os.chdir(definition.code)
    # Bytecode would outlive an edit that keeps a file's size within the same second.
    sys.dont_write_bytecode = True
    packages = [path for path in sys.path if path.endswith("site-packages")]
    library = [
        path for path in sys.path if path.startswith(sys.base_prefix) and path not in packages
    ]
    sys.path[:] = [str(definition.code), *map(str, definition.layers), *packages, *library]


def _failed(fault: BaseException) -> bytes:
    traceback.print_exception(fault)
    return json.dumps({"failed": str(fault) or type(fault).__name__}).encode()


def _files(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    for root, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in names:
            if name.endswith(_WATCHED):
                file = Path(root, name)
                with contextlib.suppress(FileNotFoundError):
                    yield file, file.stat()
