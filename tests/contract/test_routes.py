"""Template, handlers and document name the same routes; one place forgotten is named here."""

import re
from typing import Any

import pytest
import yaml
from pydantic.alias_generators import to_camel

from agentcontainer.auth.scopes import ALL_SCOPES
from agentcontainer.web.callers import RouteRequirements
from blueprint.paths import ROOT
from blueprint.template.functions import deployed
from blueprint.template.routes import Lambda, Router
from tests.support.resolvers import KEY_FUNCTIONS, SESSION_FUNCTIONS

APIS = {"PublicApi": KEY_FUNCTIONS, "DashboardApi": SESSION_FUNCTIONS}
"""The resolvers of each API, by function."""

CATCH_ALLS = {("ANY", "/"), ("ANY", "/{proxy+}")}
DOCUMENT = {("GET", "/api/v1/openapi.yaml"), ("HEAD", "/api/v1/openapi.yaml")}

type Routes = set[tuple[str, str]]


def template_routes(resources: dict[str, Any], api: str) -> dict[tuple[str, str], Any]:
    """What the gateway is told, by method and path."""
    router = Router(resources[api]["Properties"]["Body"])
    return {(method, route.resource): route for method, route in router}


def resolver_routes(api: str) -> Routes:
    """What the handlers answer to, with the path's parameters as the template writes them."""
    return {
        (method, as_template(path))
        for resolver in APIS[api].values()
        for method, path in resolver.endpoints
    }


def as_template(path: str) -> str:
    """A resolver's path as the template writes it: `<key_id>` is `{keyId}`."""
    return re.sub(r"<(\w+)>", lambda name: f"{{{to_camel(name[1])}}}", path)


@pytest.mark.parametrize("api", APIS)
def test_the_template_has_the_handlers_routes(resources: dict[str, Any], api: str) -> None:
    """Each route of a handler, the document's, the catch-alls and preflights; nothing else."""
    routes = template_routes(resources, api)
    preflights = {route for route in routes if route[0] == "OPTIONS"}
    own = set(routes) - preflights - CATCH_ALLS - DOCUMENT
    assert own == resolver_routes(api)
    assert set(routes) >= CATCH_ALLS
    assert bool(preflights) == (api == "DashboardApi")


def test_a_route_is_served_by_the_function_that_has_it(resources: dict[str, Any]) -> None:
    """The template sends each path to the handler that registered it."""
    logical_ids = {function.name: function.logical_id for function in deployed()}
    for api, resolvers in APIS.items():
        routes = template_routes(resources, api)
        for name, resolver in resolvers.items():
            for method, path in resolver.endpoints:
                route = routes[method, as_template(path)]
                assert route.integration == Lambda(logical_ids[name])


@pytest.mark.parametrize(
    ("api", "path"),
    [("PublicApi", "functions/openapi/openapi.yaml"), ("DashboardApi", "docs/dashboard-api.yaml")],
)
def test_each_document_has_the_routes_of_its_api(
    resources: dict[str, Any], api: str, path: str
) -> None:
    """Each of them, and none that is not served."""
    document = yaml.safe_load((ROOT / path).read_text())
    documented = {
        (method.upper(), path)
        for path, operations in document["paths"].items()
        for method in operations
    }
    routes = set(template_routes(resources, api))
    assert documented == {route for route in routes - CATCH_ALLS if route[0] != "OPTIONS"}


def test_the_dashboards_document_is_not_served() -> None:
    """It is no file of any function, and the public one names nothing of it."""
    assert not list((ROOT / "functions").rglob("*dashboard*"))
    assert "/dashboard/v1" not in (ROOT / "functions/openapi/openapi.yaml").read_text()


def test_who_needs_no_credential(resources: dict[str, Any]) -> None:
    """By name: the public document, and the preflights that no function answers."""
    open_routes = {
        (api, *route)
        for api in APIS
        for route, served in template_routes(resources, api).items()
        if served.authorizer is None
    }
    preflights = {
        ("DashboardApi", "OPTIONS", path) for _, path in template_routes(resources, "DashboardApi")
    }
    assert open_routes == {("PublicApi", *route) for route in DOCUMENT} | preflights


def test_each_api_has_its_own_authorizer(resources: dict[str, Any]) -> None:
    """Keys open one and sessions the other, on every route that is not open."""
    for api, authorizer in (("PublicApi", "ApiKey"), ("DashboardApi", "Session")):
        used = {route.authorizer for route in template_routes(resources, api).values()}
        assert used == {authorizer, None}


def requirements(api: str) -> dict[tuple[str, str], RouteRequirements]:
    """What each route of an API demands."""
    return {
        route: endpoint.requirements
        for resolver in APIS[api].values()
        for route, endpoint in resolver.endpoints.items()
    }


def test_which_routes_any_key_may_call() -> None:
    """By name: that of its own account, and that which ends it. The others demand a scope."""
    free = {route for route, required in requirements("PublicApi").items() if not required.scope}
    assert free == {("GET", "/api/v1/account"), ("DELETE", "/api/v1/account/key")}


def test_a_scope_is_what_some_route_demands() -> None:
    """None that can be demanded opens nothing, and none is demanded that no key can have."""
    demanded = {required.scope for required in requirements("PublicApi").values()} - {None}
    assert demanded == set(ALL_SCOPES), "routes and auth/scopes.py differ"


def test_what_changes_something_is_for_those_who_may_manage() -> None:
    """In an organization a member may look, and no more."""
    for_members = {
        route for route, required in requirements("DashboardApi").items() if not required.admin_only
    }
    assert {method for method, _ in for_members} == {"GET"}
