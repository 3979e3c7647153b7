"""What the changelog says will break."""

import re
from collections.abc import Iterable

from tools.compatibility.operations import Break

_UNRELEASED = re.compile(r"^## Unreleased\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_BREAKING = re.compile(r"^### Breaking\n(.*?)(?=^### |\Z)", re.MULTILINE | re.DOTALL)
_NAMED = re.compile(r"`([A-Z]+ /[^`\s]*|servers)`")


def announced(changelog: str) -> set[str]:
    """The operations that "Breaking" under "Unreleased" names: `GET /api/v1/agents`, `servers`."""
    unreleased = _UNRELEASED.search(changelog)
    breaking = _BREAKING.search(unreleased[1]) if unreleased else None
    return set(_NAMED.findall(breaking[1])) if breaking else set()


def unannounced(found: Iterable[Break], changelog: str) -> list[Break]:
    """The breaks that the changelog does not own up to."""
    said = announced(changelog)
    return [one for one in found if (one.operation or "servers") not in said]
