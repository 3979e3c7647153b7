from typing import Any

import pytest

from blueprint.template.routes import Lambda, Mock, Router
from blueprint.template.translation import TemplateError


def body(*paths: tuple[str, str]) -> dict[str, Any]:
    """An OpenAPI body with these methods of these paths, each served by a function of its name."""
    made: dict[str, Any] = {"paths": {}}
    for number, (method, path) in enumerate(paths):
        uri = f"arn:aws:apigateway:r:lambda:path/functions/arn:aws:lambda:r:1:function:F{number}"
        made["paths"].setdefault(path, {})[method] = {
            "x-amazon-apigateway-integration": {
                "type": "aws_proxy",
                "uri": f"{uri}:live/invocations",
            },
            "security": [{"Key": []}],
        }
    return made


ANY = "x-amazon-apigateway-any-method"
ROUTER = Router(
    body(
        (ANY, "/{proxy+}"),
        (ANY, "/"),
        ("get", "/x/{id}"),
        ("post", "/x/me"),
        ("get", "/x"),
        ("get", "/x/{id}/y"),
    )
)


@pytest.mark.parametrize(
    ("method", "path", "resource", "parameters"),
    [
        ("GET", "/x", "/x", {}),
        ("GET", "/x/1", "/x/{id}", {"id": "1"}),
        ("GET", "/x/1/y", "/x/{id}/y", {"id": "1"}),
        ("GET", "/x//y", "/{proxy+}", {"proxy": "x//y"}),
        ("GET", "/x/1/z", "/{proxy+}", {"proxy": "x/1/z"}),
        ("POST", "/x/you", "/{proxy+}", {"proxy": "x/you"}),
        ("POST", "/%78/m%65", "/x/me", {}),
        ("GET", "/x/%61%2f", "/x/{id}", {"id": "%61%2f"}),
        ("GET", "/x%2F1", "/{proxy+}", {"proxy": "x%2F1"}),
    ],
)
def test_a_request_is_served_by_resource_and_method(
    method: str, path: str, resource: str, parameters: dict[str, str]
) -> None:
    """The most specific resource that has the method; the catch-all for what none has."""
    match = ROUTER.match(method, path)
    assert match is not None
    assert (match[0].resource, match[1]) == (resource, parameters)
    assert isinstance(match[0].integration, Lambda)


def test_an_unknown_integration_is_refused_at_start() -> None:
    """By name, rather than emulated wrongly."""
    made = body(("get", "/x"))
    made["paths"]["/x"]["get"]["x-amazon-apigateway-integration"]["type"] = "http_proxy"
    with pytest.raises(TemplateError, match="http_proxy"):
        Router(made)


def test_a_preflight_is_read_from_the_translation(resources: dict[str, Any]) -> None:
    """Status, headers and body are the template's, with the origin filled in."""
    router = Router(resources["DashboardApi"]["Properties"]["Body"])
    match = router.match("OPTIONS", "/dashboard/v1/api-keys")
    assert match is not None
    assert match[0].authorizer is None
    assert isinstance(match[0].integration, Mock)
    assert match[0].integration.status == 200
    assert match[0].integration.headers["Access-Control-Allow-Origin"] == (
        "https://app.agentcontainer.test"
    )
