"""What an operator relies on, read from what CloudFormation would get."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from blueprint.page.headers import page_headers
from blueprint.paths import ROOT, TEMPLATE
from blueprint.template.functions import deployed
from blueprint.template.translation import load, translate
from tests.contract.test_template import SOURCE, of_type
from tests.support.events import PARAMETERS

DOMAINS = {
    "ApiDomain": "api.agentcontainer.test",
    "DashboardApiDomain": "dashboard-api.agentcontainer.test",
    "ApiCertificate": "arn:aws:acm:eu-west-1:123456789012:certificate/1",
    "PageCertificate": "arn:aws:acm:us-east-1:123456789012:certificate/2",
}
WEB_ACL = "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/one/1"


@pytest.fixture(scope="module")
def translation() -> dict[str, Any]:
    """The resources with their references still in them."""
    translated: dict[str, Any] = translate(TEMPLATE, {"Release": "a" * 64})["Resources"]
    return translated


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The resources with every switch on."""
    switches = DOMAINS | {
        "WebAclArn": WEB_ACL,
        "AuthorizerConcurrency": "50",
        "AlarmEmail": "operators@agentcontainer.test",
    }
    return load(TEMPLATE, PARAMETERS | switches, tmp_path_factory.mktemp("everything"))


FUNCTIONS = [
    name
    for name, resource in SOURCE["Resources"].items()
    if resource["Type"] == "AWS::Serverless::Function"
]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_is_looked_after(name: str, translation: dict[str, Any]) -> None:
    """By a log that ends, an alarm on its errors, and deployments that this alarm takes back.

    The pattern is two lines in the function, a log group and an alarm: see any other function.
    """
    log = translation[name]["Properties"]["LoggingConfig"].get("LogGroup")
    assert log, f"{name} has no LoggingConfig: {{LogGroup: !Ref {name}Log}}"
    assert translation[log["Ref"]]["Type"] == "AWS::Logs::LogGroup"
    alarms = {
        alarm: properties
        for alarm, properties in of_type(translation, "AWS::CloudWatch::Alarm").items()
        if properties.get("MetricName") == "Errors"
        and properties["Dimensions"] == [{"Name": "FunctionName", "Value": {"Ref": name}}]
    }
    assert alarms, f"no alarm is on the errors of {name}"
    group = translation[f"{name}DeploymentGroup"]["Properties"]
    watched = [alarm["Name"]["Ref"] for alarm in group["AlarmConfiguration"]["Alarms"]]
    assert {"PublicApiFaults", "DashboardApiFaults", *alarms} <= set(watched), (
        f"{name} has no DeploymentPreference: {{Alarms: [!Ref {name}Errors]}}"
    )
    assert group["AutoRollbackConfiguration"]["Enabled"] is True
    assert "UpdatePolicy" in translation[f"{name}Aliaslive"]


def test_every_function_is_deployed() -> None:
    """Each folder of functions/ is a function of the template, and the other way round."""
    folders = {handler.parent.name for handler in ROOT.glob("functions/*/handler.py")}
    assert {function.name for function in deployed()} == folders


def test_no_two_functions_share_a_log(translation: dict[str, Any]) -> None:
    """A log group says by itself whose lines these are."""
    functions = of_type(translation, "AWS::Lambda::Function").values()
    logs = [one["LoggingConfig"]["LogGroup"]["Ref"] for one in functions]
    assert len(set(logs)) == len(logs)


def test_every_log_ends(resources: dict[str, Any]) -> None:
    """A log group that Lambda makes by itself is kept, and paid for, for ever."""
    groups = of_type(resources, "AWS::Logs::LogGroup")
    assert groups
    assert all(group["RetentionInDays"] for group in groups.values())


def test_every_alarm_is_told(translation: dict[str, Any]) -> None:
    """At the one topic; and quiet hours are no alarm."""
    for name, alarm in of_type(translation, "AWS::CloudWatch::Alarm").items():
        assert alarm.get("AlarmActions") == [{"Ref": "AlarmTopic"}], name
        assert alarm["TreatMissingData"] == "notBreaching", name
        assert alarm["AlarmDescription"], name


def test_what_stops_a_deployment_refers_to_no_api(translation: dict[str, Any]) -> None:
    """API, alias, deployment, alarm, API would be a circle; so the API is named in letters."""
    for name in ("PublicApiFaults", "DashboardApiFaults", "PublicApiLatency"):
        alarm = translation[name]["Properties"]
        [dimension] = alarm["Dimensions"]
        api = name.removesuffix("Faults").removesuffix("Latency")
        assert dimension == {"Name": "ApiName", "Value": translation[api]["Properties"]["Name"]}
        assert f'"{api}"' not in json.dumps(alarm)


def test_how_a_release_takes_over_is_a_parameter() -> None:
    """In SAM's translation too, which fills this one in by itself."""
    value = "CodeDeployDefault.LambdaAllAtOnce"
    translated = translate(TEMPLATE, {"Release": "a" * 64, "DeploymentConfig": value})
    groups = of_type(translated["Resources"], "AWS::CodeDeploy::DeploymentGroup")
    assert {group["DeploymentConfigName"] for group in groups.values()} == {value}
    default = SOURCE["Parameters"]["DeploymentConfig"]["Default"]
    assert "Canary" in default
    assert {value, default} <= set(SOURCE["Parameters"]["DeploymentConfig"]["AllowedValues"])


def test_a_new_account_can_be_deployed_to(translation: dict[str, Any]) -> None:
    """API Gateway may write logs before a stage has one, and still may when the stack is gone."""
    for api in of_type(translation, "AWS::ApiGateway::RestApi"):
        assert translation[api]["DependsOn"] == "GatewayAccount"
    for name in ("GatewayAccount", "GatewayLogRole"):
        assert "Condition" not in translation[name]
        assert translation[name]["DeletionPolicy"] == "Retain"
        assert translation[name]["UpdateReplacePolicy"] == "Retain"
    role = translation["GatewayAccount"]["Properties"]["CloudWatchRoleArn"]
    assert role == {"Fn::GetAtt": ["GatewayLogRole", "Arn"]}


def test_the_roles_of_services_allow_exactly_this(translation: dict[str, Any]) -> None:
    """API Gateway writes logs; CodeDeploy moves aliases of this stack and looks at alarms."""
    roles = {
        name: role
        for name, role in of_type(translation, "AWS::IAM::Role").items()
        if "lambda.amazonaws.com" not in json.dumps(role["AssumeRolePolicyDocument"])
    }
    assert roles.keys() == {"GatewayLogRole", "DeploymentRole"}
    [managed] = roles["GatewayLogRole"]["ManagedPolicyArns"]
    assert managed["Fn::Sub"].endswith("/AmazonAPIGatewayPushToCloudWatchLogs")
    assert "Policies" not in roles["GatewayLogRole"]
    assert "ManagedPolicyArns" not in roles["DeploymentRole"]
    [policy] = roles["DeploymentRole"]["Policies"]
    aliases, alarms = policy["PolicyDocument"]["Statement"]
    assert aliases["Action"] == [
        "lambda:GetAlias",
        "lambda:GetProvisionedConcurrencyConfig",
        "lambda:UpdateAlias",
    ]
    assert aliases["Resource"]["Fn::Sub"].endswith(":function:${AWS::StackName}-*")
    assert (alarms["Action"], alarms["Resource"]) == ("cloudwatch:DescribeAlarms", "*")


def test_every_stage_is_throttled(resources: dict[str, Any]) -> None:
    """Below what the account has for everything in the region."""
    for stage in of_type(resources, "AWS::ApiGateway::Stage").values():
        [settings] = stage["MethodSettings"]
        assert (settings["ResourcePath"], settings["HttpMethod"]) == ("/*", "*")
        assert 0 < settings["ThrottlingRateLimit"] < 10_000
        assert 0 < settings["ThrottlingBurstLimit"] < 5_000
        # Whole requests would be logged, tokens too.
        assert "DataTraceEnabled" not in settings


LONGEST = {
    "requestId": 36,
    "requestTimeEpoch": 13,
    "httpMethod": 7,
    "resourcePath": 64,
    "status": 3,
    "authorizer.principalId": 105,
    "authorizer.verdict": 12,
    "identity.sourceIp": 39,
    "error.responseType": 30,
    "wafResponseCode": 12,
    "responseLatency": 5,
    "authorizer.latency": 5,
    "integration.latency": 5,
}
"""What DashboardApi's log may hold, each of our own making or a number, and how long it can get."""


def test_an_access_log_holds_no_word_of_the_caller(translation: dict[str, Any]) -> None:
    """Never path, query or headers, which could hold a token; and no line is cut short."""
    settings = translation["DashboardApiliveStage"]["Properties"]["AccessLogSetting"]
    assert settings["DestinationArn"] == {"Fn::GetAtt": ["DashboardApiAccessLog", "Arn"]}
    line = settings["Format"]
    assert json.loads(line)
    variables = re.findall(r"\$context\.([\w.]+)", line)
    assert variables == list(LONGEST)
    assert line.count("$") == len(variables)
    longest = re.sub(r"\$context\.([\w.]+)", lambda match: "x" * LONGEST[match[1]], line)
    assert len(longest) < 1024


def test_without_switches_nothing_of_them_is_there(resources: dict[str, Any]) -> None:
    """No domain, no web ACL, no reserved concurrency, nobody written to."""
    kinds = {resource["Type"] for resource in resources.values()}
    assert not kinds & {
        "AWS::ApiGateway::BasePathMapping",
        "AWS::ApiGateway::DomainName",
        "AWS::SNS::Subscription",
        "AWS::WAFv2::WebACLAssociation",
    }
    assert "ReservedConcurrentExecutions" not in resources["Authorizer"]["Properties"]
    assert "Aliases" not in distribution(resources)
    assert distribution(resources)["ViewerCertificate"] == {"CloudFrontDefaultCertificate": True}
    assert [disabled(resources, api) for api in ("PublicApi", "DashboardApi")] == [False, False]


def distribution(resources: dict[str, Any]) -> dict[str, Any]:
    """The configuration of the page's distribution."""
    config: dict[str, Any] = resources["PageDistribution"]["Properties"]["DistributionConfig"]
    return config


def disabled(resources: dict[str, Any], api: str) -> bool:
    """Whether an API's address in execute-api is shut."""
    [server] = resources[api]["Properties"]["Body"]["servers"]
    shut: bool = server["x-amazon-apigateway-endpoint-configuration"]["disableExecuteApiEndpoint"]
    return shut


def test_a_domain_of_its_own_is_the_only_way_in(everything: dict[str, Any]) -> None:
    """So what stands before the domain, such as a web ACL's rules by host, cannot be gone round."""
    for api, prefix in (("PublicApi", "Api"), ("DashboardApi", "DashboardApi")):
        assert disabled(everything, api)
        domain = everything[f"{prefix}DomainName"]["Properties"]
        assert domain["DomainName"] == DOMAINS[f"{prefix}Domain"]
        assert domain["SecurityPolicy"] == "TLS_1_2"
        mapping = everything[f"{prefix}DomainMapping"]["Properties"]
        assert "BasePath" not in mapping
        assert mapping["Stage"] == f"{api}liveStage"


def test_the_page_may_call_the_dashboards_api_at_its_domain(everything: dict[str, Any]) -> None:
    """And no longer at the address that is shut."""
    policy = dict(page_headers(everything))["Content-Security-Policy"]
    [allowed] = re.findall(r"connect-src ([^;]*)", policy)
    expected = ["'self'", PARAMETERS["ClerkIssuer"], f"https://{DOMAINS['DashboardApiDomain']}"]
    assert allowed.split() == expected


def test_the_pages_domain_is_the_dashboards_origin(everything: dict[str, Any]) -> None:
    """One parameter says it, so the page is never served from where CORS does not let it in."""
    assert distribution(everything)["Aliases"] == ["app.agentcontainer.test"]
    certificate = distribution(everything)["ViewerCertificate"]
    assert certificate["AcmCertificateArn"] == DOMAINS["PageCertificate"]
    assert certificate["MinimumProtocolVersion"] == "TLSv1.2_2021"


def test_every_switch_does_what_it_says(everything: dict[str, Any]) -> None:
    """A web ACL before both APIs, executions kept for the authorizer, somebody written to."""
    guarded = of_type(everything, "AWS::WAFv2::WebACLAssociation").values()
    assert len(guarded) == 2
    assert {one["WebACLArn"] for one in guarded} == {WEB_ACL}
    assert everything["Authorizer"]["Properties"]["ReservedConcurrentExecutions"] == "50"
    subscription = everything["AlarmSubscription"]["Properties"]
    assert subscription["Endpoint"] == "operators@agentcontainer.test"


def test_domains_without_a_certificate_are_refused_before_anything_is_made() -> None:
    """By a rule, which CloudFormation looks at first."""
    rule = SOURCE["Rules"]["DomainsOfTheApisHaveACertificate"]
    assert "ApiCertificate" in json.dumps(rule["Assertions"])


def test_the_bucket_is_the_distributions_alone(resources: dict[str, Any]) -> None:
    """Private, encrypted, versioned; read by this distribution over TLS and by nothing public."""
    bucket = resources["PageBucket"]["Properties"]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert bucket["BucketEncryption"]
    assert resources["PageBucket"]["DeletionPolicy"] == "RetainExceptOnCreate"
    read, plain = resources["PageBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert read["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert read["Action"] == "s3:GetObject"
    assert read["Condition"]["StringEquals"]["AWS:SourceArn"].endswith("/PageDistribution")
    assert (plain["Effect"], plain["Principal"], plain["Action"]) == ("Deny", "*", "s3:*")
    assert plain["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    [origin] = distribution(resources)["Origins"]
    assert origin["OriginAccessControlId"] == "PageAccess.Id"
    access = resources["PageAccess"]["Properties"]["OriginAccessControlConfig"]
    assert access["SigningBehavior"] == "always"


def test_every_answer_of_the_page_has_its_headers(resources: dict[str, Any]) -> None:
    """There is one behaviour, so no path goes round the policy or plain HTTP."""
    config = distribution(resources)
    assert "CacheBehaviors" not in config
    behaviour = config["DefaultCacheBehavior"]
    assert behaviour["ResponseHeadersPolicyId"] == "PageHeaders"
    assert behaviour["ViewerProtocolPolicy"] == "redirect-to-https"
    assert config["DefaultRootObject"] == "index.html"
    # A minimum above none would keep what says no-store.
    assert resources["PageCache"]["Properties"]["CachePolicyConfig"]["MinTTL"] == 0


def test_what_is_not_there_is_a_page_that_says_so(resources: dict[str, Any]) -> None:
    """With status 404, though S3 tells a stranger to a bucket 403."""
    responses = distribution(resources)["CustomErrorResponses"]
    assert {response["ErrorCode"] for response in responses} == {403, 404}
    for response in responses:
        assert response["ResponseCode"] == 404
        assert (ROOT / "dashboard" / response["ResponsePagePath"].lstrip("/")).is_file()


@pytest.mark.parametrize(
    ("path", "becomes"),
    [
        ("/", "/index.html"),
        ("/docs/", "/docs/index.html"),
        ("/docs/openapi.yaml", "/docs/openapi.yaml"),
        ("/app/app.js", "/app/app.js"),
        ("/vendor/htm/LICENSE", "/vendor/htm/LICENSE"),
    ],
)
def test_a_folder_is_its_index(
    resources: dict[str, Any], tmp_path: Path, path: str, becomes: str
) -> None:
    """As on the local run."""
    assert run_function(resources, tmp_path, path) == {"uri": becomes}


def test_a_folder_without_its_slash_leads_to_it(resources: dict[str, Any], tmp_path: Path) -> None:
    """Or the addresses within its page would be another folder's."""
    answer = run_function(resources, tmp_path, "/docs")
    assert answer["statusCode"] == 308
    assert answer["headers"]["location"]["value"] == "/docs/"


def run_function(resources: dict[str, Any], folder: Path, path: str) -> Any:
    """What the distribution's function makes of a request."""
    code = resources["PageFolders"]["Properties"]["FunctionCode"]
    call = f"console.log(JSON.stringify(handler({{request: {{uri: {json.dumps(path)}}}}})));"
    script = folder / "function.js"
    script.write_text(code + call)
    done = subprocess.run(["node", str(script)], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_the_overview_shows_what_there_is(resources: dict[str, Any]) -> None:
    """It is JSON, and its metrics are of this stack's APIs, functions and tables."""
    body = json.loads(resources["Overview"]["Properties"]["DashboardBody"])
    shown = json.dumps(body).replace("\\", "")
    assert len(body["widgets"]) == 8
    for name in ("local-public", "local-dashboard", '"Keys"', '"Agents"', '{"local",verdict}'):
        assert name in shown
    assert "${" not in shown
