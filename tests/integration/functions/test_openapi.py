import json
import subprocess
import sys

from blueprint.paths import ROOT
from tests.support.events import event


def test_it_needs_the_standard_library_alone() -> None:
    """It starts without any layer, in a Python that has no other package."""
    code = (
        "import json, sys; sys.path.insert(0, '.'); import handler;"
        "print(handler.handler(json.load(sys.stdin), None)['statusCode'])"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code],
        cwd=ROOT / "functions/openapi",
        input=json.dumps(event("openapi/get")),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "200\n", done.stderr
