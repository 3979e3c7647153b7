"""Builds what is deployed, with SAM, unless it is there: `make build`. Prints what it weighs.

SAM keeps layers and would still build every function again. So this remembers what went in and what
came out, and starts no build while both are as they were.
"""

import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from blueprint.paths import ROOT
from tools.release.release import digests

BUILT = ROOT / ".aws-sam/build"
_RECORD = ROOT / ".aws-sam/built.json"
_INPUTS = ("template.yaml", "requirements/sam.txt", "functions", "layers")
_KILOBYTE = 1024


def main() -> int:
    """SAM's exit status, and what was built on standard output."""
    if not is_built() and (status := _build()):
        return status
    record = _record()
    for name, size in record["zipped"].items():
        print(f"  {name:<20} {max(1, round(size / _KILOBYTE)):>6} KB zipped")
    return 0


def is_built() -> bool:
    """Whether what is there was made of what there is now, and nobody touched it since."""
    record = _record()
    return record.get("inputs") == _inputs() and record.get("outputs") == _outputs()


def _build() -> int:
    python = str(ROOT / ".venv-sam/bin/python")
    command = [python, "-m", "samcli", "build", "--cached", "--parallel"]
    # The layers' recipes take uv and python3.13 from here.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(command, cwd=ROOT, env=os.environ | {"PATH": path}, check=False)  # noqa: S603
    if done.returncode == 0:
        zipped = {one.name: _zipped(one) for one in sorted(BUILT.iterdir()) if one.is_dir()}
        record = {"inputs": _inputs(), "outputs": _outputs(), "zipped": zipped}
        _RECORD.write_text(json.dumps(record), encoding="utf-8")
    return done.returncode


def _record() -> dict[str, Any]:
    if not _RECORD.exists():
        return {}
    record: dict[str, Any] = json.loads(_RECORD.read_text(encoding="utf-8"))
    return record


def _inputs() -> str:
    content = {str(file.relative_to(ROOT)): _digest(file) for file in _sources()}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _sources() -> Iterator[Path]:
    for name in _INPUTS:
        path = ROOT / name
        for file in [path] if path.is_file() else path.rglob("*"):
            if file.is_file() and "__pycache__" not in file.parts:
                yield file


def _outputs() -> str | None:
    if not (BUILT / "template.yaml").exists():
        return None
    content = digests(BUILT) | {"template.yaml": _digest(BUILT / "template.yaml")}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _zipped(artifact: Path) -> int:
    """Its bytes as SAM sends it to Lambda."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as written:
        for file in artifact.rglob("*"):
            if file.is_file():
                written.write(file, file.relative_to(artifact))
    return archive.tell()


if __name__ == "__main__":
    sys.exit(main())
