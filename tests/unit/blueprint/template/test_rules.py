"""Each trap, planted once in template.yaml, is refused with its line and what to write instead."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from blueprint.errors import Refusal
from blueprint.paths import TEMPLATE
from blueprint.template import rules
from local.apigateway.stack import Apis
from tests.support.events import PARAMETERS


class Planted(NamedTuple):
    """A text of the template and what takes its place; `at` is on the line that is to be named."""

    old: str
    new: str
    at: str
    says: tuple[str, ...]


NOBODY = "http://127.0.0.1:1"
BY_ALIAS = 'FunctionArn: !Sub "${Authorizer.Arn}:live"'
FROM_THE_API = "      SourceArn: !Sub"
PLANTED = {
    "authorizer-by-getatt": Planted(
        BY_ALIAS,
        "FunctionArn: !GetAtt Authorizer.Arn",
        "FunctionArn: !GetAtt",
        ("ApiKey of PublicApi runs $LATEST", f"Write {BY_ALIAS}."),
    ),
    "authorizer-by-ref-of-alias": Planted(
        BY_ALIAS,
        "FunctionArn: !Ref Authorizer.Alias",
        "FunctionArn: !Ref",
        ("dropped by SAM CLI", "serves its routes to everybody", f"Write {BY_ALIAS}."),
    ),
    "authorizer-by-another-alias": Planted(
        BY_ALIAS,
        'FunctionArn: !Sub "${Authorizer.Arn}:prod"',
        "Arn}:prod",
        ("does not run a published version by its alias", "Write FunctionArn: !Sub"),
    ),
    "authorizer-without-permission": Planted(
        "FunctionName: !Ref Authorizer.Alias",
        "FunctionName: !Ref Account.Alias",
        "          ApiKey:",
        ("answered 500", "Write a resource of type AWS::Lambda::Permission"),
    ),
    "permission-without-source": Planted(
        FROM_THE_API,
        "      SourceAccount: !Sub",
        "  AuthorizerPermission:",
        ("the API of any account may invoke", "Write SourceArn: !Sub"),
    ),
    "unknown-gateway-response": Planted(
        "        EXPIRED_TOKEN: *KeyRefused",
        "        EXPIRED_TOKENS: *KeyRefused",
        "EXPIRED_TOKENS",
        ("there is no gateway response EXPIRED_TOKENS", "Write EXPIRED_TOKEN."),
    ),
    "no-openapi-version": Planted(
        "    OpenApiVersion: 3.0.1\n",
        "",
        "  PublicApi:",
        ("Swagger 2.0", "a second stage called Stage", "Write OpenApiVersion: 3.0.1."),
    ),
    "openapi-3-1": Planted(
        "OpenApiVersion: 3.0.1",
        "OpenApiVersion: 3.1.0",
        "OpenApiVersion: 3.1.0",
        ("a deployment with 3.1.0 fails", "Write OpenApiVersion: 3.0.1."),
    ),
    "answers-are-kept": Planted(
        "ReauthorizeEvery: 0",
        "ReauthorizeEvery: 60",
        "ReauthorizeEvery: 60",
        ("keeps its answers for 60 seconds", "Write ReauthorizeEvery: 0"),
    ),
    "answers-are-kept-by-default": Planted(
        "              ReauthorizeEvery: 0\n",
        "",
        "            Identity:",
        ("keeps its answers for 300 seconds", "Write ReauthorizeEvery: 0"),
    ),
    "preflights-are-guarded": Planted(
        "        AddDefaultAuthorizerToCorsPreflight: false\n",
        "",
        "      Auth:\n        DefaultAuthorizer: Session",
        ("preflights of DashboardApi", "Write AddDefaultAuthorizerToCorsPreflight: false"),
    ),
    "empty-security": Planted(
        '      Name: !Sub "${AWS::StackName}-public"\n',
        '      Name: !Sub "${AWS::StackName}-public"\n'
        "      DefinitionBody:\n"
        "        openapi: 3.0.1\n"
        "        paths: {/open: {get: {security: []}}}\n",
        "security: []",
        ("SAM replaces an empty security", "Write security: [{NONE: []}]."),
    ),
    "a-log-with-paths": Planted(
        "$context.resourcePath",
        "$context.path",
        "        Format: >-",
        ("$context.path writes into the log of PublicApi what a caller sent", "resourcePath is"),
    ),
    "open-route": Planted(
        "Properties: {RestApiId: !Ref PublicApi, Method: GET, Path: /api/v1/account}",
        "Properties: {RestApiId: !Ref PublicApi, Method: GET, Path: /api/v1/account,"
        " Auth: {Authorizer: NONE}}",
        "        GetAccount:",
        ("everybody may call GET /api/v1/account of PublicApi", "Authorizer: NONE} away"),
    ),
    "an-api-that-nobody-wrote": Planted(
        "Properties: {RestApiId: !Ref PublicApi, Method: GET, Path: /api/v1/account}",
        "Properties: {Method: GET, Path: /api/v1/account}",
        "        GetAccount:",
        ("GET /api/v1/account of ServerlessRestApi", "give the API a DefaultAuthorizer"),
    ),
    "a-function-that-no-release-reaches": Planted(
        "      AutoPublishCodeSha256: !Ref Release\n",
        "",
        "  Authorizer:",
        ("publishes no version of Authorizer", "Write AutoPublishCodeSha256: !Ref Release."),
    ),
    "a-stream-to-latest": Planted(
        "FunctionName: !Ref KeyChangeRecorder.Alias",
        "FunctionName: !Ref KeyChangeRecorder",
        "FunctionName: !Ref KeyChangeRecorder",
        ("KeyChanges invokes $LATEST", "Write FunctionName: !Ref TheFunction.Alias."),
    ),
    "a-stream-that-loses-what-fails": Planted(
        "      MaximumRecordAgeInSeconds: 82800\n",
        "",
        "      DestinationConfig: {OnFailure: {Destination: !GetAtt UnrecordedKeyChanges",
        ("lost without a word", "a MaximumRecordAgeInSeconds below 86400."),
    ),
    "a-stream-as-an-event": Planted(
        "      LoggingConfig: {LogGroup: !Ref KeyChangeLog",
        "      Events: {Read: {Type: DynamoDB, Properties: {Stream: !GetAtt Keys.StreamArn}}}\n"
        "      LoggingConfig: {LogGroup: !Ref KeyChangeLog",
        "      Events: {Read:",
        ("lets KeyChangeRecorder read the streams of all tables", "Write a resource"),
    ),
    "a-filter-that-is-not-known": Planted(
        '{"prefix":"audit#"}',
        '{"suffix":"audit#"}',
        "  KeyChanges:",
        ("the local run does not do the filter suffix", "Take it away"),
    ),
    "a-feature-that-is-not-known": Planted(
        "      StageName: live\n",
        "      StageName: live\n      BinaryMediaTypes: [image/png]\n",
        "BinaryMediaTypes: [image",
        ("the local run does not do BinaryMediaTypes", "Take it away"),
    ),
    "an-intrinsic-that-is-not-known": Planted(
        "RELEASE: !Ref Release",
        "RELEASE: !Base64 x",
        "!Base64",
        ("the local run does not resolve Fn::Base64",),
    ),
}


@pytest.fixture
def plant(tmp_path: Path) -> Callable[[Planted], Path]:
    """A copy of the template with a trap in it."""

    def planted(trap: Planted) -> Path:
        template = tmp_path / "template.yaml"
        text = TEMPLATE.read_text()
        assert trap.old in text
        template.write_text(text.replace(trap.old, trap.new, 1))
        return template

    return planted


def line_of(template: Path, words: str) -> int:
    """The first line that has these words."""
    before, found, _ = template.read_text().partition(words)
    assert found
    return before.count("\n") + 1


@pytest.mark.parametrize("trap", PLANTED.values(), ids=PLANTED)
def test_row_70_a_planted_trap_is_refused_with_its_line(
    plant: Callable[[Planted], Path], trap: Planted, tmp_path: Path
) -> None:
    """Before anything is served or stored: why, where, and what to write instead."""
    template = plant(trap)
    with pytest.raises(Refusal) as refused:
        Apis(template, PARAMETERS, NOBODY, tmp_path, lambda *_: None)
    told = str(refused.value)
    assert f"template.yaml, line {line_of(template, trap.at)}: " in told
    for words in trap.says:
        assert words in told


def test_row_70_the_template_has_none(resources: dict[str, dict[str, object]]) -> None:
    """Neither as it is written nor as CloudFormation gets it."""
    rules.check_source(TEMPLATE)
    rules.check_translation(TEMPLATE, resources)


def test_all_of_them_are_told_at_once(plant: Callable[[Planted], Path]) -> None:
    """In the order of their lines, a sentence each."""
    template = plant(PLANTED["no-openapi-version"])
    with pytest.raises(Refusal) as refused:
        rules.check_source(template)
    first, second = str(refused.value).splitlines()
    assert f"line {line_of(template, '  PublicApi:')}: " in first
    assert f"line {line_of(template, '  DashboardApi:')}: " in second
