"""An authorizer as it is usually written: boto3, Powertools' Logger, Metrics and data classes."""

import hashlib
import os
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.data_classes import event_source
from aws_lambda_powertools.utilities.data_classes.api_gateway_authorizer_event import (
    APIGatewayAuthorizerResponse,
    APIGatewayAuthorizerTokenEvent,
)

logger = Logger()
metrics = Metrics()
client = boto3.client("dynamodb")
TABLE = os.environ["KEYS_TABLE"]


@logger.inject_lambda_context
@metrics.log_metrics
@event_source(data_class=APIGatewayAuthorizerTokenEvent)
def handler(event: APIGatewayAuthorizerTokenEvent, context: Any) -> dict[str, Any]:
    """A policy for the whole stage."""
    digest = hashlib.sha256(event.authorization_token.removeprefix("Bearer ").encode()).hexdigest()
    answer = client.get_item(
        TableName=TABLE,
        Key={"pk": {"S": f"digest#{digest}"}, "sk": {"S": "digest"}},
        ConsistentRead=True,
    )
    verdict = "VALID" if "Item" in answer else "UNKNOWN"
    key_id = answer["Item"]["keyId"]["S"] if "Item" in answer else "unknown"
    metrics.add_dimension("verdict", verdict)
    metrics.add_metric("Verdicts", MetricUnit.Count, 1)
    logger.info("verdict", extra={"verdict": verdict, "keyId": key_id, "digest": digest[:12]})
    arn = event.parsed_arn
    policy = APIGatewayAuthorizerResponse(
        principal_id=key_id,
        region=arn.region,
        aws_account_id=arn.aws_account_id,
        api_id=arn.api_id,
        stage=arn.stage,
        context={"verdict": verdict},
    )
    if verdict == "VALID":
        policy.allow_all_routes()
    else:
        policy.deny_all_routes()
    return policy.asdict()
