"""Examples of bodies and parameters: those of examples.yaml, and plain ones where it has none."""

from pathlib import Path
from typing import Any

import yaml

from tools.openapi.schemas import Schemas, name_of

EXAMPLES: dict[str, Any] = yaml.safe_load(
    Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")
)
_HEADERS = {
    "Idempotency-Key": "7f1c0d9e-5c1b-4b60-9d3e-0a4b5c6d7e8f",
    "If-Match": '"3"',
}
_TIMES = {"date": "2026-03-25", "date-time": "2026-03-25T09:30:00.000Z"}


def of_schema(schema: dict[str, Any], schemas: Schemas) -> Any:
    """An example of what a schema describes."""
    if name := name_of(schema):
        return EXAMPLES[name] if name in EXAMPLES else of_schema(schemas[name], schemas)
    for word in ("const", "default"):
        if word in schema:
            return schema[word]
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        nullable = {"type": "null"} in schema["anyOf"]
        return None if nullable else of_schema(schema["anyOf"][0], schemas)
    return _of_type(schema, schemas)


def _of_type(schema: dict[str, Any], schemas: Schemas) -> Any:
    members = schema.get("properties", {})
    match schema.get("type"):
        case "object":
            return {name: of_schema(member, schemas) for name, member in members.items()}
        case "array":
            return [of_schema(schema["items"], schemas)]
        case "string":
            return _TIMES.get(schema.get("format", ""), "text")
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return False
    return None


def of_parameter(place: str, name: str) -> Any:
    """An example of a parameter, or None: `agentId` is the id of the example of an `Agent`."""
    if place == "path":
        owner = name.removesuffix("Id")
        return EXAMPLES.get(owner.capitalize(), {}).get("id")
    return _HEADERS.get(name)
