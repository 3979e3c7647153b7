"""The functions that template.yaml deploys, and what it mounts on them and routes to them."""

from typing import Any, NamedTuple

from blueprint.paths import TEMPLATE
from blueprint.template.source import Source


class Deployed(NamedTuple):
    """A function of the template."""

    logical_id: str
    folder: str
    """Its `CodeUri`, as `functions/agents`."""
    layers: tuple[str, ...]
    """The logical ids of its layers."""
    apis: tuple[str, ...]
    """The logical ids of the APIs that have routes to it."""
    environment: dict[str, object]
    """Its own variables; a value of the stack's is a map, as `{"Ref": "Keys"}`."""

    @property
    def name(self) -> str:
        """Its folder's name, which is that of its events' folder too."""
        return self.folder.rpartition("/")[2]

    @property
    def package(self) -> str:
        """Where its handler is imported from."""
        return self.folder.replace("/", ".")


def deployed(source: Source | None = None) -> list[Deployed]:
    """All of them, in the template's order."""
    source = source or Source(TEMPLATE)
    return [
        Deployed(
            name,
            properties["CodeUri"],
            tuple(layer["Ref"] for layer in properties.get("Layers", ())),
            _apis(properties.get("Events", {})),
            properties.get("Environment", {}).get("Variables", {}),
        )
        for name, properties in source.resources("AWS::Serverless::Function")
    ]


def _apis(events: dict[str, dict[str, Any]]) -> tuple[str, ...]:
    routes = (event["Properties"] for event in events.values() if event["Type"] == "Api")
    return tuple(sorted({route["RestApiId"]["Ref"] for route in routes}))
