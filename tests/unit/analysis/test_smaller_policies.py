"""What is left of a policy when what was not used is left out."""

import json
from typing import Any

import pytest

from auditor.analysis.service_authorization import service
from auditor.analysis.smaller_policies import allows_nothing, smaller_policy
from auditor.model.identity import ServiceUsage, ServiceUse

USAGE = ServiceUsage(
    used=(
        ServiceUse(service="lambda", last_used="2026-11-20", idle_actions=("DeleteFunction", "UpdateFunctionCode")),
        ServiceUse(service="s3", last_used="2026-11-20", idle_actions=()),
    ),
    unused=("ec2", "iam"),
)


def left(*statements: dict[str, Any]) -> Any:
    """The statements that are left, or None where nothing can be left out."""
    found = smaller_policy(json.dumps({"Version": "2012-10-17", "Statement": list(statements)}), USAGE)
    return found and found["Statement"]


def allow(action: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": "*", **more}


def test_services_and_tracked_actions_that_were_not_used_are_left_out() -> None:
    condition = {"Condition": {"Bool": {"aws:SecureTransport": "true"}}, "Sid": "Kept"}
    assert left(allow(["s3:Get*", "ec2:*", "IAM:PassRole"], **condition)) == [allow(["s3:Get*"], **condition)]
    assert left(allow(["lambda:Delete*", "s3:*"])) == [
        allow(
            [each.id for each in _named("lambda", "delete") if each.name != "DeleteFunction"] + ["s3:*"],
        )
    ]
    (row,) = left(allow("*"))
    assert "s3:*" in row["Action"]
    assert "lambda:InvokeFunction" in row["Action"]
    assert not {"lambda:DeleteFunction", "lambda:UpdateFunctionCode", "lambda:*", "*"} & set(row["Action"])
    assert not any(action.startswith(("ec2:", "iam:")) for action in row["Action"])
    assert left(allow("s?:ListBucket")) == [allow(["s3:ListBucket"])]


def _named(prefix: str, begins: str) -> Any:
    found = service(prefix)
    assert found is not None
    return [action for name, action in found.actions.items() if name.startswith(begins)]


def test_what_a_statement_does_not_exclude_becomes_what_was_used_of_it() -> None:
    statement = {"Effect": "Allow", "NotAction": ["lambda:*", "iam:*"], "Resource": "*"}
    assert left(statement) == [allow(["s3:*"])]
    (row,) = left({**statement, "NotAction": ["lambda:*", "s3:Put*"]})
    assert "s3:GetObject" in row["Action"]
    assert not any(action.lower().startswith(("s3:put", "lambda:")) or "*" in action for action in row["Action"])


def test_what_denies_stays_and_an_unused_statement_goes() -> None:
    deny = {"Effect": "Deny", "Action": "ec2:*", "Resource": "*"}
    assert left(deny, allow("ec2:*"), allow("s3:*")) == [deny, allow("s3:*")]
    nothing = smaller_policy(json.dumps({"Statement": [deny, allow("iam:PassRole")]}), USAGE)
    assert nothing is not None
    assert allows_nothing(nothing)


@pytest.mark.parametrize(
    "document",
    [
        {"Statement": [allow("s3:*")]},
        {"Statement": allow(["lambda:InvokeFunction"])},
        {"Statement": [allow("sqs:*")]},  # a service of which the report does not speak
        {"Statement": [allow("madeup")]},
        {"Statement": [{**allow("*"), "Principal": "*"}]},
        {"Statement": [{"effect": "Allow", "action": "*", "resource": "*"}]},
        {"Statement": ["*"]},
        [],
    ],
    ids=str,
)
def test_nothing_is_suggested_where_nothing_can_be_left_out_or_read(document: Any) -> None:
    assert smaller_policy(json.dumps(document), USAGE) is None
    assert smaller_policy("{", USAGE) is None


def test_a_result_that_is_longer_than_a_policy_may_be_is_none() -> None:
    tracked = ServiceUse(service="ec2", last_used="2026-11-20", idle_actions=("RunInstances",))
    document = json.dumps({"Statement": [allow("ec2:*")]})
    assert smaller_policy(document, ServiceUsage(used=(tracked,), unused=())) is None
