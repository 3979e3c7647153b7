"""Runs schemathesis against a running product."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tests.product.running import Product
from tests.support import ROOT

HERE = Path(__file__).parent
DOCUMENTS = {
    "public": ROOT / "functions/openapi/openapi.yaml",
    "dashboard": ROOT / "docs/dashboard-api.yaml",
}


class Findings(NamedTuple):
    """What a run says."""

    status: int
    output: str

    @property
    def cases(self) -> int:
        """How many requests it generated."""
        [number] = re.findall(r"([\d,]+) generated", self.output)
        return int(number.replace(",", ""))


def fuzz(api: str, product: Product, folder: Path, *, seed: int, examples: int) -> Findings:
    """Sends what the document of an API allows, and what it does not; every check looks."""
    url = f"http://localhost:{product.port}"
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")),
            *("--config-file", str(HERE / "schemathesis.toml")),
            *("run", str(DOCUMENTS[api]), "--url", url, "--checks", "all", "--no-color"),
            *("--seed", str(seed), "--max-examples", str(examples)),
        ],
        # It leaves files where it runs.
        cwd=folder,
        env=os.environ
        | {
            "FUZZ_API": api,
            "FUZZ_PEOPLE": str(HERE / "people.yaml"),
            "FUZZ_URL": url,
            "PYTHONPATH": str(ROOT),
            "SCHEMATHESIS_HOOKS": "tests.fuzz.hooks",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return Findings(done.returncode, done.stdout + done.stderr)
