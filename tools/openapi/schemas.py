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
    if isinstance(node, str):
        return _tidy_text(parent, node)
    if not isinstance(node, dict):
        return node
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


def public_name(name: str) -> str:
    """A model's name in the document: only the code has to tell AgentObject from Agent."""
    return name.removesuffix("Object")


def name_of(schema: dict[str, Any]) -> str | None:
    """The name of the schema that another one refers to."""
    reference = schema.get("$ref")
    return reference.removeprefix(_PREFIX) if isinstance(reference, str) else None


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
    while name := name_of(schema):
        schema = schemas[name]
    return schema


def _tidy_text(parent: str, text: str) -> str:
    if parent == "$ref":
        return public_name(text)
    return " ".join(text.split()) if parent == "description" else text


def _references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        name = name_of(node)
        if name and "/" not in name:
            yield name
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)
