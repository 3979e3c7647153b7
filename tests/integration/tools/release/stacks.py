"""A deployed stack for tests of what comes after `sam deploy`: in moto, with the real outputs."""

import json
from typing import Any

import boto3

STACK = "agentcontainer-dev"
REGION = "eu-west-1"
ORIGIN = "https://dashboard.dev.agentcontainer.com"
OUTPUTS = {
    "PublicApiUrl": "https://api.dev.agentcontainer.com",
    "DashboardApiUrl": "https://def.execute-api.eu-west-1.amazonaws.com/live",
    "PageDomainTarget": "d111111abcdef8.cloudfront.net",
}


def deploy(parameters: dict[str, str], endpoint: str | None = None) -> dict[str, Any]:
    """Makes bucket, distribution and stack; the clients to look at them with, and their names."""
    s3, cloudfront, cloudformation = (
        boto3.client(service, region_name=REGION, endpoint_url=endpoint)
        for service in ("s3", "cloudfront", "cloudformation")
    )
    config = {
        "CallerReference": "1",
        "Comment": "",
        "Enabled": True,
        "Origins": {
            "Quantity": 1,
            "Items": [{"Id": "bucket", "DomainName": "page.s3.eu-west-1.amazonaws.com"}],
        },
        "DefaultCacheBehavior": {"TargetOriginId": "bucket", "ViewerProtocolPolicy": "https-only"},
    }
    distribution = cloudfront.create_distribution(DistributionConfig=config)["Distribution"]["Id"]
    outputs = OUTPUTS | {"PageDistributionId": distribution, "PageBucketName": "page"}
    template = {
        "Parameters": {name: {"Type": "String"} for name in parameters},
        "Resources": {"Page": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "page"}}},
        "Outputs": {name: {"Value": value} for name, value in outputs.items()},
    }
    cloudformation.create_stack(
        StackName=STACK,
        TemplateBody=json.dumps(template),
        Parameters=[
            {"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()
        ],
    )
    return {"s3": s3, "cloudfront": cloudfront, "distribution": distribution}
