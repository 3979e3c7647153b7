"""Lists what a stack consists of, and what each costs while nobody uses it.

Rewrites the table in docs/operations.md from the translation: `python -m tools.dev.resources`. A
test compares them. Prices are those of us-east-1, in dollars a month, without the free tier.
"""

import re
from collections.abc import Mapping
from typing import Any

from blueprint.paths import ROOT, TEMPLATE
from blueprint.template.translation import translate

DOCUMENT = ROOT / "docs/operations.md"
_BEGIN, _END = (
    "<!-- resources: made by python -m tools.dev.resources -->",
    "<!-- end of resources -->",
)

_ALARM = "AWS::CloudWatch::Alarm"
_METRIC_DOLLARS = 0.10
_NOTHING = "nothing"
_COSTS = {
    "AWS::ApiGateway::Account": _NOTHING,
    "AWS::ApiGateway::BasePathMapping": _NOTHING,
    "AWS::ApiGateway::Deployment": _NOTHING,
    "AWS::ApiGateway::DomainName": _NOTHING,
    "AWS::ApiGateway::RestApi": _NOTHING,
    "AWS::ApiGateway::Stage": _NOTHING,
    "AWS::CloudFront::CachePolicy": _NOTHING,
    "AWS::CloudFront::Distribution": _NOTHING,
    "AWS::CloudFront::Function": _NOTHING,
    "AWS::CloudFront::OriginAccessControl": _NOTHING,
    "AWS::CloudFront::ResponseHeadersPolicy": _NOTHING,
    "AWS::CloudWatch::Dashboard": "3.00; nothing for the first three of an account",
    "AWS::CodeDeploy::Application": _NOTHING,
    "AWS::CodeDeploy::DeploymentGroup": _NOTHING,
    "AWS::DynamoDB::Table": "0.25 a GB, and 0.20 a GB for restoring to any second; cents at first",
    "AWS::IAM::Role": _NOTHING,
    "AWS::Lambda::Alias": _NOTHING,
    "AWS::Lambda::EventInvokeConfig": _NOTHING,
    "AWS::Lambda::EventSourceMapping": _NOTHING,
    "AWS::Lambda::Function": _NOTHING,
    "AWS::Lambda::LayerVersion": _NOTHING,
    "AWS::Lambda::Permission": _NOTHING,
    "AWS::Lambda::Version": _NOTHING,
    "AWS::Logs::LogGroup": "0.03 a GB that is kept; cents",
    "AWS::Logs::SubscriptionFilter": _NOTHING,
    "AWS::S3::Bucket": "0.023 a GB; a cent",
    "AWS::S3::BucketPolicy": _NOTHING,
    "AWS::SNS::Subscription": _NOTHING,
    "AWS::SNS::Topic": _NOTHING,
    "AWS::SQS::Queue": _NOTHING,
    "AWS::SQS::QueuePolicy": _NOTHING,
    "AWS::WAFv2::WebACLAssociation": "nothing; the web ACL is yours: 5.00, and 1.00 a rule",
}
# SAM ends some names in a hash of what they stand for.
_HASH = re.compile(r"(Deployment|Layer|Version)[0-9a-f]{10}$")


def table(resources: Mapping[str, Mapping[str, Any]]) -> str:
    """The translation's resources by type. KeyError names a type whose costs nobody looked up."""
    by_type: dict[str, list[str]] = {}
    for name, resource in resources.items():
        condition = f" (if {resource['Condition']})" if "Condition" in resource else ""
        by_type.setdefault(resource["Type"], []).append(_HASH.sub(r"\1", name) + condition)
    lines = ["| type | resources | idle, dollars a month |", "|---|---|---|"]
    for kind, names in sorted(by_type.items()):
        cost = _alarms(resources) if kind == _ALARM else _COSTS[kind]
        shown = ", ".join(sorted(names))
        lines.append(f"| {kind.removeprefix('AWS::')} ({len(names)}) | {shown} | {cost} |")
    return "\n".join(lines)


def document(text: str, resources: Mapping[str, Mapping[str, Any]]) -> str:
    """The document with its table brought up to date."""
    before, _, rest = text.partition(_BEGIN)
    after = rest.partition(_END)[2]
    return f"{before}{_BEGIN}\n{table(resources)}\n{_END}{after}"


def _alarms(resources: Mapping[str, Mapping[str, Any]]) -> str:
    """An alarm is paid for by the metrics that it watches."""
    metrics = 0
    for resource in resources.values():
        if resource["Type"] == _ALARM:
            watched = resource["Properties"].get("Metrics", [{"MetricStat": {}}])
            metrics += sum("MetricStat" in one for one in watched)
    return f"{metrics * _METRIC_DOLLARS:.2f}: 0.10 for each of {metrics} metrics"


if __name__ == "__main__":
    translated = translate(TEMPLATE, {"Release": "0" * 64})["Resources"]
    DOCUMENT.write_text(document(DOCUMENT.read_text("utf-8"), translated), "utf-8")
