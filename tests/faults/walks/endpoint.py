"""An endpoint of a function that there is: a POST, which takes the most."""

from tests.faults.fault import Edit
from tests.faults.walks.places import (
    EVENTS,
    EVERY_ROUTE,
    EXAMPLES,
    NAMES,
    PUBLIC_DOCUMENT,
    RESOURCES,
    ROUTES,
    append,
    event,
    insert,
    route,
)
from tests.faults.walks.walk import Step, Walk

_OF_AGENTS = "functions/agents/handler.py"

ENDPOINT = Walk(
    "An endpoint",
    (
        Step(
            name="the handler",
            told_by=f"{ROUTES}::test_the_template_has_the_handlers_routes",
            says=r"/api/v1/agents/\{agentId\}/copy",
            edits=(
                Edit(
                    _OF_AGENTS,
                    "# isort: split\nimport re\n",
                    "# isort: split\nimport re\nfrom copy import replace\n",
                ),
                insert(
                    _OF_AGENTS,
                    "class RuntimeObject(",
                    '''\
class CopyAgent(InputModel):
    """What the copy of an agent is to be."""

    name: Name = unset()
    """Left out, it is that of the agent."""


_AS_IT_IS = CopyAgent()


''',
                ),
                insert(
                    _OF_AGENTS,
                    '@api.endpoint("GET", _VERSIONS,',
                    '''\
@api.endpoint(
    "POST",
    f"{_AGENT}/copy",
    scope="agents:write",
    status=HTTPStatus.CREATED,
    headers=["ETag", "Location"],
)
def copy_agent(
    agent_id: str, copy: CopyAgent = _AS_IT_IS, idempotency_key: IdempotencyKey = None
) -> AgentObject:
    """Copy an agent.

    The agent's configuration is the copy's first version.
    """
    now = utc_now()
    agent = store.get(api.principal.account_id, agent_id)
    made = Agent(
        id=new_id("agt", now),
        account_id=agent.account_id,
        name=copy.name or agent.name,
        description=agent.description,
        version=replace(agent.version, id=new_id("agv", now), number=1, created_at=now),
        created_at=now,
        updated_at=now,
    )
    created = api.result(store.create(made, api.once(idempotency_key, now)))
    api.response_headers["Location"] = f"{_AGENTS}/{created.id}"
    return _shown(created)


''',
                ),
            ),
        ),
        Step(
            name="the template",
            told_by=f"{ROUTES}::test_the_template_has_the_handlers_routes",
            says=r"/api/v1/agents/\{agentId\}/copy",
            edits=(route("CopyAgent", "POST", "/api/v1/agents/{agentId}/copy"),),
        ),
        Step(
            name="an example",
            told_by=f"{EXAMPLES}::test_what_is_sent_has_an_example_of_its_own[public]",
            says=r"tools/openapi/examples\.yaml has no CopyAgent",
            edits=(
                insert(
                    "tools/openapi/examples.yaml",
                    "Agent:\n  id: ",
                    "CopyAgent:\n  name: analyst of this year\n",
                ),
            ),
        ),
        PUBLIC_DOCUMENT,
        RESOURCES,
        Step(
            name="its published names",
            told_by=f"{NAMES}::test_the_names_of_a_document_are_frozen[public]",
            says="copyAgent",
            edits=(
                insert("tests/data/published-names.yaml", "  - createAgent\n", "  - copyAgent\n"),
                insert("tests/data/published-names.yaml", "  - CreateAgent\n", "  - CopyAgent\n"),
            ),
        ),
        Step(
            name="an event",
            told_by=f"{EVENTS}::test_every_event_and_every_function_is_here",
            says="agents/copy",
            edits=(
                event(
                    "agents/update",
                    "agents/copy",
                    "POST /api/v1/agents/{agentId}/copy",
                    "/api/v1/agents/agt_01m85vsv00d1r3w7k4n6p8q2sx/copy",
                    '{"name": "analyst of this year"}',
                ),
            ),
        ),
        Step(
            name="what the event is answered",
            told_by=f"{EVENTS}::test_every_event_and_every_function_is_here",
            says="agents/copy",
            edits=(
                insert(
                    "tests/support/event_fixtures.py",
                    '    "agents/create": 201,\n',
                    '    "agents/copy": 201,\n',
                ),
            ),
        ),
        Step(
            name="another body",
            told_by=f"{EVERY_ROUTE}::test_another_body_under_the_same_idempotency_key_is_422",
            says="OTHER_BODIES has no copy",
            edits=(
                append(
                    EVERY_ROUTE,
                    '    "api-keys": {"name": "other"},\n',
                    '    "copy": {"name": "other"},\n',
                ),
            ),
        ),
        Step(
            name="the changelog",
            told_by=f"{NAMES}::test_what_is_new_stands_in_the_changelog",
            says=r"CHANGELOG\.md says nothing of POST /api/v1/agents/\{agentId\}/copy",
            edits=(
                append(
                    "CHANGELOG.md",
                    "## Unreleased\n\n### Added\n",
                    "- `POST /api/v1/agents/{agentId}/copy`: another agent of the same form.\n",
                ),
            ),
        ),
    ),
    also=(EVENTS, EVERY_ROUTE, EXAMPLES),
)
