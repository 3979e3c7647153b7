"""The handle of a child process that runs one function.

A child is forked from a server that has imported the third-party libraries and none of our code,
so a start costs a fraction of a fresh interpreter's. It gets the template's environment and nothing
of ours, sees the paths that Lambda would give it, and is killed when its time is up.
"""

import contextlib
import json
import multiprocessing
import time
from typing import TYPE_CHECKING, Any

from local.functions.runtime import Definition, serve

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

MAX_PAYLOAD_BYTES = 6_291_556
"""Of an event and of an answer, as Lambda's own runtime emulator counts."""

_START_SECONDS = 30

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(list(PRELOADED))


class FunctionFailed(Exception):
    """The function raised, did not answer in time, or did not answer JSON."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotAwaited(Exception):
    """The caller's patience was over before the function's time was; it goes on by itself."""


class Child:
    """One process, one event at a time. Not safe to call from several threads."""

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._connection, theirs = _processes.Pipe()
        self._process: ForkServerProcess = _processes.Process(
            target=serve, args=(theirs, definition), daemon=True
        )
        self._process.start()
        theirs.close()
        self._started = False

    def is_alive(self) -> bool:
        """Whether the process is there."""
        return self._process.is_alive()

    def invoke(self, event: bytes, patience: float | None) -> Any:
        """What the handler returned; the process is gone after a FunctionFailed that is its own."""
        timeout = self._definition.timeout_seconds
        try:
            if not self._started:
                self._finish_start()
            self._connection.send_bytes(event)
            self._until = time.monotonic() + timeout
            if patience is not None and patience < timeout and not self._connection.poll(patience):
                raise NotAwaited
            return self._receive(timeout)
        except (EOFError, OSError):
            self.stop()
            raise FunctionFailed("the process ended before it answered") from None

    def finish(self) -> None:
        """Lets it do what it does for as long as it may; nobody waits for the answer."""
        with contextlib.suppress(EOFError, OSError):
            self._connection.poll(max(0, self._until - time.monotonic()))
        self.stop()

    def _finish_start(self) -> None:
        """As on Lambda, initialising has a time of its own, and a failure ends the process."""
        try:
            self._receive(_START_SECONDS)
        except FunctionFailed:
            self.stop()
            raise
        self._started = True

    def kill(self) -> None:
        """Ends the process, and waits for nothing."""
        self._process.kill()

    def stop(self) -> None:
        """Ends the process."""
        self.kill()
        self._process.join()
        self._connection.close()

    def _receive(self, timeout: float) -> Any:
        if not self._connection.poll(timeout):
            self.stop()
            raise FunctionFailed(f"Task timed out after {timeout:.2f} seconds")
        content = self._connection.recv_bytes()
        if len(content) > MAX_PAYLOAD_BYTES:
            raise FunctionFailed(f"Response payload size exceeded {MAX_PAYLOAD_BYTES} bytes")
        answer = json.loads(content)
        if "failed" in answer:
            raise FunctionFailed(answer["failed"])
        return answer["result"]
