"""Lints template.yaml and what SAM makes of it: cycles, for one, show only in the translation.

First our own rules, which no linter knows: `local/traps` says what is wrong and what to write
instead, and the local gateway names what it would not do as AWS does.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from local import deployment, traps
from local.refusal import Refusal
from local.source import located
from local.template import load, translate

ROOT = Path(__file__).parent.parent
TEMPLATE = ROOT / "template.yaml"

_ORIGIN = "https://agentcontainer.example"
_PARAMETERS = {
    "Release": "0" * 64,
    "ClerkIssuer": _ORIGIN,
    "ClerkJwks": "{}",
    "ClerkAuthorizedParties": _ORIGIN,
    "DashboardOrigin": _ORIGIN,
}
"""Any values that the template takes."""


def main() -> int:
    """0 where there is nothing to say; cfn-lint's exit status otherwise, or 1."""
    template = Path(sys.argv[1]) if sys.argv[1:] else TEMPLATE
    with tempfile.TemporaryDirectory() as folder:
        try:
            _check(template, Path(folder))
        except Refusal as refused:
            print(refused, file=sys.stderr)
            return 1
        translation = Path(folder, "translation.json")
        translation.write_text(json.dumps(translate(template, {"Release": "0" * 64})))
        cfn_lint = Path(sys.executable).with_name("cfn-lint")
        command = [sys.executable, str(cfn_lint), str(template), str(translation)]
        return subprocess.run(command, check=False).returncode  # noqa: S603 -- our own arguments


def _check(template: Path, folder: Path) -> None:
    """Refusal, as a start of the local run with this template would be refused."""
    traps.check_source(template)
    with located(template):
        resources = load(template, _PARAMETERS, folder)
        traps.check_translation(template, resources)
        functions = deployment.functions(template, resources, "", folder)
        invoke = {name: function.invoke for name, function in functions.items()}
        deployment.gateways(resources, invoke, lambda *_: None)


if __name__ == "__main__":
    sys.exit(main())
