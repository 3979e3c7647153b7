"""Whether the local run would start: `python -m local.check [TEMPLATE]`; `make check` runs it.

First our own rules, which no linter knows: `blueprint/template/rules` says what is wrong and
what to write instead. Then the gateway names what it would not do as AWS does. All of it once with
any values and once with those of each environment of samconfig.toml.
"""

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from blueprint.errors import Refusal
from blueprint.paths import TEMPLATE
from blueprint.template import environments, rules
from blueprint.template.source import located
from blueprint.template.translation import load
from local.apigateway import deployment


def main() -> int:
    """0 where it would start with all of them."""
    template = Path(sys.argv[1]) if sys.argv[1:] else TEMPLATE
    try:
        with tempfile.TemporaryDirectory() as folder:
            for parameters in (environments.ANY_VALUES, *environments.values()):
                check(template, parameters, Path(folder))
    except Refusal as refused:
        print(refused, file=sys.stderr)
        return 1
    return 0


def check(template: Path, parameters: Mapping[str, str], folder: Path) -> None:
    """Refusal, as a start with this template and these values would be refused."""
    rules.check_source(template)
    with located(template):
        resources = load(template, parameters, folder)
        rules.check_translation(template, resources)
        functions = deployment.functions(template, resources, "", folder)
        invoke = {name: function.invoke for name, function in functions.items()}
        deployment.gateways(resources, invoke, lambda *_: None)


if __name__ == "__main__":
    sys.exit(main())
