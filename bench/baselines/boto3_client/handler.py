"""The reference: one GetItem by a bare boto3 client, and nothing else."""

import hashlib
import os
from typing import Any

import boto3

client = boto3.client("dynamodb")
TABLE = os.environ["KEYS_TABLE"]


def handler(event: dict[str, Any], context: Any) -> bool:
    """Whether the item is there."""
    token = event["authorizationToken"].removeprefix("Bearer ")
    digest = hashlib.sha256(token.encode()).hexdigest()
    answer = client.get_item(
        TableName=TABLE,
        Key={"pk": {"S": f"digest#{digest}"}, "sk": {"S": "digest"}},
        ConsistentRead=True,
    )
    return "Item" in answer
