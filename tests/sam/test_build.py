"""`make build` makes what is deployed, and only that."""

from pathlib import Path

import pytest

from tests.support import ROOT

BUILD = ROOT / ".aws-sam/build"
pytestmark = pytest.mark.usefixtures("built")


def files(folder: str) -> set[str]:
    """The files of an artifact."""
    root = BUILD / folder
    return {str(file.relative_to(root)) for file in root.rglob("*") if file.is_file()}


def test_a_function_is_its_handler_and_its_data() -> None:
    """No third-party package, no test, no bytecode of this machine."""
    assert files("Authorizer") == {"handler.py"}
    assert files("SessionAuthorizer") == {"handler.py"}
    assert files("ApiKeys") == {"handler.py"}
    assert files("AgentsFunction") == {"handler.py"}
    assert files("Account") == {"handler.py", "routes.json"}
    assert files("OpenApi") == {"handler.py", "openapi.yaml"}


def test_the_core_layer_is_our_code() -> None:
    """Every module of it, where Lambda looks for it, and nothing else."""
    source = ROOT / "layers/core"
    ours = {
        f"python/{file.relative_to(source)}"
        for file in (source / "agentcontainer").rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert files("CoreLayer") == ours


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
    flags = Path(BUILD, "DependenciesLayer", bytecode).read_bytes()[4:8]
    assert flags == b"\x01\x00\x00\x00"  # PEP 552: by hash, unchecked
