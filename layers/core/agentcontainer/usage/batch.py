"""The lines of one delivery, as what is added to which counter. Pure.

CloudWatch Logs and Lambda deliver at least once, and a delivery that comes again is the same one,
line by line. So it is cut into the same parts again, and each part has a name by which the store
knows it. Two deliveries that overlap in other ways cannot be told from two that do not: AWS's
documentation knows of none.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from agentcontainer.usage.access_log import Use

MOST_COUNTERS = 99
"""DynamoDB writes at most 100 items at once, and one of them is the part's mark."""


class Line(NamedTuple):
    """A log event: its id, and the request that it is about, if it is understood."""

    id: str
    use: Use | None


class Owner(NamedTuple):
    """Whose day is counted: a key's or an account's."""

    id: str
    date: date


class Secret(NamedTuple):
    """A secret of a key, by its fingerprint."""

    account_id: str
    key_id: str
    fingerprint: str


@dataclass(slots=True)
class Part:
    """Lines that follow each other and are counted in one transaction."""

    first: str
    last: str = ""
    lines: int = 0
    counters: defaultdict[Owner, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    outcomes: Counter[str] = field(default_factory=Counter)

    @property
    def name(self) -> str:
        """The same whenever the same lines come again."""
        return f"{self.first}#{self.last}#{self.lines}"

    def has_room_for(self, use: Use) -> bool:
        """Whether one transaction can hold the counters with this request's."""
        return len(self.counters.keys() | set(_owners(use))) <= MOST_COUNTERS

    def add(self, line: Line) -> None:
        """Takes in one line more."""
        self.last = line.id
        self.lines += 1
        if line.use is None:
            return
        self.outcomes[line.use.outcome] += 1
        for owner in _owners(line.use):
            self.counters[owner][line.use.outcome] += 1
            if line.use.refusal:
                self.counters[owner][line.use.refusal] += 1


def parts(lines: Iterable[Line]) -> Iterator[Part]:
    """The lines in as few parts as hold them, in their order."""
    part: Part | None = None
    for line in lines:
        if part and line.use and not part.has_room_for(line.use):
            yield part
            part = None
        part = part or Part(line.id)
        part.add(line)
    if part:
        yield part


def last_uses(lines: Iterable[Line]) -> dict[Secret, datetime]:
    """When each secret last let a request in, the latest first.

    Whatever was answered: who was let in has the secret, though it may not do everything.
    """
    uses = sorted((use for _, use in lines if use and use.secret), key=lambda use: use.at)
    last = {Secret(use.account_id, use.key_id, use.secret or ""): use.at for use in uses}
    return dict(sorted(last.items(), key=lambda found: found[1], reverse=True))


def _owners(use: Use) -> tuple[Owner, Owner]:
    day = use.at.date()
    return Owner(use.key_id, day), Owner(use.account_id, day)
