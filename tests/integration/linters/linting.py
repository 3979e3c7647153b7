"""Runs the linters that npm has, offline."""

import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.support.locks import locked

HERE = Path(__file__).parent
_MODULES = HERE / "node_modules"
_OLDEST_NODE = 20


def missing() -> str | None:
    """Why no linter can run here, or None."""
    if not (shutil.which("npm") and shutil.which("node")):
        return "there is no npm"
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
    major = re.match(r"v(\d+)", node.stdout)
    if not major or int(major[1]) < _OLDEST_NODE:
        return f"Node {node.stdout.strip()} is older than {_OLDEST_NODE}"
    return None


def install() -> None:
    """The pinned versions, with their hashes, unless they are there."""
    pinned = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    installed = _MODULES / "installed.txt"
    with locked(HERE):
        if not installed.exists() or installed.read_text() != pinned:
            subprocess.run(["npm", "ci", "--silent"], cwd=HERE, check=True)
            installed.write_text(pinned)


def spectral(*documents: Path) -> list[str]:
    """What Spectral's rules for OpenAPI find, down to hints."""
    command = ("spectral", "lint", "--quiet", "--format=json", "--ruleset=spectral.yaml")
    found = _lint(*command, *documents)
    return [f"{one['code']}: {one['message']} at {one['path']}" for one in found]


def redocly(*documents: Path) -> list[str]:
    """What Redocly's recommended rules find, warnings too."""
    command = ("redocly", "lint", "--format=json", "--config=redocly.yaml")
    # One at a time, for it would print as many JSON texts.
    found = [one for document in documents for one in _lint(*command, document)["problems"]]
    return [f"{one['ruleId']}: {one['message']} at {one['location']}" for one in found]


def connections(*command: str | Path) -> str:
    """What a command of Node tries to connect to."""
    return _run(command)[1]


def _lint(name: str, *arguments: str | Path) -> Any:
    output, connected = _run([_MODULES / ".bin" / name, *arguments])
    assert not connected, f"{name} is not to ask anybody: {connected}"
    return json.loads(output)


def _run(command: Any) -> tuple[str, str]:
    record = _MODULES / f"connections-{os.getpid()}.txt"
    record.write_text("")
    environment = {
        "PATH": os.environ["PATH"],
        "CONNECTIONS": str(record),
        "NODE_OPTIONS": f"--require={HERE / 'offline.cjs'}",
        "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true",
        "REDOCLY_TELEMETRY": "off",
    }
    done = subprocess.run(
        command, cwd=HERE, env=environment, capture_output=True, text=True, check=False
    )
    connected = record.read_text()
    record.unlink()
    assert done.stdout or connected, done.stderr
    return done.stdout, connected
