"""Writes the index of the decisions: `python -m tools.dev.decisions`. A test compares it."""

import re
from pathlib import Path
from typing import Final, NamedTuple

from blueprint.paths import ROOT

FOLDER: Final = ROOT / "docs/decisions"
INDEX: Final = FOLDER / "README.md"
THEMES: Final = ("keys", "authorizer", "gateway", "page", "documents", "usage", "operations")
STATUSES: Final = ("accepted", "superseded")
_FORM = re.compile(
    r"# (?P<number>\d+)\. (?P<title>[^\n]+)\n\n"
    r"- Decided: (?P<day>\d{4}-\d\d-\d\d) \((?P<theme>\w+)\)\n"
    r"- Status: (?P<status>\w+)[^\n]*\n\n"
)
_BEGINNING = """\
# Decisions

What a stranger would question, by theme: what was decided, why, and what was tried. Numbers are for
life and leave gaps: those of a theme lie together, and a page that was folded into its neighbour
gives its own up.
"""


class Decision(NamedTuple):
    """What the head of a page says."""

    file: str
    number: int
    title: str
    day: str
    theme: str
    status: str

    @classmethod
    def read(cls, page: Path) -> "Decision":
        """The head of a page; ValueError for one of another form."""
        found = _FORM.match(page.read_text(encoding="utf-8"))
        if found is None or found["theme"] not in THEMES or found["status"] not in STATUSES:
            raise ValueError(f"{page.name} does not begin as the others: title, Decided, Status")
        number, title, *rest = found.groups()
        return cls(page.name, int(number), title, *rest)


def decisions() -> list[Decision]:
    """All of them, by number."""
    return [Decision.read(page) for page in sorted(FOLDER.glob("[0-9]*.md"))]


def index() -> str:
    """The text of the index."""
    found = decisions()
    parts = [_BEGINNING]
    for theme in THEMES:
        parts.append(f"\n## {theme.capitalize()}\n| | decision | decided | |\n|---|---|---|---|\n")
        parts += [_row(one) for one in found if one.theme == theme]
    return "".join(parts)


def _row(one: Decision) -> str:
    status = "" if one.status == "accepted" else one.status
    return f"| {one.number} | [{one.title}]({one.file}) | {one.day} | {status} |\n"


if __name__ == "__main__":
    INDEX.write_text(index(), encoding="utf-8")
