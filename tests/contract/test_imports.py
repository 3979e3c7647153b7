"""What may import what, and what the authorizer loads."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.support import ROOT

# Until it reads its one item with the standard library alone, boto3 is what the authorizer needs.
AUTHORIZER_MAY_LOAD = {
    "agentcontainer",
    "boto3",
    "botocore",
    "certifi",
    "dateutil",
    "jmespath",
    "s3transfer",
    "six",
    "urllib3",
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


def test_the_authorizer_loads_exactly_these_packages() -> None:
    """Every package more is time that every cold start pays for."""
    code = (
        "import sys; sys.path[:0] = ['functions/authorizer', 'layers/core'];"
        "import handler, json;"
        "names = {n.partition('.')[0] for n in sys.modules} - sys.stdlib_module_names;"
        "files = {n: getattr(sys.modules.get(n), '__file__', None) for n in names};"
        "print(json.dumps([n for n, f in files.items() if f and n != 'handler']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {"KEYS_TABLE": "Keys"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    loaded = {name for name in json.loads(done.stdout) if not name.startswith("_")}
    assert loaded == AUTHORIZER_MAY_LOAD
