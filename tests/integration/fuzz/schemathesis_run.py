"""Runs schemathesis against a running product."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from blueprint.paths import ROOT
from tests.support.product import Product

HERE = Path(__file__).parent
DOCUMENTS = {
    "public": ROOT / "functions/openapi/openapi.yaml",
    "dashboard": ROOT / "docs/dashboard-api.yaml",
}

# Of object_level_authorization, and of our own check.
_LEAKS = {"ObjectLevelAuthorizationViolation", "CustomFailure"}
_OURS = re.compile(r"([A-Z]+ /\S+): alice was shown")


class Findings(NamedTuple):
    """What a run says: nothing is wrong if `status` is 0 and it is complete."""

    status: int
    output: str
    report: dict[str, Any]

    @property
    def complete(self) -> bool:
        """Whether every phase was gone through."""
        phases = self.report["phases"].values()
        return self.report["complete"] and all(phase["status"] != "skip" for phase in phases)

    @property
    def cases(self) -> int:
        """How many requests were generated."""
        cases: int = self.report["test_cases"]["generated"]
        return cases

    @property
    def leaking(self) -> set[str]:
        """Operations on which somebody got what is another's."""
        reported = {
            operation
            for failure in self.report["failures"]
            if failure["type"] in _LEAKS
            for operation in failure["operations"]
        }
        # For what a sequence of requests has found the report names no operation; our check does.
        return reported | set(_OURS.findall(self.output))


def fuzz(
    api: str, product: Product, folder: Path, *, seed: int, examples: int, checks: str = "all"
) -> Findings:
    """Sends what the document of an API allows, and what it does not; the checks look."""
    url = f"http://localhost:{product.port}"
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")),
            *("--config-file", str(HERE / "schemathesis.toml")),
            *("run", str(DOCUMENTS[api]), "--url", url, "--checks", checks, "--no-color"),
            *("--seed", str(seed), "--max-examples", str(examples)),
            *("--report-json-path", str(folder / "report.json")),
        ],
        # It leaves files where it runs.
        cwd=folder,
        env=os.environ
        | {
            "FUZZ_API": api,
            "FUZZ_URL": url,
            "PYTHONPATH": str(ROOT),
            "SCHEMATHESIS_HOOKS": "tests.integration.fuzz.hooks",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads((folder / "report.json").read_text())
    return Findings(done.returncode, done.stdout + done.stderr, report)
