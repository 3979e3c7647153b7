"""Lints template.yaml and what SAM makes of it: cycles, for one, show only in the translation.

Once without values and once with those of each environment of samconfig.toml.
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
from blueprint.template import environments
from blueprint.template.translation import translate

_CLEAN = ROOT / ".aws-sam/lint-clean"


def main() -> int:
    """0 where there is nothing to say; else 1, once all of it is said."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            return _lint_all(TEMPLATE, environments.values(), Path(folder))
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


def _translated(template: Path, parameters: Mapping[str, str], to: Path) -> Path:
    to.write_text(json.dumps(translate(template, {**parameters, **environments.RELEASE})))
    return to


def _lint(file: Path, parameters: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    cfn_lint = str(Path(sys.executable).with_name("cfn-lint"))
    # SAM fills some parameters in, which then are used nowhere in its translation (W2001).
    quiet = ["--ignore-checks", "W2001"] if file.suffix == ".json" else []
    given = {**parameters, **environments.RELEASE} if parameters else {}
    values = (
        ["--parameters", *(f"{name}={value}" for name, value in given.items())] if given else []
    )
    command = [sys.executable, cfn_lint, "--template", str(file), *quiet, *values]
    return subprocess.Popen(command)  # noqa: S603 -- our own arguments


if __name__ == "__main__":
    sys.exit(main())
