"""Traps in what may invoke a function, and in which version of it is invoked."""

from blueprint.template.rules.finding import Finding, Found
from blueprint.template.source import Source, member

_STREAM_SECONDS = 24 * 3600


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


def streams_invoke_the_alias(source: Source) -> Found:
    """A function's name or ARN alone is its `$LATEST`."""
    for name, properties in source.resources("AWS::Lambda::EventSourceMapping"):
        function = member(properties, "FunctionName").get("Ref", "")
        if not function.endswith(".Alias"):
            yield Finding(
                ("Resources", name, "Properties", "FunctionName"),
                f"{name} invokes $LATEST, which neither a release nor a roll-back reaches. "
                "Write FunctionName: !Ref TheFunction.Alias",
            )


def streams_lose_nothing_silently(source: Source) -> Found:
    """What fails until the stream forgets it is gone, and by default nobody is told."""
    for name, properties in source.resources("AWS::Lambda::EventSourceMapping"):
        queue = member(properties, "DestinationConfig", "OnFailure").get("Destination")
        age = properties.get("MaximumRecordAgeInSeconds", -1)
        if not queue or not (isinstance(age, int) and 0 < age < _STREAM_SECONDS):
            yield Finding(
                ("Resources", name, "Properties", "DestinationConfig"),
                f"a record that {name} fails on for a day is lost without a word. Write a "
                "DestinationConfig with OnFailure, and a MaximumRecordAgeInSeconds below 86400",
            )


def streams_are_no_events(source: Source) -> Found:
    """SAM attaches AWSLambdaDynamoDBExecutionRole, whose resource is `*`."""
    for name, properties in source.resources("AWS::Serverless::Function"):
        for event in member(properties, "Events"):
            if member(properties, "Events", event).get("Type") == "DynamoDB":
                yield Finding(
                    ("Resources", name, "Properties", "Events", event),
                    f"SAM lets {name} read the streams of all tables for this. Write a resource "
                    "AWS::Lambda::EventSourceMapping, and a policy for the one stream",
                )


RULES = (
    permissions_name_their_source,
    follow_the_release,
    streams_invoke_the_alias,
    streams_lose_nothing_silently,
    streams_are_no_events,
)
