"""A built function under Lambda's own runtime: the Runtime Interface Emulator and `awslambdaric`.

The emulator ships inside the aws-sam-cli wheel, the runtime client is what Lambda's Python images
run. Python sees what it would see there and nothing else: the function's folder, its layers, what
the runtime brings. Standard library only, for SAM CLI's environment imports this too.

One process a function and one event at a time: two at once crash the emulator
(aws/aws-lambda-runtime-interface-emulator, issue 97).
"""

import contextlib
import json
import os
import platform
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Self
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from blueprint.paths import ROOT
from tests.support.ports import free_port

PYTHON = ROOT / ".venv-sam/bin/python"
PACKAGES = ROOT / ".venv-sam/lib/python3.13/site-packages"
EMULATOR = (
    PACKAGES
    / "samcli/local/rapid"
    / (
        "aws-lambda-rie-arm64"
        if platform.machine() in {"arm64", "aarch64"}
        else "aws-lambda-rie-x86_64"
    )
)
# The runtime client and what it needs, then the libraries that Lambda's Python brings.
_RUNTIME = ("awslambdaric", "runtime_client.*", "simplejson", "snapshot_restore_py.py")
_BROUGHT = ("boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six.py", "urllib3")
# Lambda starts a function's time after its initialisation; the emulator counts it in.
_TIMEOUT_SECONDS = 60
_START_SECONDS = 20


def can_run() -> bool:
    """Whether this machine can: the emulator is a Linux binary."""
    return sys.platform == "linux" and EMULATOR.exists()


def runtime_folder(folder: Path) -> Path:
    """A folder with what Lambda's Python has beside the standard library, as links."""
    folder.mkdir(parents=True, exist_ok=True)
    for pattern in (*_RUNTIME, *_BROUGHT):
        for package in PACKAGES.glob(pattern):
            link = folder / package.name
            if not link.exists():
                link.symlink_to(package)
    return folder


class Runtime:
    """One function. `layers` are folders that hold a `python` folder, as in a layer's archive."""

    def __init__(
        self,
        handler: str,
        code: Path,
        layers: Iterable[Path],
        environment: Mapping[str, str],
        runtime: Path,
    ) -> None:
        self._lock = threading.Lock()
        self._port = free_port()
        path = os.pathsep.join([*(str(layer / "python") for layer in layers), str(runtime)])
        addresses = {
            "--runtime-interface-emulator-address": f"127.0.0.1:{self._port}",
            "--runtime-api-address": f"127.0.0.1:{free_port()}",
        }
        options = [word for option in addresses.items() for word in option]
        # Without site, Python knows no virtual environment: what a layer lacks is not found.
        python = [str(PYTHON), "-S", "-B", "-m", "awslambdaric", handler]
        self._process = subprocess.Popen(
            [str(EMULATOR), "--log-level", "error", *options, *python],
            cwd=code,
            env={
                **environment,
                "AWS_LAMBDA_FUNCTION_TIMEOUT": str(_TIMEOUT_SECONDS),
                "LAMBDA_TASK_ROOT": str(code),
                "PYTHONPATH": path,
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _until_it_listens(self._port)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def invoke(self, event: Mapping[str, Any]) -> Any:
        """What the runtime gave back: the handler's result, or its error as `errorMessage`."""
        address = f"http://127.0.0.1:{self._port}/2015-03-31/functions/function/invocations"
        request = Request(address, json.dumps(event).encode(), method="POST")
        with self._lock:
            try:
                with urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310 -- ours
                    return json.loads(answer.read())
            except HTTPError as failed:
                # A function that could not be started.
                return json.loads(failed.read())

    def stop(self) -> None:
        """Ends the emulator, which ends its child."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _until_it_listens(port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
    raise TimeoutError(f"the emulator does not listen on port {port}")
