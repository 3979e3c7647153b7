"""Writes what is generated from the handlers: `make openapi`; `--check` fails where it differs.

- functions/openapi/openapi.yaml: the public document, which is served;
- docs/dashboard-api.yaml: that of the dashboard's API, which is not;
- functions/{account,api_keys}/routes.json: the methods of each path of either, for the catch-alls'
  404 and 405.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from blueprint.paths import ROOT
from tools.openapi.apis import DASHBOARD, PUBLIC
from tools.openapi.document import build
from tools.openapi.functions import set_environment
from tools.openapi.text import to_yaml

# Of the functions behind the catch-alls.
ROUTES = (
    (PUBLIC, ROOT / "functions/account/routes.json"),
    (DASHBOARD, ROOT / "functions/api_keys/routes.json"),
)


def files() -> dict[Path, str]:
    """Every generated file and its content."""
    for _, file in ROUTES:
        if not file.exists():
            # The function that reads it is one of those that it is made from.
            file.write_text("{}")
    set_environment(os.environ)
    written = {}
    for api, file in ROUTES:
        document = build(api)
        written[api.path] = to_yaml(document)
        written[file] = json.dumps(routes(document), indent=2) + "\n"
    return written


def routes(document: dict[str, Any]) -> dict[str, list[str]]:
    """The methods of each path of a document."""
    return {
        path: sorted(method.upper() for method in operations)
        for path, operations in document["paths"].items()
    }


def main() -> int:
    """Writes the files, or with `--check` says which is not as the handlers have it."""
    stale = {
        path: text
        for path, text in files().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    }
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not what the handlers say: run make openapi")
        return len(stale)
    for path, text in stale.items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
