"""What several walks edit, make or ask."""

import json
from typing import Any

from blueprint.paths import ROOT
from tests.faults.fault import Edit
from tests.faults.walks.walk import DOCUMENTS, Step

FIELDS = "tests/unit/agentcontainer/test_fields.py"
PAGE = "tests/contract/test_page.py"
ROUTES = "tests/contract/test_routes.py"
EVENTS = "tests/unit/functions/test_events.py"
EVERY_ROUTE = "tests/unit/functions/test_every_route.py"
EXAMPLES = "tests/contract/test_examples.py"
NAMES = "tests/contract/test_published_names.py"
PRODUCTION = "tests/contract/test_production.py"
TEMPLATE = "tests/contract/test_template.py"
HANDBOOK = "tests/contract/test_operations.py"
SOURCES = "tests/contract/test_sources.py"

READERS = (NAMES, EXAMPLES, HANDBOOK, DOCUMENTS)
"""What reads that which is generated. The others need not wait until it is."""


def insert(file: str, before: str, text: str) -> Edit:
    """Text in front of what stands there once."""
    return Edit(file, before, text + before)


def append(file: str, after: str, text: str) -> Edit:
    """Text behind what stands there once."""
    return Edit(file, after, after + text)


def event(nearest: str, name: str, request: str, path: str, body: str | None = None) -> Edit:
    """A new event, made from the nearest one that there is; `request` is method and resource."""
    method, resource = request.split()
    made: dict[str, Any] = json.loads((ROOT / f"events/{nearest}.json").read_text("utf-8"))
    made |= {"httpMethod": method, "resource": resource, "path": path, "body": body}
    made |= dict.fromkeys(("queryStringParameters", "multiValueQueryStringParameters"))
    made["requestContext"] |= {
        "httpMethod": method,
        "resourcePath": resource,
        "path": f"/live{path}",
    }
    return Edit(f"events/{name}.json", "", json.dumps(made, indent=2) + "\n")


def route(name: str, method: str, path: str) -> Edit:
    """A route of the function that has those of agents."""
    properties = f'{{RestApiId: !Ref PublicApi, Method: {method}, Path: "{path}"}}'
    return insert(
        "template.yaml",
        "        GetAgent:\n          Type: Api\n",
        f"        {name}:\n          Type: Api\n          Properties: {properties}\n",
    )


PUBLIC_DOCUMENT = Step(
    name="the documents",
    module="tools.openapi",
    told_by=DOCUMENTS,
    says=r"functions/openapi/openapi\.yaml is not what the handlers say",
)
RESOURCES = Step(
    name="the table of resources",
    module="tools.dev.resources",
    told_by=f"{HANDBOOK}::test_every_resource_is_listed_with_its_idle_costs",
    says=r"docs/operations\.md: run python -m tools\.dev\.resources",
)
