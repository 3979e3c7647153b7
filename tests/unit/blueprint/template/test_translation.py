from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from blueprint.paths import TEMPLATE
from blueprint.template import translation
from blueprint.template.translation import TemplateError, load
from tests.support.events import PARAMETERS

SMALL = """
Transform: AWS::Serverless-2016-10-31
Parameters:
  Name: {{Type: String}}
  Size: {{Type: Number, Default: 5}}
Conditions:
  IsDemo: !Equals [!Ref Name, demo]
  IsFive: !Equals [!Ref Size, "5"]
  IsSix: !Equals [!Ref Size, 6]
  IsBoth: !And [!Condition IsDemo, !Not [!Condition IsSix]]
  IsEither: !Or [!Condition IsSix, !Condition IsBoth]
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      TableName: {value}
  Other:
    Type: AWS::SNS::Topic
    Condition: IsSix
"""


def small(tmp_path: Path, value: str, **parameters: str) -> Any:
    """What a property is resolved to."""
    file = tmp_path / "translation.yaml"
    file.write_text(SMALL.format(value=value))
    resources = load(file, {"Name": "demo"} | parameters, tmp_path / "cache")
    return resources["Table"]["Properties"]["TableName"]


@pytest.mark.parametrize(
    ("value", "resolved"),
    [
        ("!Ref Name", "demo"),
        ("!Ref Size", 5),
        ("!Ref AWS::Region", "eu-west-1"),
        ("!Ref Table", "Table"),
        ("!GetAtt Table.Arn", "arn:aws:dynamodb:eu-west-1:123456789012:table/Table"),
        ("!Sub '${Name}-${AWS::AccountId}'", "demo-123456789012"),
        ("!Sub '${Table.Arn}/x'", "arn:aws:dynamodb:eu-west-1:123456789012:table/Table/x"),
        ("!Sub ['${a}!', {a: !Ref Name}]", "demo!"),
        ("!Sub '${!Literal}'", "${!Literal}"),
        ("!Join ['-', [a, !Ref Name]]", "a-demo"),
        ("!Select [1, !Split [e, !Ref Name]]", "mo"),
        ("!If [IsDemo, !Ref Name, !Ref Nothing]", "demo"),
        ("!If [IsFive, a, b]", "a"),
        ("!If [IsSix, a, b]", "b"),
        ("!If [IsBoth, a, b]", "a"),
        ("!If [IsEither, a, b]", "a"),
        ("[a, !If [IsSix, b, !Ref AWS::NoValue]]", ["a"]),
        ("{a: 1, b: !Ref AWS::NoValue}", {"a": 1}),
    ],
)
def test_references_are_filled_in(tmp_path: Path, value: str, resolved: object) -> None:
    """As CloudFormation would, with the names of the local run."""
    assert small(tmp_path, value) == resolved


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ("!Ref Nothing", "Nothing"),
        ("!Base64 x", "Fn::Base64"),
        ("!If [IsSeven, a, b]", "no condition called IsSeven"),
    ],
)
def test_what_is_not_known_is_named(tmp_path: Path, value: str, named: str) -> None:
    """The run refuses to start rather than guess."""
    with pytest.raises(TemplateError, match=named):
        small(tmp_path, value)


def test_a_condition_that_cannot_be_decided_is_named(tmp_path: Path) -> None:
    """Rather than taken for false."""
    file = tmp_path / "translation.yaml"
    text = SMALL.format(value="!If [IsDemo, a, b]").replace("!Equals [!Ref Name, demo]", "true")
    file.write_text(text)
    with pytest.raises(TemplateError, match="does not decide"):
        load(file, {"Name": "demo"}, tmp_path / "cache")


def test_a_resource_is_there_if_its_condition_holds(tmp_path: Path) -> None:
    """As CloudFormation leaves it out."""
    file = tmp_path / "translation.yaml"
    file.write_text(SMALL.format(value="x"))
    for size, there in (("5", False), ("6", True)):
        resources = load(file, {"Name": "demo", "Size": size}, tmp_path / "cache")
        assert ("Other" in resources) is there


def test_a_parameter_without_a_value_is_named(tmp_path: Path) -> None:
    """A deployment would ask for it."""
    file = tmp_path / "translation.yaml"
    file.write_text(SMALL.format(value="x"))
    with pytest.raises(TemplateError, match="Name has no value"):
        load(file, {}, tmp_path / "cache")


def test_what_sam_refuses_is_said_in_its_words(tmp_path: Path) -> None:
    """With the resource that it means."""
    file = tmp_path / "translation.yaml"
    file.write_text(
        "Transform: AWS::Serverless-2016-10-31\n"
        "Resources: {F: {Type: AWS::Serverless::Function, Properties: {Nonsense: 1}}}\n"
    )
    with pytest.raises(TemplateError, match=r"\[F\]"):
        load(file, {}, tmp_path / "cache")


@pytest.mark.parametrize("text", ["Resources: {", "a: b: c", "!Ref", ""])
def test_a_template_that_is_no_yaml_is_said_to_be_none(tmp_path: Path, text: str) -> None:
    """Met in the middle of an edit, it is a sentence and not a traceback."""
    file = tmp_path / "translation.yaml"
    file.write_text(text)
    with pytest.raises(TemplateError):
        load(file, {}, tmp_path / "cache")


def test_a_translation_is_kept_until_the_template_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second start does not import the translator; an edit translates anew."""
    calls = []
    translate = translation.translate

    def counted(path: Path, parameters: Mapping[str, str]) -> dict[str, Any]:
        calls.append(path)
        return translate(path, parameters)

    monkeypatch.setattr(translation, "translate", counted)
    first = load(TEMPLATE, PARAMETERS, tmp_path / "cache")
    assert load(TEMPLATE, PARAMETERS, tmp_path / "cache") == first
    assert len(calls) == 1
    other = load(TEMPLATE, PARAMETERS | {"DashboardOrigin": "https://b.test"}, tmp_path / "cache")
    assert len(calls) == 1
    assert other != first
    edited = tmp_path / "translation.yaml"
    edited.write_text(TEMPLATE.read_text().replace("Timeout: 10", "Timeout: 9"))
    load(edited, PARAMETERS, tmp_path / "cache")
    assert len(calls) == 2
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_an_alias_is_resolved_to_its_function(resources: dict[str, Any]) -> None:
    """The integration and the authorizer name the alias, as they do on AWS."""
    body = resources["PublicApi"]["Properties"]["Body"]
    authorizer = body["components"]["securitySchemes"]["ApiKey"]["x-amazon-apigateway-authorizer"]
    assert authorizer["authorizerUri"].endswith(":function:Authorizer:live/invocations")
