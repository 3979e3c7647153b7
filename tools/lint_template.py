"""Lints template.yaml and what SAM makes of it: cycles, for one, show only in the translation."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from local.template import translate

ROOT = Path(__file__).parent.parent
TEMPLATE = ROOT / "template.yaml"


def main() -> int:
    """cfn-lint's exit status over both files."""
    with tempfile.TemporaryDirectory() as folder:
        translation = Path(folder, "translation.json")
        translation.write_text(json.dumps(translate(TEMPLATE, {"Release": "0" * 64})))
        cfn_lint = Path(sys.executable).with_name("cfn-lint")
        command = [sys.executable, str(cfn_lint), str(TEMPLATE), str(translation)]
        return subprocess.run(command, check=False).returncode  # noqa: S603 -- our own arguments


if __name__ == "__main__":
    sys.exit(main())
