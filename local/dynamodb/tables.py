"""The template's tables, made where they are missing."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from blueprint.errors import Refusal

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

# Properties of AWS::DynamoDB::Table that CreateTable takes as they are.
_CREATE = ("AttributeDefinitions", "BillingMode", "KeySchema")


class StoreFailed(Refusal):
    """The DynamoDB server does not answer as one."""


def create_tables(endpoint: str, resources: Mapping[str, Mapping[str, Any]]) -> None:
    """Makes the template's tables where they are missing."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 -- slow import

    client = _client(endpoint)
    try:
        existing = set(client.list_tables()["TableNames"])
        for name, resource in resources.items():
            if resource["Type"] == "AWS::DynamoDB::Table" and name not in existing:
                properties = resource["Properties"]
                client.create_table(TableName=name, **{key: properties[key] for key in _CREATE})
    except (BotoCoreError, ClientError) as fault:
        raise StoreFailed(f"DynamoDB at {endpoint} does not work: {fault}") from fault


def _client(endpoint: str) -> "DynamoDBClient":
    import boto3  # noqa: PLC0415 -- slow import, done while other things start
    from botocore.config import Config  # noqa: PLC0415

    return boto3.client(
        "dynamodb",
        endpoint_url=endpoint,
        config=Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 2}),
    )
