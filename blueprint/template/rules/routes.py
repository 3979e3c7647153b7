"""The trap of a route that nobody guards, however it came to be: read from the translation."""

from collections.abc import Mapping
from typing import Any

from blueprint.template.routes import Mock, Router
from blueprint.template.rules.finding import Finding, Found
from blueprint.template.source import Place, Source, member

OPEN = frozenset(
    {
        ("PublicApi", "GET", "/api/v1/openapi.yaml"),
        ("PublicApi", "HEAD", "/api/v1/openapi.yaml"),
    }
)
"""The routes that need no credential. Beside them only hooks, which verify a signature."""

_HOOKS = ("DashboardApi", "/hooks/")


def open_routes(source: Source, resources: Mapping[str, Mapping[str, Any]]) -> Found:
    """Every route without authorizer that is not on the list; preflights invoke nothing."""
    for api, resource in resources.items():
        if resource["Type"] != "AWS::ApiGateway::RestApi":
            continue
        for method, route in Router(resource["Properties"]["Body"]):
            guarded = route.authorizer or isinstance(route.integration, Mock)
            if not guarded and not _may_be_open(api, method, route.resource):
                yield Finding(
                    _event(source, method, route.resource) or ("Resources", api),
                    f"everybody may call {method} {route.resource} of {api}. Take the event's "
                    "Auth: {Authorizer: NONE} away, or give the API a DefaultAuthorizer; a route "
                    "that is meant to be open goes on the list in blueprint/template/rules/"
                    "routes.py",
                )


def _may_be_open(api: str, method: str, path: str) -> bool:
    return (api, method, path) in OPEN or (api == _HOOKS[0] and path.startswith(_HOOKS[1]))


def _event(source: Source, method: str, path: str) -> Place | None:
    """Where the template has the event that makes a route."""
    for function, properties in source.resources("AWS::Serverless::Function"):
        for event in member(properties, "Events"):
            route = member(properties, "Events", event, "Properties")
            if (str(route.get("Method")).upper(), route.get("Path")) == (method, path):
                return "Resources", function, "Properties", "Events", event
    return None
