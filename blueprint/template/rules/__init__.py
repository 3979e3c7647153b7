"""What a template must not say, though SAM, cfn-lint and CloudFormation take it without a word.

Each of these was seen in a translation, or is documented, to leave a door open, to close one for
good, or to run something else than was released. A start is refused with the line, the reason and
what to write instead; `make check` says the same. These are rules for our template: the gateway
itself knows more, and is tested on templates that break them.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from blueprint.errors import Refusal
from blueprint.template.rules import apis, authorizers, functions, routes
from blueprint.template.rules.finding import Found
from blueprint.template.source import Source

_RULES = (*authorizers.RULES, *apis.RULES, *functions.RULES)


class Trap(Refusal):
    """The template has at least one of these."""


def check_source(template: Path) -> None:
    """Trap names all that can be seen in the template as it is written."""
    source = Source(template)
    _refuse(source, [found for rule in _RULES for found in rule(source)])


def check_translation(template: Path, resources: Mapping[str, Mapping[str, Any]]) -> None:
    """Trap names all that shows only in what CloudFormation would get."""
    source = Source(template)
    _refuse(source, routes.open_routes(source, resources))


def _refuse(source: Source, found: Found) -> None:
    lines = sorted((source.line(*each.place), each.text) for each in found)
    if lines:
        raise Trap("\n".join(f"{source.name}, line {line}: {text}." for line, text in lines))
