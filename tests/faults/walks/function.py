"""A function with one route, its role, its log and its alarm."""

from tests.faults.fault import Edit
from tests.faults.walks.places import (
    EVENTS,
    EVERY_ROUTE,
    EXAMPLES,
    HANDBOOK,
    NAMES,
    PRODUCTION,
    PUBLIC_DOCUMENT,
    RESOURCES,
    ROUTES,
    SOURCES,
    TEMPLATE,
    append,
    event,
    insert,
)
from tests.faults.walks.walk import Step, Walk

_TASKS = "functions/tasks/handler.py"
_ROLE = "      Role: !GetAtt TasksRole.Arn\n"

FUNCTION = Walk(
    "A function",
    (
        Step(
            name="the handler",
            told_by=f"{PRODUCTION}::test_every_function_is_deployed",
            says="tasks",
            edits=(
                Edit(
                    _TASKS,
                    "",
                    '''\
"""Tasks: what agents are to do."""

import agentcontainer.gc_tuning  # noqa: F401 -- before the libraries, which it lets load faster

# isort: split
from typing import Any

from agentcontainer import settings
from agentcontainer.agents.store import AgentStore
from agentcontainer.auth.rate_limit import RateCounter
from agentcontainer.dynamodb.table import Table
from agentcontainer.web.key_caller import KeyCaller
from agentcontainer.web.models import Answer
from agentcontainer.web.resolver import Api

keys = Table(settings.keys_table())
api = Api(KeyCaller(RateCounter(keys)), tag="Tasks")
store = AgentStore(keys.beside(settings.agents_table()))


class Task(Answer):
    """What an agent is to do."""

    agent_id: str
    name: str


class TaskPage(Answer):
    """The tasks of the newest agents."""

    data: list[Task]


@api.endpoint("GET", "/api/v1/tasks", scope="agents:read")
def list_tasks() -> TaskPage:
    """List the tasks.

    One of each of the newest agents.
    """
    account_id = api.principal.account_id
    agents, _ = store.page(account_id, after=None, limit=20, wanted=lambda _: True)
    return TaskPage(data=[Task(agent_id=agent.id, name=agent.name) for agent in agents])


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry."""
    return api.resolve(event, context)
''',
                ),
            ),
        ),
        Step(
            name="the function",
            told_by=f"{PRODUCTION}::test_every_function_is_deployed",
            says="tasks",
            edits=(
                insert(
                    "template.yaml",
                    "  OpenApi:\n    Type: AWS::Serverless::Function\n",
                    f"""\
  Tasks:
    Type: AWS::Serverless::Function
    Properties:
      Description: What agents are to do.
      CodeUri: functions/tasks
{_ROLE}\
      Layers: [!Ref CoreLayer, !Ref DependenciesLayer]
      Environment:
        Variables:
          KEYS_TABLE: !Ref Keys
          AGENTS_TABLE: !Ref Agents
      Events:
        ListTasks:
          Type: Api
          Properties: {{RestApiId: !Ref PublicApi, Method: GET, Path: /api/v1/tasks}}

""",
                ),
            ),
        ),
        Step(
            name="published with each release",
            told_by=f"{TEMPLATE}::test_a_release_publishes_every_function",
            says="TasksVersion",
            within="the function",
            edits=(insert("template.yaml", _ROLE, "      AutoPublishCodeSha256: !Ref Release\n"),),
        ),
        Step(
            name="its log",
            told_by=f"{PRODUCTION}::test_every_function_is_looked_after[Tasks]",
            says="Tasks has no LoggingConfig",
            within="the function",
            edits=(
                append("template.yaml", _ROLE, "      LoggingConfig: {LogGroup: !Ref TasksLog}\n"),
            ),
        ),
        Step(
            name="its alarm at a deployment",
            told_by=f"{PRODUCTION}::test_every_function_is_looked_after[Tasks]",
            says="Tasks has no DeploymentPreference",
            within="the function",
            edits=(
                append(
                    "template.yaml",
                    _ROLE,
                    "      DeploymentPreference: {Alarms: [!Ref TasksErrors]}\n",
                ),
            ),
        ),
        Step(
            name="the log group",
            told_by=f"{PRODUCTION}::test_every_function_is_looked_after[Tasks]",
            says="TasksLog",
            edits=(append("template.yaml", "  UsageRecorderLog: *Log\n", "  TasksLog: *Log\n"),),
        ),
        Step(
            name="the alarm",
            told_by=f"{PRODUCTION}::test_every_function_is_looked_after[Tasks]",
            says="no alarm is on the errors of Tasks",
            edits=(
                insert(
                    "template.yaml",
                    "  OpenApiErrors:\n",
                    """\
  TasksErrors:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmDescription: >-
        The function behind /api/v1/tasks raises or runs out of time.
      Namespace: AWS/Lambda
      MetricName: Errors
      Dimensions: [{Name: FunctionName, Value: !Ref Tasks}]
      Statistic: Sum
      Period: 60
      EvaluationPeriods: 5
      DatapointsToAlarm: 2
      Threshold: 1
      ComparisonOperator: GreaterThanOrEqualToThreshold
      TreatMissingData: notBreaching
      AlarmActions: *Tell

""",
                ),
            ),
        ),
        Step(
            name="the role",
            told_by=f"{TEMPLATE}::test_each_role_allows_exactly_this",
            says="TasksRole",
            edits=(
                insert(
                    "template.yaml",
                    "  OpenApiRole:\n",
                    """\
  TasksRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: *LambdaAssumes
      Policies:
        - PolicyName: what-it-does
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: [logs:CreateLogStream, logs:PutLogEvents]
                Resource: !GetAtt TasksLog.Arn
              - Effect: Allow
                Action: dynamodb:Query
                Resource: !GetAtt Agents.Arn
                Condition:
                  ForAllValues:StringLike:
                    dynamodb:LeadingKeys: ["account#*"]
              - Effect: Allow
                Action: dynamodb:UpdateItem
                Resource: !GetAtt Keys.Arn
                Condition: *RateCounters

""",
                ),
            ),
        ),
        Step(
            name="what the role allows",
            told_by=f"{TEMPLATE}::test_each_role_allows_exactly_this",
            says="TasksRole",
            edits=(
                insert(
                    TEMPLATE,
                    '    "UsageRole": [\n',
                    """\
    "TasksRole": [
        (["dynamodb:Query"], {"Fn::GetAtt": ["Agents", "Arn"]}, ["account#*"]),
        COUNTS_REQUESTS,
    ],
""",
                ),
            ),
        ),
        Step(
            name="what to do at its alarm",
            told_by=f"{HANDBOOK}::test_every_alarm_has_its_row",
            says=r"docs/operations\.md says nothing about TasksErrors",
            edits=(
                insert(
                    "docs/operations.md",
                    "| `OpenApiErrors` |",
                    "| `TasksErrors` | The same behind `/api/v1/tasks` | Log, then go back |\n",
                ),
            ),
        ),
        PUBLIC_DOCUMENT,
        RESOURCES,
        Step(
            name="its published names",
            told_by=f"{NAMES}::test_the_names_of_a_document_are_frozen[public]",
            says="listTasks",
            edits=(
                insert("tests/data/published-names.yaml", "  - updateAgent\n", "  - listTasks\n"),
                insert(
                    "tests/data/published-names.yaml",
                    "  - UpdateAgent\n",
                    "  - Task\n  - TaskPage\n",
                ),
            ),
        ),
        Step(
            name="an event",
            told_by=f"{EVENTS}::test_every_event_and_every_function_is_here",
            says="tasks",
            edits=(event("agents/list", "tasks/list", "GET /api/v1/tasks", "/api/v1/tasks"),),
        ),
        Step(
            name="what the event is answered",
            told_by=f"{EVENTS}::test_every_event_and_every_function_is_here",
            says="tasks",
            edits=(
                insert(
                    "tests/support/event_fixtures.py",
                    '    "usage/get": 200,\n',
                    '    "tasks/list": 200,\n',
                ),
            ),
        ),
        Step(
            name="who asks in the event",
            told_by=f"{EVENTS}::test_the_folders_of_events_are_listed",
            says=r"events/README\.md[\s\S]*tasks",
            edits=(
                insert("events/README.md", "| `usage/` |", "| `tasks/` | Tasks | the same key |\n"),
            ),
        ),
        Step(
            name="its tests",
            told_by=f"{SOURCES}::test_every_function_has_tests_of_its_own",
            says=r"tests/unit/functions/test_tasks\.py",
            edits=(
                Edit(
                    "tests/unit/functions/test_tasks.py",
                    "",
                    '''\
import pytest

from tests.support.event_fixtures import store_what_they_are_about
from tests.support.events import body, event
from tests.support.resolvers import invoke

pytestmark = pytest.mark.usefixtures("tables")


def test_each_agent_has_a_task() -> None:
    """By its id and name."""
    store_what_they_are_about()
    [task] = body(invoke("tasks", event("tasks/list")))["data"]
    assert task == {"agentId": event("agents/get")["pathParameters"]["agentId"], "name": "analyst"}
''',
                ),
            ),
        ),
        Step(
            name="the changelog",
            told_by=f"{NAMES}::test_what_is_new_stands_in_the_changelog",
            says=r"CHANGELOG\.md says nothing of GET /api/v1/tasks",
            edits=(
                append(
                    "CHANGELOG.md",
                    "## Unreleased\n\n### Added\n",
                    "- `GET /api/v1/tasks`: what agents are to do.\n",
                ),
            ),
        ),
    ),
    also=(
        EVENTS,
        EVERY_ROUTE,
        EXAMPLES,
        PRODUCTION,
        ROUTES,
        TEMPLATE,
        "tests/unit/functions/test_tasks.py",
    ),
)
