"""Lints template.yaml and what SAM makes of it: cycles, for one, show only in the translation.

First our own rules, which no linter knows: `blueprint/template/rules` says what is wrong and
what to write instead, and the local gateway names what it would not do as AWS does. All of it once
without values and once with those of each environment of samconfig.toml.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from blueprint.errors import Refusal
from blueprint.paths import ROOT, TEMPLATE
from blueprint.template import environments, rules
from blueprint.template.source import located
from blueprint.template.translation import load, translate
from local.apigateway import deployment

_EXAMPLE = "https://agentcontainer.example"
_PARAMETERS = {
    "ClerkIssuer": _EXAMPLE,
    "ClerkJwks": "{}",
    "ClerkAuthorizedParties": _EXAMPLE,
    "DashboardOrigin": _EXAMPLE,
}
"""Any values that the template takes, and every default."""
_RELEASE = {"Release": "0" * 64}
_CLEAN = ROOT / ".aws-sam/lint-clean"


def main() -> int:
    """0 where there is nothing to say; else 1, once all of it is said."""
    template = Path(sys.argv[1]) if sys.argv[1:] else TEMPLATE
    values = [environments.named(name).parameters for name in environments.names()]
    try:
        with tempfile.TemporaryDirectory() as folder:
            for parameters in (_PARAMETERS, *values):
                _check(template, parameters | _RELEASE, Path(folder))
            return _lint_all(template, values, Path(folder))
    except Refusal as refused:
        print(refused, file=sys.stderr)
        return 1


def _lint_all(template: Path, values: list[dict[str, str]], folder: Path) -> int:
    """Without values, which is with every case of every condition; then as deployed."""
    inputs = [template.read_text(), json.dumps(values), Path(__file__).read_text()]
    versions = [version("cfn-lint"), version("aws-sam-translator")]
    state = hashlib.sha256(json.dumps([inputs, versions]).encode()).hexdigest()
    # It takes half a minute of work, and says the same of the same.
    if _CLEAN.exists() and _CLEAN.read_text() == state:
        return 0
    linters = [_lint(template), _lint(_translated(template, {}, folder / "any.json"))]
    for number, parameters in enumerate(values):
        file = _translated(template, parameters, folder / f"{number}.json")
        linters += [_lint(template, parameters), _lint(file, parameters)]
    if any([linter.wait() for linter in linters]):  # noqa: C419 -- waits for all
        return 1
    _CLEAN.parent.mkdir(exist_ok=True)
    _CLEAN.write_text(state)
    return 0


def _check(template: Path, parameters: Mapping[str, str], folder: Path) -> None:
    """Refusal, as a start of the local run with this template would be refused."""
    rules.check_source(template)
    with located(template):
        resources = load(template, parameters, folder)
        rules.check_translation(template, resources)
        functions = deployment.functions(template, resources, "", folder)
        invoke = {name: function.invoke for name, function in functions.items()}
        deployment.gateways(resources, invoke, lambda *_: None)


def _translated(template: Path, parameters: Mapping[str, str], to: Path) -> Path:
    to.write_text(json.dumps(translate(template, {**parameters, **_RELEASE})))
    return to


def _lint(file: Path, parameters: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    cfn_lint = str(Path(sys.executable).with_name("cfn-lint"))
    # SAM fills some parameters in, which then are used nowhere in its translation (W2001).
    quiet = ["--ignore-checks", "W2001"] if file.suffix == ".json" else []
    given = {**parameters, **_RELEASE} if parameters else {}
    values = (
        ["--parameters", *(f"{name}={value}" for name, value in given.items())] if given else []
    )
    command = [sys.executable, cfn_lint, "--template", str(file), *quiet, *values]
    return subprocess.Popen(command)  # noqa: S603 -- our own arguments


if __name__ == "__main__":
    sys.exit(main())
