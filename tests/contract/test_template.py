"""What template.yaml must never lose, read from what CloudFormation would get."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from samtranslator.yaml_helper import yaml_parse

from agentcontainer import metrics
from agentcontainer.dynamodb.lean.client import DEADLINE_SECONDS
from blueprint.page.headers import page_headers
from blueprint.paths import TEMPLATE
from blueprint.template.translation import api_id, function_arn, load, table_arn, translate
from tests.support.events import PARAMETERS

SOURCE = yaml_parse(TEMPLATE.read_text())


@pytest.fixture(scope="module")
def translation() -> dict[str, Any]:
    """The translation with its references still in it."""
    return translate(TEMPLATE, {"Release": "a" * 64})


def of_type(resources: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    """The properties of the resources of a type, by logical id."""
    return {n: r.get("Properties", {}) for n, r in resources.items() if r["Type"] == kind}


def authorizers(resources: dict[str, Any]) -> dict[str, Any]:
    """The authorizers of all APIs."""
    return {
        name: scheme["x-amazon-apigateway-authorizer"]
        for api in of_type(resources, "AWS::ApiGateway::RestApi").values()
        for name, scheme in api["Body"]["components"]["securitySchemes"].items()
    }


def test_everything_invokes_the_alias(resources: dict[str, Any]) -> None:
    """A release and a roll-back reach handlers and authorizers alike; never `$LATEST`."""
    found = authorizers(resources)
    assert found.keys() == {"ApiKey", "Session"}
    assert all(each["authorizerUri"].endswith(":live/invocations") for each in found.values())
    for api in of_type(resources, "AWS::ApiGateway::RestApi").values():
        uris = re.findall(r'"uri": "([^"]*)"', json.dumps(api["Body"]))
        assert uris
        assert all(uri.endswith(":live/invocations") for uri in uris)


def test_authorizers_see_the_header_alone(resources: dict[str, Any]) -> None:
    """Of type TOKEN, so they can decide by nothing else."""
    assert {each["type"] for each in authorizers(resources).values()} == {"token"}


def test_validation_expressions_are_anchored_and_portable(resources: dict[str, Any]) -> None:
    """So that every reading of them, full match or search, agrees."""
    for authorizer in authorizers(resources).values():
        expression = authorizer["identityValidationExpression"]
        assert expression.startswith("^")
        assert expression.endswith("$")
        assert "(?" not in expression
        assert "\\b" not in expression
        assert "\\w" not in expression


def test_each_api_has_one_stage(resources: dict[str, Any]) -> None:
    """SAM makes a second one, called Stage, of an API that it takes for Swagger 2.0."""
    stages = of_type(resources, "AWS::ApiGateway::Stage").values()
    assert [stage["StageName"] for stage in stages] == ["live", "live"]


def test_a_release_publishes_every_function(translation: dict[str, Any]) -> None:
    """A change of a layer or a parameter alone would otherwise leave the old version in service."""
    other = translate(TEMPLATE, {"Release": "b" * 64})
    functions = of_type(translation["Resources"], "AWS::Lambda::Function")
    versions = set(of_type(translation["Resources"], "AWS::Lambda::Version"))
    assert len(versions) == len(functions)
    assert not versions & set(of_type(other["Resources"], "AWS::Lambda::Version"))
    for properties in functions.values():
        assert properties["Environment"]["Variables"]["RELEASE"] == {"Ref": "Release"}


def test_only_the_gateway_may_invoke_an_authorizer(translation: dict[str, Any]) -> None:
    """Through its alias, and only for authorizers of the one API."""
    permissions = of_type(translation["Resources"], "AWS::Lambda::Permission")
    for function, api in (("Authorizer", "PublicApi"), ("SessionAuthorizer", "DashboardApi")):
        [permission] = [
            permission
            for permission in permissions.values()
            if permission["FunctionName"] == {"Ref": f"{function}Aliaslive"}
        ]
        assert permission["Principal"] == "apigateway.amazonaws.com"
        assert permission["SourceArn"]["Fn::Sub"].endswith(f":${{{api}}}/authorizers/*")


def test_every_permission_names_its_source(translation: dict[str, Any]) -> None:
    """Without one, any account's API could invoke the function."""
    permissions = of_type(translation["Resources"], "AWS::Lambda::Permission").values()
    assert permissions
    assert all("SourceArn" in permission for permission in permissions)


def test_clerks_parameters_have_no_default_and_must_be_https() -> None:
    """So no deployed stack can trust the local run's key pair."""
    for name in ("ClerkIssuer", "ClerkAuthorizedParties", "DashboardOrigin"):
        parameter = SOURCE["Parameters"][name]
        assert "Default" not in parameter
        pattern = parameter["AllowedPattern"]
        assert re.fullmatch(pattern, "https://clerk.agentcontainer.com")
        for refused in (
            "http://localhost:3000",
            "http://localhost:3000/__clerk",
            "https://a.com,http://localhost:3000",
            "",
        ):
            assert not re.fullmatch(pattern, refused)
    assert re.fullmatch(
        SOURCE["Parameters"]["ClerkJwks"]["AllowedPattern"], PARAMETERS["ClerkJwks"]
    )


NO_ORIGINS = [
    "https://a.com/",
    "https://a.com//",
    "https://a.com/path",
    "https://A.com",
    "HTTPS://a.com",
    "https://a.com:443",
    "https://a.com:0443",
    "https://a.com:",
    "https://a.com?",
    "https://a.com#",
    "https://user@a.com",
    "https://a.com.",
    "https://.a.com",
    "https://a..com",
    "https://-a.com",
    "https://a-.com",
    "https://a_b.com",
    "https://*.a.com",
    "https://ü.com",
    "https://a.com\n",
    " https://a.com",
    "https://a.com ",
    "https://",
    "a.com",
]


@pytest.mark.parametrize("name", ["ClerkIssuer", "ClerkAuthorizedParties", "DashboardOrigin"])
def test_what_is_compared_exactly_is_demanded_exactly(name: str) -> None:
    """As a browser and Clerk spell an origin (RFC 6454, 6.2): in any other spelling nobody gets in.

    A stack with a slash at the end of its issuer would deploy, and refuse every session.
    """
    parameter = SOURCE["Parameters"][name]
    pattern = parameter["AllowedPattern"]
    for taken in (
        "https://a.com",
        "https://a-1.b2.co",
        "https://localhost:8443",
        "https://1.2.3.4",
    ):
        assert re.fullmatch(pattern, taken)
    for refused in NO_ORIGINS:
        assert not re.fullmatch(pattern, refused), refused
    assert "slash" in parameter["ConstraintDescription"]


def test_every_authorized_party_is_demanded_exactly() -> None:
    """Not the first or the last alone, and separated by commas alone."""
    pattern = SOURCE["Parameters"]["ClerkAuthorizedParties"]["AllowedPattern"]
    assert re.fullmatch(pattern, "https://a.com,https://b.com:8443,https://c.com")
    for wrong in NO_ORIGINS:
        assert not re.fullmatch(pattern, f"https://b.com,{wrong}"), wrong
        assert not re.fullmatch(pattern, f"{wrong},https://b.com"), wrong
    for separated in (", ", ",,", ";", "\n"):
        assert not re.fullmatch(pattern, f"https://a.com{separated}https://b.com")


@pytest.mark.parametrize("name", ["ApiDomain", "DashboardApiDomain"])
def test_a_domain_is_one(name: str) -> None:
    """In lower case and without dots around, as it stands in addresses that are compared."""
    pattern = SOURCE["Parameters"][name]["AllowedPattern"]
    assert re.fullmatch(pattern, "")
    assert re.fullmatch(pattern, "api.example.com")
    for wrong in ("api.example.com.", ".com", "a..b", "-a.com", "A.com", "https://a.com", "a.com/"):
        assert not re.fullmatch(pattern, wrong), wrong


def test_the_pages_policy_is_strict(resources: dict[str, Any]) -> None:
    """Scripts of ours alone, nothing inline, no markup from text; Clerk and our API are asked."""
    policy = dict(page_headers(resources))["Content-Security-Policy"]
    directives = {}
    for directive in policy.split(";"):
        name, *sources = directive.split()
        directives[name] = sources
    api = f"https://{api_id('DashboardApi')}.execute-api.eu-west-1.amazonaws.com"
    assert directives == {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": [
            "'self'",
            "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
            "'sha256-KQDhUccuEkZUQDnfbVDeY+ev2LZ+73AQR7ro4JppAY8='",
        ],
        "connect-src": ["'self'", PARAMETERS["ClerkIssuer"], api],
        "img-src": ["'self'", "data:", "https://img.clerk.com"],
        "font-src": ["'self'"],
        "worker-src": ["'self'", "blob:"],
        "frame-src": [],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["default"],
    }


def test_hosts_of_clerks_are_added_to_what_needs_them(tmp_path: Path) -> None:
    """For an instance with protection against bots; and nothing else can be slipped in."""
    hosts = "https://challenges.cloudflare.com https://*.protect.clerk.com"
    pattern = SOURCE["Parameters"]["ClerkScriptHosts"]["AllowedPattern"]
    assert re.fullmatch(pattern, "")
    assert re.fullmatch(pattern, hosts)
    for refused in ("*", "http://a.com", "https://a.com; script-src *", "'unsafe-inline'"):
        assert not re.fullmatch(pattern, refused)
    resources = load(TEMPLATE, PARAMETERS | {"ClerkScriptHosts": hosts}, tmp_path)
    policy = dict(page_headers(resources))["Content-Security-Policy"]
    for directive in ("script-src 'self'", "frame-src"):
        assert f"{directive} {hosts};" in policy


def test_no_function_refers_to_an_api_or_the_page(translation: dict[str, Any]) -> None:
    """That would be a cycle, which shows only at deployment: origins are parameters."""
    resources = translation["Resources"]
    kinds = ("AWS::ApiGateway::", "AWS::CloudFront::", "AWS::S3::")
    apart = {name for name, resource in resources.items() if resource["Type"].startswith(kinds)}
    assert {"PublicApi", "DashboardApi", "PageDistribution"} <= apart
    for properties in of_type(resources, "AWS::Lambda::Function").values():
        environment = json.dumps(properties["Environment"])
        assert not [name for name in apart if re.search(rf"\b{name}\b", environment)]


KEYS = {"Fn::GetAtt": ["Keys", "Arn"]}
ANY_KEY = None
COUNTS_REQUESTS = (["dynamodb:UpdateItem"], KEYS, ["rate#*"])
LOGS = {"KeyChangeRecorderRole": "KeyChangeLog"}
"""The log groups that are not named after their function."""

ALLOWED = {
    "AuthorizerRole": [(["dynamodb:GetItem"], KEYS, ["digest#*"])],
    "AccountRole": [
        (
            ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
            KEYS,
            ["account#*", "digest#*"],
        ),
        COUNTS_REQUESTS,
    ],
    "AgentsFunctionRole": [
        (
            ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"],
            {"Fn::GetAtt": ["Agents", "Arn"]},
            ["account#*", "idem#*"],
        ),
        COUNTS_REQUESTS,
    ],
    "ApiKeysRole": [
        (
            [
                *("dynamodb:ConditionCheckItem", "dynamodb:GetItem", "dynamodb:PutItem"),
                *("dynamodb:Query", "dynamodb:UpdateItem"),
            ],
            KEYS,
            ["account#*", "digest#*", "idem#*"],
        )
    ],
    "KeyChangeRecorderRole": [
        (
            [
                *("dynamodb:DescribeStream", "dynamodb:GetRecords"),
                *("dynamodb:GetShardIterator", "dynamodb:ListStreams"),
            ],
            {"Fn::Sub": "${Keys.Arn}/stream/*"},
            ANY_KEY,
        ),
        (["sqs:SendMessage"], {"Fn::GetAtt": ["UnrecordedKeyChanges", "Arn"]}, ANY_KEY),
    ],
    "OpenApiRole": [],
    "SessionAuthorizerRole": [],
    "UsageRecorderRole": [
        (["sqs:SendMessage"], {"Fn::GetAtt": ["UsageDeadLetters", "Arn"]}, ANY_KEY),
        (["dynamodb:PutItem"], KEYS, ["delivery#*"]),
        (["dynamodb:UpdateItem"], KEYS, ["usage#*"]),
        (["dynamodb:UpdateItem"], KEYS, ["account#*"]),
    ],
    "UsageRole": [
        (["dynamodb:GetItem"], KEYS, ["account#*"]),
        (["dynamodb:Query"], KEYS, ["usage#*"]),
    ],
}


def test_each_role_allows_exactly_this(translation: dict[str, Any]) -> None:
    """Actions, table and keys, beside writing its own log; anything more fails here."""
    roles = of_type(translation["Resources"], "AWS::IAM::Role")
    found = {}
    for name, role in roles.items():
        if "lambda.amazonaws.com" not in json.dumps(role["AssumeRolePolicyDocument"]):
            continue  # Those of other services: tests/contract/test_production.py.
        assert "ManagedPolicyArns" not in role, name
        log, *statements = [
            (
                [statement["Action"]]
                if isinstance(statement["Action"], str)
                else sorted(statement["Action"]),
                statement["Resource"],
                statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
                if "Condition" in statement
                else ANY_KEY,
            )
            for policy in role["Policies"]
            for statement in policy["PolicyDocument"]["Statement"]
        ]
        group = LOGS.get(name, f"{name.removesuffix('Role')}Log")
        assert log == (
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            {"Fn::GetAtt": [group, "Arn"]},
            ANY_KEY,
        )
        found[name] = statements
    assert found == ALLOWED


def test_each_function_works_by_its_own_role_and_log(translation: dict[str, Any]) -> None:
    """The one that is named after it."""
    for name, function in of_type(translation["Resources"], "AWS::Lambda::Function").items():
        assert function["Role"] == {"Fn::GetAtt": [f"{name}Role", "Arn"]}
        group = LOGS.get(f"{name}Role", f"{name}Log")
        assert function["LoggingConfig"]["LogGroup"] == {"Ref": group}


def test_the_recorder_changes_nothing_of_a_key_but_its_last_use(
    translation: dict[str, Any],
) -> None:
    """Nor can it read one: whatever it is told, the key's revision and state are not its own."""
    policies = translation["Resources"]["UsageRecorderRole"]["Properties"]["Policies"]
    [condition] = [
        statement["Condition"]
        for policy in policies
        for statement in policy["PolicyDocument"]["Statement"]
        if "account#*" in json.dumps(statement)
    ]
    attributes = condition["ForAllValues:StringLike"]["dynamodb:Attributes"]
    assert attributes == ["pk", "sk", "id", "lastUsedAt", "usedAt_*"]
    # Else the answer to an update would tell the rest.
    assert condition["StringEqualsIfExists"] == {"dynamodb:ReturnValues": "NONE"}


def test_only_the_access_logs_subscription_may_invoke_the_recorder(
    translation: dict[str, Any],
) -> None:
    """Of this account, through its alias; and it is there before the subscription is tried."""
    resources = translation["Resources"]
    log = {"Fn::GetAtt": ["PublicApiAccessLog", "Arn"]}
    permission = resources["UsageRecorderPermission"]["Properties"]
    assert permission["FunctionName"] == {"Ref": "UsageRecorderAliaslive"}
    assert permission["Principal"] == "logs.amazonaws.com"
    assert permission["SourceAccount"] == {"Ref": "AWS::AccountId"}
    assert permission["SourceArn"] == log
    subscription = resources["UsageSubscription"]
    assert subscription["DependsOn"] == "UsageRecorderPermission"
    assert subscription["Properties"]["DestinationArn"] == {"Ref": "UsageRecorderAliaslive"}
    stage = resources["PublicApiliveStage"]["Properties"]
    assert stage["AccessLogSetting"]["DestinationArn"] == log


def test_the_access_log_holds_no_path_query_or_header(resources: dict[str, Any]) -> None:
    """Ids, names of ours and numbers alone: these, and what is added is thought about here."""
    format_ = resources["PublicApiliveStage"]["Properties"]["AccessLogSetting"]["Format"]
    assert sorted(re.findall(r"\$[\w.]+", format_)) == [
        "$context.authorizer.accountId",
        "$context.authorizer.fingerprint",
        "$context.authorizer.keyId",
        "$context.authorizer.latency",
        "$context.authorizer.verdict",
        "$context.error.responseType",
        "$context.extendedRequestId",
        "$context.httpMethod",
        "$context.requestId",
        "$context.requestTimeEpoch",
        "$context.resourcePath",
        "$context.responseLatency",
        "$context.status",
    ]


def test_what_could_not_be_counted_waits_and_is_told(resources: dict[str, Any]) -> None:
    """As long as SQS keeps a letter, with an alarm on the first."""
    function = resources["UsageRecorder"]["Properties"]
    assert function["DeadLetterConfig"] == {"TargetArn": "UsageDeadLetters.Arn"}
    assert resources["UsageDeadLetters"]["Properties"]["MessageRetentionPeriod"] == 14 * 86_400
    alarm = resources["UsageDeadLettersAlarm"]["Properties"]
    assert alarm["Dimensions"] == [{"Name": "QueueName", "Value": "UsageDeadLetters.QueueName"}]
    assert (alarm["Statistic"], alarm["Threshold"]) == ("Maximum", 1)


def test_a_table_is_not_lost_with_its_stack(resources: dict[str, Any]) -> None:
    """Kept on deletion, protected from it, and restorable to any second."""
    for name, table in of_type(resources, "AWS::DynamoDB::Table").items():
        assert resources[name]["DeletionPolicy"] == "RetainExceptOnCreate"
        assert resources[name]["UpdateReplacePolicy"] == "Retain"
        assert table["DeletionProtectionEnabled"] is True
        assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True


def test_the_authorizer_mounts_our_code_alone(resources: dict[str, Any]) -> None:
    """No library's layer, and no snapshot, under which credentials would come from elsewhere."""
    function = resources["Authorizer"]["Properties"]
    assert [re.sub(r"[0-9a-f]{10}$", "", layer) for layer in function["Layers"]] == ["CoreLayer"]
    assert "SnapStart" not in function


def test_the_authorizer_gives_up_before_it_is_killed(resources: dict[str, Any]) -> None:
    """So that a store which hangs is an error with a line in the log."""
    assert resources["Authorizer"]["Properties"]["Timeout"] >= DEADLINE_SECONDS + 1


def test_no_change_to_a_key_goes_unrecorded_unnoticed(resources: dict[str, Any]) -> None:
    """From the audit event in the stream to a log of its own; what fails ends where an alarm is."""
    mapping = resources["KeyChanges"]["Properties"]
    function = resources["KeyChangeRecorder"]["Properties"]
    assert resources["Keys"]["Properties"]["StreamSpecification"] == {"StreamViewType": "NEW_IMAGE"}
    assert mapping["EventSourceArn"] == f"{table_arn('Keys')}/stream/local"
    assert mapping["FunctionName"] == f"{function_arn('KeyChangeRecorder')}:live"
    assert mapping["StartingPosition"] == "TRIM_HORIZON"
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["MaximumRetryAttempts"] == -1
    queue = "UnrecordedKeyChanges"
    assert mapping["DestinationConfig"]["OnFailure"]["Destination"] == f"{queue}.Arn"
    alarms = of_type(resources, "AWS::CloudWatch::Alarm")
    for name, metric, dimension in (
        ("UnrecordedKeyChangesAlarm", "ApproximateNumberOfMessagesVisible", f"{queue}.QueueName"),
        ("LateKeyChangesAlarm", "IteratorAge", "KeyChangeRecorder"),
    ):
        assert alarms[name]["MetricName"] == metric
        assert [each["Value"] for each in alarms[name]["Dimensions"]] == [dimension]
    assert function["LoggingConfig"] == {
        "LogGroup": "KeyChangeLog",
        "LogFormat": "JSON",
        "SystemLogLevel": "WARN",
    }
    log = resources["KeyChangeLog"]
    assert (log["DeletionPolicy"], log["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")
    assert log["Properties"]["RetentionInDays"] == 400


def test_an_alarm_watches_whom_the_authorizer_believes(
    resources: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """It is of the metric that the warning's line makes."""
    metrics.warn("TRUST_FALLBACK", "unable to get local issuer certificate")
    line = json.loads(capsys.readouterr().out)
    [metric] = line["_aws"]["CloudWatchMetrics"]
    [dimension] = metric["Dimensions"][0]
    alarm = resources["AuthorizerTrustAlarm"]["Properties"]
    assert alarm["Namespace"] == metric["Namespace"]
    assert alarm["MetricName"] == metric["Metrics"][0]["Name"]
    assert alarm["Dimensions"] == [{"Name": dimension, "Value": line[dimension]}]
    assert alarm["Threshold"] == line[alarm["MetricName"]]


def test_the_template_is_plain_yaml_for_other_tools() -> None:
    """Nothing but CloudFormation's own tags."""
    tags = set(re.findall(r"!(\w+)", TEMPLATE.read_text()))
    assert tags <= {"And", "Equals", "GetAtt", "If", "Not", "Ref", "Select", "Split", "Sub"}
    assert yaml.compose(TEMPLATE.read_text()) is not None
