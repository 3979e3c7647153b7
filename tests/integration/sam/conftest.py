"""What is built, made once for all tests."""

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from blueprint.paths import ROOT
from tests.support.locks import locked


@pytest.fixture(scope="session")
def built() -> Path:
    """What `make build` makes."""
    with locked(ROOT / "layers"):
        done = subprocess.run(
            ["make", "build"], cwd=ROOT, capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stdout + done.stderr
    return ROOT / ".aws-sam/build"


@pytest.fixture(scope="session")
def artifacts(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same for this machine's processor: functions as they were built, libraries built anew."""
    folder = tmp_path_factory.mktemp("artifacts")
    for artifact in built.iterdir():
        if artifact.is_dir():
            (folder / artifact.name).symlink_to(artifact)
    layer = folder / "DependenciesLayer"
    layer.unlink()
    layer.mkdir()
    processor = {"arm64": "aarch64"}.get(platform.machine(), platform.machine())
    arguments = [f"ARTIFACTS_DIR={layer}", f"PLATFORM={processor}-manylinux_2_28"]
    done = subprocess.run(
        ["make", "build-DependenciesLayer", *arguments],
        cwd=ROOT / "layers/dependencies",
        env=os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder
