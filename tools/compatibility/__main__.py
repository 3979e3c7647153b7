"""Fails where the document breaks the released one and the changelog does not say so.

`python -m tools.compatibility [RELEASED DOCUMENT]`; `make check` runs it.
"""

import sys
from pathlib import Path

import yaml

from blueprint.paths import ROOT
from tools.compatibility.changelog import unannounced
from tools.compatibility.operations import breaks

RELEASED = ROOT / "docs/released/openapi.yaml"
DOCUMENT = ROOT / "functions/openapi/openapi.yaml"

_ADVICE = """\
Programs that keep to the released document break. If it has to be, name each operation in
CHANGELOG.md, in a section "### Breaking" of "## Unreleased", such as `GET /api/v1/agents`."""


def main() -> int:
    """One line for each break that is not announced."""
    old, new = map(Path, sys.argv[1:] or (RELEASED, DOCUMENT))
    found = breaks(yaml.safe_load(old.read_text()), yaml.safe_load(new.read_text()))
    hidden = unannounced(found, (ROOT / "CHANGELOG.md").read_text())
    for operation, what in hidden:
        print(f"{operation or 'servers'}: {what}")
    if hidden:
        print(_ADVICE)
    return len(hidden)


if __name__ == "__main__":
    sys.exit(main())
