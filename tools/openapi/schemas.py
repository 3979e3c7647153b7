"""Schemas as the document has them: without noise, and only those that something leads to."""

from collections.abc import Iterator
from typing import Any

from agentcontainer.web.models import Error

type Schemas = dict[str, Any]

_PREFIX = "#/components/schemas/"


def tidy(node: Any, parent: str = "") -> Any:
    """A schema with whole numbers as such, descriptions in a line, no titles, no null defaults."""
    if isinstance(node, list):
        return [tidy(element) for element in node]
    if isinstance(node, float) and node.is_integer():
        return int(node)
    if not isinstance(node, dict):
        return " ".join(node.split()) if parent == "description" else node
    return {
        name: tidy(value, "" if parent == "properties" else name)
        for name, value in node.items()
        # Under `properties` a title is a member of ours.
        if parent == "properties" or (name != "title" and (name != "default" or value is not None))
    }


def of_errors() -> Schemas:
    """The envelope, which no route returns."""
    schema = Error.model_json_schema(mode="serialization", ref_template=_PREFIX + "{model}")
    inner = schema.pop("$defs")
    return {name: tidy(one) for name, one in {"Error": schema, **inner}.items()}


def used(node: object, schemas: Schemas) -> set[str]:
    """Names of the schemas that a part of the document leads to."""
    names: set[str] = set()
    waiting: list[object] = [node]
    while waiting:
        for name in _references(waiting.pop()):
            if name not in names:
                names.add(name)
                waiting.append(schemas[name])
    return names


def resolve(schema: dict[str, Any], schemas: Schemas) -> dict[str, Any]:
    """What a schema that may be a reference stands for."""
    while "$ref" in schema:
        schema = schemas[schema["$ref"].removeprefix(_PREFIX)]
    return schema


def _references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        reference = node.get("$ref")
        if isinstance(reference, str) and reference.startswith(_PREFIX):
            yield reference.removeprefix(_PREFIX)
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)
