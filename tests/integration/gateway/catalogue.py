"""The rows of API Gateway's behaviour, as `rows/*.yaml` has them.

A row is a fact with its source. Its cases are requests with what has to come back (`answer`) and,
where one can look inside, which functions were `invoked` and what they were `sent`. Every case
names its `api`: one of the product, or the one of a template of `templates/`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
PRODUCT = ("PublicApi", "DashboardApi")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One or more requests (`steps`, or the case is its only step) to one API."""

    id: str
    api: str
    request: str = ""
    authorization: str | None = None
    says: dict[str, Any] | None = None
    """What the fixture's authorizer is told to do."""
    does: dict[str, Any] | None = None
    """What the fixture's handler is told to do."""
    headers: list[list[str]] = field(default_factory=list)
    body_bytes: int = 0
    answer: dict[str, Any] = field(default_factory=dict)
    steps: list[dict[str, Any]] = field(default_factory=list)
    invoked: list[str] | None = None
    sent: dict[str, Any] = field(default_factory=dict)
    logged: list[dict[str, Any]] | None = None
    """The lines of the access log that the requests make."""
    delivered: dict[str, Any] | None = None
    """What a subscription is told of the last request, in the end."""
    local_only: str = ""
    """Why the case is not sent to a deployed stack."""
    change: list[str] = field(default_factory=list)
    """For a refusal: texts of the template, each followed by what takes its place."""
    refusal: str = ""

    @property
    def is_product(self) -> bool:
        """Whether it runs on the template that is deployed."""
        return self.api in PRODUCT


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A fact: what AWS does (`expected`) with something (`stimulus`), and who says so."""

    row: int | str
    stimulus: str
    expected: str
    source: str
    mark: str
    disputed: str = ""
    """Where sources disagree or are silent: what they say, and what was chosen."""
    cases: list[Case] = field(default_factory=list)
    proved_by: list[str] = field(default_factory=list)
    """Tests elsewhere that show it, where a request is not enough to."""

    @property
    def number(self) -> str:
        """As a test's id has it."""
        return f"row{self.row}" if isinstance(self.row, int) else f"row-{self.row}"


def rows() -> list[Row]:
    """All rows, in order."""
    found = [
        Row(**{**entry, "cases": [Case(**case) for case in entry.get("cases", ())]})
        for file in sorted((FOLDER / "rows").glob("*.yaml"))
        for entry in yaml.safe_load(file.read_text(encoding="utf-8"))
    ]
    return sorted(found, key=lambda row: _order(row.row))


def _order(row: int | str) -> tuple[bool, int]:
    """R rows, which count by themselves, come after the others."""
    return isinstance(row, str), int(re.sub(r"\D", "", str(row)))


def cases() -> Iterator[tuple[str, Case]]:
    """Every case, with the id of its test."""
    for row in rows():
        for case in row.cases:
            yield f"{row.number}-{case.id}", case


def table() -> str:
    """The rows as docs/gateway.md shows them."""
    lines = ["| # | stimulus | expected | source | mark | runs on |", "|---|---|---|---|---|---|"]
    for row in rows():
        where = dict.fromkeys(_shown(case) for case in row.cases) or {"tests": None}
        cells = [str(row.row), row.stimulus, row.expected, row.source, row.mark, ", ".join(where)]
        lines.append(
            "| " + " | ".join(str(cell).replace("|", "\\|").strip() for cell in cells) + " |"
        )
    return "\n".join(lines) + "\n"


def disputes() -> str:
    """The rows whose sources disagree, with what was chosen."""
    return "".join(f"- **{row.row}**: {row.disputed}\n" for row in rows() if row.disputed)


def _shown(case: Case) -> str:
    return case.api if case.is_product else ("refused" if case.refusal else f"`{case.api}.yaml`")


if __name__ == "__main__":
    print(table())
    print(disputes())
