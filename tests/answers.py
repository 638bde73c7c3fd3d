"""Bodies of answers, made from what their operations declare."""

from collections.abc import Mapping
from typing import Any, Final

from auditor.answer_shape import AnswerShape

SAMPLES: Final[Mapping[type, Any]] = {dict: {}, list: [], str: "text", bool: False, int: 0}
"""The least value of each type."""


def least(shape: AnswerShape) -> dict[str, Any]:
    """The least body that is told to be a whole answer; without a member where the cloud legally answers so."""
    members = [*shape.required.items(), *([] if shape.empty else list(shape.identifying.items())[:1])]
    body: dict[str, Any] = {}
    for path, kind in members:
        body = placed(body, path, SAMPLES[kind])
    return body


def placed(body: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The body with a value at a member, which ``a.b`` says is within an object."""
    name, _, rest = path.partition(".")
    return {**body, name: placed(body.get(name) or {}, rest, value) if rest else value}


def without(body: dict[str, Any], path: str) -> dict[str, Any]:
    """The body without a member, which ``a.b`` says is within an object."""
    name, _, rest = path.partition(".")
    if rest:
        return {**body, name: without(body[name], rest)}
    return {key: value for key, value in body.items() if key != name}


SAYS_NONE: Final = {
    "budgets:DescribeBudgets",
    "lambda:GetFunctionConcurrency",
    "s3:GetBucketNotificationConfiguration",
    "s3:HeadBucket",
    "ses:DescribeActiveReceiptRuleSet",
    "sqs:ListQueues",
    "apigateway:ListConfigs",
    "cloudscheduler:ListJobs",
    "cloudtasks:ListQueues",
    "eventarc:ListChannels",
    "eventarc:ListTriggers",
    "functions:ListFunctions",
    "iam:ListDenyPolicies",
    "iam:ListServiceAccountKeys",
    "iam:ListServiceAccounts",
    "logging:ListExclusions",
    "logging:ListMetrics",
    "monitoring:ListAlertPolicies",
    "pubsub:ListSubscriptions",
    "resourcemanager:SearchProjects",
    "run:ListServices",
    "secretmanager:ListSecrets",
    "vpcaccess:ListConnectors",
    "wafv2:GetWebACLForResource",
    "workflows:ListWorkflows",
}
"""The operations that legally answer ``{}``: Google's lists and SQS's where there is none, a function without a limit,
a bucket that sends nothing, an account without budgets or an active set of receipt rules, a load balancer without a
web ACL, a HEAD."""
