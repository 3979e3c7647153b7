"""Lambda's part inside a child process: its paths, its environment, one event after another.

Standard library only, for every child imports this.
"""

import contextlib
import json
import os
import signal
import sys
import time
import traceback
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path

from blueprint.template.translation import function_arn


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


def serve(connection: Connection, definition: Definition) -> None:
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
                answer = json.dumps({"result": result}, ensure_ascii=False).encode(
                    errors="surrogatepass"
                )
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
