"""One thing that is wrong with a template."""

from collections.abc import Iterable
from typing import NamedTuple

from blueprint.template.source import Place


class Finding(NamedTuple):
    """Where it is, and a sentence with the reason and what to write instead, without its stop."""

    place: Place
    text: str


type Found = Iterable[Finding]
