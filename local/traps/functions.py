"""Traps in what may invoke a function, and in which version of it is invoked."""

from local.source import Source
from local.traps.finding import Finding, Found


def permissions_name_their_source(source: Source) -> Found:
    """Without one, the gateway of any account may invoke the function."""
    for name, properties in source.resources("AWS::Lambda::Permission"):
        if not properties.get("SourceArn"):
            yield Finding(
                ("Resources", name, "Properties", "SourceArn"),
                f"with {name} the API of any account may invoke the function. Write SourceArn: "
                '!Sub "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:'
                '${PublicApi}/authorizers/*", with the API that is meant',
            )


def follow_the_release(source: Source) -> Found:
    """SAM publishes a version when the code's address changes, and for nothing else."""
    for name, properties in source.resources("AWS::Serverless::Function"):
        shared = source.shared("Function", "AutoPublishCodeSha256")
        if properties.get("AutoPublishCodeSha256", shared) != {"Ref": "Release"}:
            yield Finding(
                ("Resources", name, "Properties", "AutoPublishCodeSha256"),
                f"a release that changes a layer or a parameter alone publishes no version of "
                f"{name}, which goes on as it was. Write AutoPublishCodeSha256: !Ref Release",
            )


RULES = (permissions_name_their_source, follow_the_release)
