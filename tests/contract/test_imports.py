"""What may import what, and what the authorizer loads."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from blueprint.paths import ROOT

AUTHORIZER_MAY_LOAD = {"agentcontainer"}
# Of our own; each is read, and none of them is big.
AUTHORIZER_MODULES = {
    "agentcontainer",
    "agentcontainer.auth",
    "agentcontainer.dynamodb",
    "agentcontainer.dynamodb.lean",
    "agentcontainer.dynamodb.lean.connection",
    "agentcontainer.dynamodb.lean.endpoint",
    "agentcontainer.dynamodb.lean.http1",
    "agentcontainer.dynamodb.lean.sigv4",
    "agentcontainer.dynamodb.lean.tls",
    "agentcontainer.metrics",
    "agentcontainer.dynamodb.lean.client",
    "agentcontainer.dynamodb.item",
    "agentcontainer.dynamodb.retryable",
    "agentcontainer.keys",
    "agentcontainer.log",
    "agentcontainer.keys.verification",
    "agentcontainer.keys.token",
    "agentcontainer.auth.iam_policy",
    "agentcontainer.auth.principal",
    "agentcontainer.settings",
}


def test_the_import_contracts_hold() -> None:
    """Arrows point inwards: the contracts of pyproject.toml, as `make check` runs them."""
    lint_imports = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [sys.executable, str(lint_imports), "--no-logo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.fixture(scope="module")
def loaded() -> dict[str, str | None]:
    """The modules that importing the authorizer's handler loads, each with its file."""
    code = (
        "import sys; before = set(sys.modules);"
        "sys.path[:0] = ['functions/authorizer', 'layers/core'];"
        "import handler, json;"
        "new = set(sys.modules) - before - {'handler'};"
        "print(json.dumps({n: getattr(sys.modules[n], '__file__', None) for n in new}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {"AWS_ENDPOINT_URL_DYNAMODB": "https://127.0.0.1:1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    # The first line says that there is no store to connect to.
    modules: dict[str, str | None] = json.loads(done.stdout.splitlines()[-1])
    return modules


def test_the_authorizer_loads_exactly_these_packages(loaded: dict[str, str | None]) -> None:
    """Every package more is time that every cold start pays for."""
    packages = {name.partition(".")[0] for name, file in loaded.items() if file}
    assert packages - sys.stdlib_module_names == AUTHORIZER_MAY_LOAD


def test_the_authorizer_loads_exactly_these_modules_of_ours(
    loaded: dict[str, str | None],
) -> None:
    """Of the layer that all functions mount, the part that it needs."""
    assert {name for name in loaded if name.startswith("agentcontainer")} == AUTHORIZER_MODULES


def test_the_authorizer_loads_few_modules(loaded: dict[str, str | None]) -> None:
    """At most 90, the standard library's included; these cost more than they would be worth."""
    assert len(loaded) <= 90
    heavy = {"asyncio", "dataclasses", "email", "http", "inspect", "random", "urllib", "uuid"}
    assert not heavy & {name.partition(".")[0] for name in loaded}


def test_functions_with_large_libraries_prepare_for_them_first() -> None:
    """`agentcontainer.gc_tuning` helps only those that come after it."""
    for handler in (ROOT / "functions").glob("*/handler.py"):
        module = ast.parse(handler.read_text())
        imports = [node for node in module.body if isinstance(node, ast.Import | ast.ImportFrom)]
        if any("aws_lambda_powertools" in ast.unparse(node) for node in imports):
            assert ast.unparse(imports[0]) == "import agentcontainer.gc_tuning", handler
