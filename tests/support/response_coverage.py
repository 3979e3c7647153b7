"""Every (method, path, status) that the tests see, beside those that the documents have.

Answers of routes that no document has (the catch-alls', preflights) are left out: that documents,
handlers and template have the same routes is another test's (tests/contract/test_routes.py).
"""

import importlib
import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from blueprint.paths import ROOT

DOCUMENTS = (ROOT / "functions/openapi/openapi.yaml", ROOT / "docs/dashboard-api.yaml")
UNSEEN = ROOT / "tests/data/unseen-answers.yaml"

# A line of the local run: time, status, milliseconds, route.
_LINE = re.compile(r"^\d\d:\d\d:\d\d +(\d{3}) +\d+ ms +(\S+) (/\S*)$", re.MULTILINE)


class Answer(NamedTuple):
    """A status of a route."""

    method: str
    path: str
    status: int

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.status}"


class Recorder:
    """Collects the answers of a session."""

    def __init__(self) -> None:
        self._seen: set[Answer] = set()
        self._logs: list[Path] = []

    def saw(self, method: str, path: str, status: int) -> None:
        """Something answered so."""
        self._seen.add(Answer(method, path, status))

    def read_later(self, log: Path) -> None:
        """A local run writes there what it answers."""
        self._logs.append(log)

    def everything(self) -> set[Answer]:
        """What was seen until now."""
        texts = (log.read_text(errors="replace") for log in self._logs if log.exists())
        return self._seen | {answer for text in texts for answer in in_log(text)}

    def watch_handlers(self) -> None:
        """Sees the answers of the product's resolvers in this process."""
        for function in importlib.import_module("tools.openapi.functions").functions():
            function.api.on_response = self._saw_route

    def _saw_route(self, method: str, path: str, status: int) -> None:
        self.saw(method, _as_template(path), status)


recorder = Recorder()
"""This session's."""


def in_log(text: str) -> set[Answer]:
    """The answers that a local run has written down."""
    return {Answer(method, path, int(status)) for status, method, path in _LINE.findall(text)}


def documented(document: Mapping[str, Any]) -> set[Answer]:
    """Those that an OpenAPI document has."""
    return {
        Answer(method.upper(), path, int(status))
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        for status in operation["responses"]
    }


def in_documents() -> set[Answer]:
    """Those of the product's two."""
    texts = (document.read_text(encoding="utf-8") for document in DOCUMENTS)
    return {answer for text in texts for answer in documented(yaml.safe_load(text))}


def explanations() -> dict[str, str]:
    """Why the tests do not see some answers, by a pattern of them."""
    entries = yaml.safe_load(UNSEEN.read_text(encoding="utf-8"))
    return {pattern: entry["why"] for entry in entries for pattern in entry["answers"]}


def undocumented(seen: Iterable[Answer], known: set[Answer]) -> list[str]:
    """Answers that a route has given and its document does not have."""
    routes = {(answer.method, answer.path) for answer in known}
    return sorted(
        str(answer) for answer in set(seen) - known if (answer.method, answer.path) in routes
    )


def unexplained(seen: set[Answer], known: set[Answer], why: Iterable[str]) -> list[str]:
    """Answers of a document that nothing has given and nobody has explained."""
    return sorted(
        str(answer)
        for answer in known - seen
        if not any(fnmatchcase(str(answer), pattern) for pattern in why)
    )


def explaining_nothing(seen: set[Answer], known: set[Answer], why: Iterable[str]) -> list[str]:
    """Explanations of answers that are all seen, or that no document has."""
    return sorted(
        pattern
        for pattern in why
        if not any(fnmatchcase(str(answer), pattern) for answer in known - seen)
    )


def _as_template(path: str) -> str:
    return re.sub(
        r"<(\w+)>", lambda name: "{" + re.sub("_(.)", lambda c: c[1].upper(), name[1]) + "}", path
    )
