"""A scope that keys can have, with a route that demands it."""

from tests.faults.fault import CORE
from tests.faults.walks.places import PAGE, ROUTES, append, insert, route
from tests.faults.walks.walk import DOCUMENTS, Step, Walk

_OF_AGENTS = "functions/agents/handler.py"
SCOPE = Walk(
    "A scope",
    (
        Step(
            name="its name",
            told_by=f"{ROUTES}::test_a_scope_is_what_some_route_demands",
            says=r"tasks:read[\s\S]*auth/scopes\.py|auth/scopes\.py[\s\S]*tasks:read",
            edits=(
                append(
                    f"{CORE}/auth/scopes.py",
                    'Scope = Literal["agents:read", "agents:write"',
                    ', "tasks:read"',
                ),
            ),
        ),
        Step(
            name="the page's words",
            told_by=f"{PAGE}::test_the_page_has_a_word_for_each",
            says=r"words\.js[\s\S]*tasks:read",
            edits=(
                append(
                    "dashboard/app/words.js",
                    "text: 'Create, change and archive agents.' },\n",
                    "  { id: 'tasks:read', label: 'Read tasks', text: 'See what agents do.' },\n",
                ),
            ),
        ),
        Step(
            name="a route that demands it",
            told_by=f"{ROUTES}::test_a_scope_is_what_some_route_demands",
            says=r"routes and auth/scopes\.py differ[\s\S]*tasks:read",
            walk="An endpoint",
            edits=(
                insert(
                    _OF_AGENTS,
                    "def _shown(",
                    '''\
@api.endpoint("GET", f"{_AGENT}/task", scope="tasks:read", headers=["ETag"])
def get_agent_task(agent_id: str) -> AgentObject:
    """Get the agent as its next task sees it."""
    return _shown(store.get(api.principal.account_id, agent_id))


''',
                ),
                route("GetAgentTask", "GET", "/api/v1/agents/{agentId}/task"),
            ),
        ),
        Step(
            name="the documents",
            module="tools.openapi",
            told_by=DOCUMENTS,
            says=r"docs/dashboard-api\.yaml is not what the handlers say",
        ),
    ),
    also=(ROUTES, PAGE),
)
