"""Traps in how an API names its authorizers."""

from collections.abc import Iterator
from typing import Any

from blueprint.template.rules.finding import Finding, Found
from blueprint.template.source import Place, Source, member

_DEFAULT_TTL_SECONDS = 300


def _authorizers(source: Source) -> Iterator[tuple[Place, str, dict[str, Any]]]:
    for api, properties in source.resources("AWS::Serverless::Api"):
        for name in member(properties, "Auth", "Authorizers"):
            place = ("Resources", api, "Properties", "Auth", "Authorizers", name)
            authorizer = member(properties, "Auth", "Authorizers", name)
            yield place, f"the authorizer {name} of {api}", authorizer


def run_the_alias(source: Source) -> Found:
    """`!GetAtt` runs `$LATEST`; SAM CLI drops what is named by `!Ref` and opens its routes."""
    aliases = {
        name: properties.get("AutoPublishAlias") or source.shared("Function", "AutoPublishAlias")
        for name, properties in source.resources("AWS::Serverless::Function")
    }
    right = [{"Fn::Sub": f"${{{name}.Arn}}:{alias}"} for name, alias in aliases.items() if alias]
    for place, who, authorizer in _authorizers(source):
        arn = authorizer.get("FunctionArn")
        if arn in right:
            continue
        match arn:
            case {"Fn::GetAtt": [str(function), *_]}:
                why = "runs $LATEST, which no release and no roll-back reaches"
            case {"Ref": str(function)}:
                why = "is dropped by SAM CLI, which then serves its routes to everybody"
            case _:
                function, why = "Function", "does not run a published version by its alias"
        function = function.partition(".")[0]
        alias = aliases.get(function) or "live"
        instead = f'FunctionArn: !Sub "${{{function}.Arn}}:{alias}"'
        yield Finding((*place, "FunctionArn"), f"{who} {why}. Write {instead}")


def keep_nothing(source: Source) -> Found:
    """What is kept admits a revoked key; AWS keeps it for five minutes unless it is told not to."""
    for place, who, authorizer in _authorizers(source):
        seconds = member(authorizer, "Identity").get("ReauthorizeEvery", _DEFAULT_TTL_SECONDS)
        if seconds != 0:
            yield Finding(
                (*place, "Identity", "ReauthorizeEvery"),
                f"{who} keeps its answers for {seconds} seconds, in which a revoked key works on. "
                "Write ReauthorizeEvery: 0 under Identity",
            )


def may_be_invoked(source: Source) -> Found:
    """SAM's own permission is switched off, so one of ours has to be there."""
    permitted = [
        properties.get("FunctionName")
        for _, properties in source.resources("AWS::Lambda::Permission")
    ]
    for place, who, authorizer in _authorizers(source):
        named = str(member(authorizer, "FunctionArn").get("Fn::Sub", ""))
        function, found, _ = named.removeprefix("${").partition(".Arn}")
        if (
            found
            and authorizer.get("DisableFunctionDefaultPermissions")
            and {"Ref": f"{function}.Alias"} not in permitted
        ):
            yield Finding(
                place,
                f"{who} may not be invoked, so every request is answered 500. Write a resource of "
                f"type AWS::Lambda::Permission with FunctionName: !Ref {function}.Alias",
            )


RULES = (run_the_alias, keep_nothing, may_be_invoked)
