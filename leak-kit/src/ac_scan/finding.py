"""What is reported of a key that was found. The key itself is in none of it."""

import os
from dataclasses import asdict, dataclass, field
from typing import Any

from ac_scan import token
from ac_scan.scan import Found
from ac_scan.search import search


@dataclass(frozen=True)
class Finding:
    """Where a key is; `line` is None in a name or message, `commit` is set for what is history."""

    path: str
    line: int | None
    commit: str | None
    hint: str
    sha256: str
    spelling: str

    @property
    def place(self) -> str:
        """As compilers write it, with the commit first as git does."""
        line = "" if self.line is None else f":{self.line}"
        return f"{self.commit[:12]}:{self.path}{line}" if self.commit else f"{self.path}{line}"


@dataclass
class Report:
    """What came of a run."""

    findings: list[Finding] = field(default_factory=list)
    scanned: int = 0
    binary: int = 0
    allowed: int = 0
    unread: list[str] = field(default_factory=list)

    def complain(self, complaint: str) -> None:
        """Notes what could not be read, and why."""
        self.unread.append(shown(complaint))

    @property
    def exit_status(self) -> int:
        """0 nothing, 1 a key, 2 nothing as far as could be read."""
        return 1 if self.findings else 2 if self.unread else 0

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def finding(found: Found, path: str, *, lines: bool = True, commit: str | None = None) -> Finding:
    """What may be told of `found`; without `lines` if it is not in a file's text."""
    return Finding(
        path=shown(path),
        line=found.line if lines else None,
        commit=commit,
        hint=token.hint(found.token),
        sha256=token.sha256(found.token),
        spelling=found.spelling,
    )


def shown(path: str) -> str:
    """A path, or what is said of one, to be printed: no control characters and no key."""
    return os.sep.join(map(_shown_part, path.split(os.sep)))


def _shown_part(part: str) -> str:
    hits = search(os.fsencode(part))
    if hits:
        return f"[{token.hint(hits[0].token)}]"
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in part)
