"""`make build` makes what is deployed, and only that."""

import json
import re
import runpy
import subprocess
from pathlib import Path

import botocore
import pytest

from blueprint.paths import ROOT

SERVICES = runpy.run_path(str(ROOT / "layers/dependencies/trim.py"))["SERVICES"]
BUILD = ROOT / ".aws-sam/build"
pytestmark = pytest.mark.usefixtures("built")


def files(folder: str) -> set[str]:
    """The files of an artifact."""
    root = BUILD / folder
    return {str(file.relative_to(root)) for file in root.rglob("*") if file.is_file()}


def is_unchecked(bytecode: Path) -> bool:
    """Whether Python takes it as it is: by hash, unchecked (PEP 552)."""
    return bytecode.read_bytes()[4:8] == b"\x01\x00\x00\x00"


def test_a_function_is_its_handler_and_its_data() -> None:
    """No third-party package, no test, no bytecode of this machine."""
    assert files("Authorizer") == {"handler.py"}
    assert files("SessionAuthorizer") == {"handler.py"}
    assert files("ApiKeys") == {"handler.py", "routes.json"}
    assert files("Usage") == {"handler.py"}
    assert files("UsageRecorder") == {"handler.py"}
    assert files("KeyChangeRecorder") == {"handler.py"}
    assert files("AgentsFunction") == {"handler.py"}
    assert files("Account") == {"handler.py", "routes.json"}
    assert files("OpenApi") == {"handler.py", "openapi.yaml"}


def test_the_core_layer_is_our_code() -> None:
    """Every file of it, where Lambda looks for it, its bytecode, and nothing else."""
    source = ROOT / "layers/core"
    ours = {
        f"python/{file.relative_to(source)}"
        for file in (source / "agentcontainer").rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    bytecode = {
        str(Path(name).parent / "__pycache__" / f"{Path(name).stem}.cpython-313.pyc")
        for name in ours
        if name.endswith(".py")
    }
    assert files("CoreLayer") == ours | bytecode
    for name in bytecode:
        assert is_unchecked(Path(BUILD, "CoreLayer", name)), name


def test_the_dependencies_are_for_lambdas_processor_and_compiled() -> None:
    """Shared objects for arm64 whatever builds them; bytecode that is never checked again."""
    built = files("DependenciesLayer")
    assert {"python/boto3/__init__.py", "python/pydantic/__init__.py"} <= built
    objects = [name for name in built if name.endswith(".so")]
    assert objects
    for name in objects:
        header = Path(BUILD, "DependenciesLayer", name).read_bytes()[:20]
        assert header[18] == 183, f"{name} is not for aarch64"  # EM_AARCH64 of the ELF header
    bytecode = "python/boto3/__pycache__/__init__.cpython-313.pyc"
    assert is_unchecked(BUILD / "DependenciesLayer" / bytecode)


def test_botocore_has_the_data_of_our_services_alone() -> None:
    """Every client looks through what there is; the endpoints of those services are all there."""
    data = BUILD / "DependenciesLayer/python/botocore/data"
    assert {folder.name for folder in data.iterdir() if folder.is_dir()} == {"dynamodb"}
    built = json.loads((data / "endpoints.json").read_text())
    theirs = json.loads(
        Path(botocore.__file__).with_name("data").joinpath("endpoints.json").read_text()
    )
    for ours, whole in zip(built["partitions"], theirs["partitions"], strict=True):
        assert ours["services"].keys() <= {"dynamodb"}
        assert ours["services"].get("dynamodb") == whole["services"].get("dynamodb")
        assert ours["regions"] == whole["regions"]


def test_the_functions_call_no_other_service() -> None:
    """A client of one whose data the layer lacks would fail at start."""
    sources = [*(ROOT / "functions").rglob("*.py"), *(ROOT / "layers/core").rglob("*.py")]
    called = {
        service
        for source in sources
        for service in re.findall(r'boto3\.(?:client|resource)\("(\w+)"', source.read_text())
    }
    assert called == SERVICES == {"dynamodb"}


def test_the_authorizer_is_small() -> None:
    """At most 50 KB as it is sent: a cold start begins with fetching it."""
    record = json.loads((ROOT / ".aws-sam/built.json").read_text())
    assert record["zipped"]["Authorizer"] <= 50 * 1024


def test_a_second_build_starts_none() -> None:
    """It says what there is, and how much each weighs."""
    before = (BUILD / "template.yaml").stat().st_mtime_ns
    done = subprocess.run(["make", "build"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert (BUILD / "template.yaml").stat().st_mtime_ns == before
    assert done.stderr == ""
    printed = dict(re.findall(r"^  (\w+) +(\d+) KB zipped$", done.stdout, re.MULTILINE))
    assert printed.keys() == {folder.name for folder in BUILD.iterdir() if folder.is_dir()}
