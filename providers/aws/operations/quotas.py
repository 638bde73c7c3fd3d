"""How often AWS may be asked, and where each figure is from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Quota:
    """A rate in calls a second for each account and region, and where the figure is from."""

    rate: float
    source: str


_PUBLISHED: Final = "AWS Lambda quotas: not adjustable"
_ASSUMED: Final = "assumption: no figure is published for this call"

QUOTAS: Final[Mapping[str, Quota]] = {
    "lambda:GetFunction": Quota(100, _PUBLISHED),
    "lambda:GetPolicy": Quota(15, _PUBLISHED),
    "lambda": Quota(15, f"{_PUBLISHED}; all other control-plane calls together"),
    "logs:DescribeLogGroups": Quota(10, "CloudWatch Logs quotas"),
    "logs": Quota(5, _ASSUMED),
    "iam": Quota(20, _ASSUMED),
    "ec2": Quota(20, "EC2 API throttling: refill rate of non-mutating calls"),
    "kms": Quota(50, "KMS quotas allow far more: DescribeKey 2000, GetKeyRotationStatus 1000"),
    "organizations": Quota(
        1, "assumption: no figure is published that could be read; AWS's own tools ask once a second"
    ),
    "apigateway": Quota(10, "API Gateway quotas: all control-plane calls together"),
    "apigateway:GetResources": Quota(2.5, "API Gateway quotas: 5 calls in 2 seconds"),
    "states": Quota(15, "assumption: Step Functions quotas refill 20 DescribeStateMachine calls a second or more"),
    "tag": Quota(10, "Resource Groups Tagging API quotas: GetResources 15; others may use it too"),
    "secretsmanager": Quota(20, "Secrets Manager quotas allow more: DescribeSecret 40, GetResourcePolicy 50"),
    "cloudwatch:GetMetricData": Quota(
        3.9, "CloudWatch quotas: 396,000 data points a second of metrics older than three hours; a call has 100,800"
    ),
    "other": Quota(10, _ASSUMED),
}
"""The quotas paced against. Buckets named after no service are shared by the services that name them."""


def quota(bucket: str) -> Quota:
    """The quota of a bucket; ``other:service`` is a bucket of its own at the assumed rate."""
    return QUOTAS.get(bucket) or QUOTAS["other"]
