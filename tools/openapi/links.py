"""Links: which operations take an id that an answer gives (`$response.body#/id`)."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

type Json = dict[str, Any]

_PARAMETER = re.compile(r"\{(\w+)\}")


def add_links(paths: Json) -> None:
    """Gives every answer with ids the links to the operations that those ids open.

    A collection's POST leads to whatever stands under the new thing, a collection's GET to the
    first thing on its page.
    """
    for collection, operations in paths.items():
        below = list(_below(paths, collection))
        given = {name: f"$request.path.{name}" for name in _PARAMETER.findall(collection)}
        _add(operations.get("post"), "201", [_link(b, given, "/id") for b in below])
        reading = [_link(b, given, "/data/0/id") for b in below if b.method == "get"]
        _add(operations.get("get"), "200", reading)


class _Below(NamedTuple):
    """An operation on a thing of a collection, and the parameter that names the thing."""

    method: str
    operation: Json
    parameter: str


def _below(paths: Json, collection: str) -> Iterator[_Below]:
    thing = re.compile(re.escape(collection) + r"/\{(\w+)\}(/[\w-]+)*")
    for path in sorted(paths):
        if match := thing.fullmatch(path):
            for method, operation in paths[path].items():
                yield _Below(method, operation, match[1])


def _link(below: _Below, given: dict[str, str], pointer: str) -> Json:
    return {
        "operationId": below.operation["operationId"],
        "description": below.operation["summary"] + ".",
        "parameters": given | {below.parameter: f"$response.body#{pointer}"},
    }


def _add(operation: Json | None, status: str, links: list[Json]) -> None:
    if operation and links and status in operation["responses"]:
        operation["responses"][status]["links"] = {link["operationId"]: link for link in links}
