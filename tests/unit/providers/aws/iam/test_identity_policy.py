"""What the conditions of a role's own statements leave of them."""

import json
from datetime import date
from typing import Any

import pytest

from auditor.model.identity import Conditions, PolicyOrigin, PolicyStatement
from providers.aws.iam.identity_policy import read_grants
from providers.aws.iam.policy_owner import PolicyOwner, ResourceKind

OWN, OTHER = "111122223333", "444455556666"
HOME = PolicyOwner(OWN, "aws", ResourceKind.ROLE_TRUST, today=date(2026, 11, 24))


def granted(*conditions: tuple[str, str, Any]) -> PolicyStatement:
    held: dict[str, dict[str, Any]] = {}
    for operator, key, value in conditions:
        held.setdefault(operator, {})[key] = value
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": held}
    document = json.dumps({"Statement": [statement]})
    (grant,) = read_grants(document, policy="p", origin=PolicyOrigin.INLINE, home=HOME)
    return grant


VACUOUS = [
    ("StringLike", "aws:PrincipalArn", "*"),
    ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/*"),
    ("StringNotEquals", "aws:PrincipalTag/team", "x"),
    ("StringLike", "aws:PrincipalTag/team", "*"),
    ("StringEquals", "aws:PrincipalAccount", OWN),
    ("StringEquals", "aws:ResourceAccount", OWN),
    ("StringEquals", "aws:ResourceAccount", "${aws:PrincipalAccount}"),
    ("StringEquals", "aws:ResourceOrgID", "${aws:PrincipalOrgID}"),
    ("IpAddress", "aws:SourceIp", "0.0.0.0/0"),
    ("StringLike", "aws:RequestedRegion", "*"),
    ("BoolIfExists", "aws:MultiFactorAuthPresent", "true"),
    ("Bool", "aws:ViaAWSService", "false"),
    ("Bool", "aws:PrincipalIsAWSService", "false"),
    ("ArnNotLike", "aws:SourceArn", "arn:aws:s3:::x"),
    ("Null", "aws:PrincipalArn", "false"),
    ("Null", "aws:MultiFactorAuthAge", "true"),
    ("BoolIfExists", "aws:PrincipalIsAWSService", "false"),
    ("StringEquals", "aws:PrincipalType", "AssumedRole"),
    ("StringNotEquals", "aws:PrincipalType", "User"),
    ("StringNotEquals", "aws:username", "ann"),
]
CIRCUMSTANCE = [
    ("Bool", "aws:SecureTransport", "true"),
    ("BoolIfExists", "aws:SecureTransport", "true"),
    ("DateGreaterThan", "aws:CurrentTime", "2020-01-01T00:00:00Z"),
    ("StringEquals", "aws:RequestedRegion", "us-east-1"),
    ("StringEqualsIfExists", "aws:RequestedRegion", "us-east-1"),
    ("StringNotEquals", "aws:RequestedRegion", "us-east-1"),
    ("IpAddress", "aws:SourceIp", "10.0.0.0/8"),
    ("NotIpAddress", "aws:SourceIp", "10.0.0.0/8"),
    ("StringEquals", "aws:SourceVpc", "vpc-1"),
    ("StringEquals", "aws:PrincipalTag/team", "x"),
    ("ArnEquals", "aws:PrincipalArn", f"arn:aws:iam::{OWN}:role/app"),
    ("StringNotEquals", "aws:ResourceTag/env", "prod"),
    ("StringEqualsIfExists", "iam:PassedToService", "lambda.amazonaws.com"),
    ("StringEquals", "aws:NewerThanOurTable", "x"),
    ("NewerOperator", "aws:RequestedRegion", "us-east-1"),
]
NARROWING = [
    ("StringEquals", "aws:ResourceTag/team", "x"),
    ("StringEquals", "iam:PassedToService", "lambda.amazonaws.com"),
    ("ForAnyValue:StringEquals", "dynamodb:LeadingKeys", "x"),
    ("StringEquals", "aws:ResourceAccount", OTHER),
    ("Null", "aws:RequestTag/owner", "false"),
]
NEVER = [  # what the calls of a function's role never carry
    ("StringEquals", "aws:PrincipalAccount", OTHER),
    ("ArnLike", "aws:PrincipalArn", f"arn:aws:iam::{OTHER}:role/*"),
    ("ArnLike", "aws:SourceArn", "arn:aws:s3:::x"),
    ("StringEquals", "aws:SourceAccount", OWN),
    ("Null", "aws:SourceArn", "false"),
    ("Bool", "aws:PrincipalIsAWSService", "true"),
    ("BoolIfExists", "aws:PrincipalIsAWSService", "true"),
    ("StringEquals", "aws:PrincipalServiceName", "s3.amazonaws.com"),
    ("Bool", "aws:MultiFactorAuthPresent", "true"),
    ("NumericLessThan", "aws:MultiFactorAuthAge", "3600"),
    ("StringEquals", "aws:username", "ann"),
    ("StringEquals", "aws:PrincipalType", "User"),
    ("ArnEquals", "ec2:SourceInstanceARN", f"arn:aws:ec2:eu-west-1:{OWN}:instance/i-1"),
    # what no request can meet
    ("DateLessThan", "aws:CurrentTime", "2026-11-01T00:00:00Z"),
    ("NumericLessThan", "aws:EpochTime", "1700000000"),
    ("DateLessThanIfExists", "aws:CurrentTime", "2025-01-01"),
    ("Null", "aws:CurrentTime", "true"),
    ("StringEquals", "aws:PrincipalOrgID", "o-*"),
    ("StringEquals", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/*"),
    ("StringEquals", "aws:PrincipalAccount", "1111-2222-3333"),
    ("StringEquals", "aws:RequestedRegion", "eu-*"),
    ("Bool", "aws:SecureTransport", "yes"),
    ("NumericLessThan", "s3:max-keys", "few"),
    ("DateGreaterThan", "aws:TokenIssueTime", "soon"),
]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        *((condition, Conditions.VACUOUS) for condition in VACUOUS),
        *((condition, Conditions.CIRCUMSTANCE) for condition in CIRCUMSTANCE),
        *((condition, Conditions.NARROWING) for condition in NARROWING),
        *((condition, Conditions.NEVER) for condition in NEVER),
    ],
    ids=lambda value: "-".join(map(str, value)) if isinstance(value, tuple) else str(value),
)
def test_what_a_condition_leaves(condition: tuple[str, str, Any], expected: Conditions) -> None:
    assert granted(condition).conditions is expected


def test_all_conditions_must_hold_so_the_strongest_counts() -> None:
    region, tag = ("StringEquals", "aws:RequestedRegion", "eu-west-1"), ("StringEquals", "aws:ResourceTag/a", "b")
    assert granted().conditions is Conditions.VACUOUS
    assert granted(VACUOUS[0], region).conditions is Conditions.CIRCUMSTANCE
    assert granted(VACUOUS[0], region, tag).conditions is Conditions.NARROWING


TAG, REGION = "aws:ResourceTag/team", "aws:RequestedRegion"
TOGETHER = [
    [("StringEquals", TAG, "a"), ("StringNotEquals", TAG, ["a", "b"])],
    [("StringEquals", TAG, "a"), ("StringLike", TAG, "b*")],
    [("StringEquals", TAG, "A"), ("StringEqualsIfExists", TAG, "a")],
    [("StringLike", TAG, "a*"), ("StringNotLike", TAG, "*")],
    [("StringLike", TAG, "a*"), ("StringLikeIfExists", TAG, "b*")],
    [("StringEquals", TAG, "a"), ("Null", TAG, "true")],
    [("Null", TAG, "true"), ("StringLike", TAG, "*")],
    [("StringEquals", REGION, "eu-west-1"), ("StringNotLike", REGION, "eu-*")],
    [("StringEqualsIfExists", REGION, "eu-west-1"), ("StringNotEqualsIfExists", REGION, "eu-west-1")],
    [("Bool", "aws:SecureTransport", "true"), ("BoolIfExists", "aws:SecureTransport", "false")],
    [("IpAddress", "aws:SourceIp", "10.0.0.0/8"), ("NotIpAddress", "aws:SourceIp", "10.0.0.0/7")],
    [("IpAddress", "aws:SourceIp", "8.8.8.8/32"), ("IpAddressIfExists", "aws:SourceIp", "1.1.1.1/32")],
    [("NumericGreaterThan", "s3:max-keys", "10"), ("NumericLessThan", "s3:max-keys", "5")],
    [("DateGreaterThan", "aws:CurrentTime", "2027-06-01T00:00:00Z"), ("DateLessThan", "aws:CurrentTime", "2027-01-01")],
    [("ArnLike", "lambda:SourceFunctionArn", "arn:aws:lambda:*:*:function:a"),
     ("ArnNotLike", "lambda:SourceFunctionArn", "arn:aws:lambda:*:*:function:*")],
]  # fmt: skip


@pytest.mark.parametrize("conditions", TOGETHER, ids=str)
def test_a4_conditions_that_contradict_one_another_never_hold(conditions: list[tuple[str, str, Any]]) -> None:
    assert granted(*conditions).conditions is Conditions.NEVER


POSSIBLE = [
    [("StringEquals", TAG, ["a", "b"]), ("StringNotEquals", TAG, "a")],
    [("StringEquals", TAG, "A"), ("StringEqualsIgnoreCase", TAG, "a")],
    [("StringEqualsIfExists", TAG, "a"), ("StringNotEqualsIfExists", TAG, "a")],
    [("StringLike", TAG, "a*"), ("StringNotEquals", TAG, "ab")],
    [("StringLike", TAG, "a*"), ("StringLikeIfExists", TAG, "*b")],
    [("ForAnyValue:StringEquals", "aws:TagKeys", "a"), ("ForAnyValue:StringNotEquals", "aws:TagKeys", "a")],
    [("StringEquals", TAG, "${aws:PrincipalTag/team}"), ("StringNotEquals", TAG, "a")],
    [("IpAddress", "aws:SourceIp", "10.0.0.0/8"), ("NotIpAddress", "aws:SourceIp", "10.1.0.0/16")],
    [("NumericGreaterThan", "s3:max-keys", "5"), ("NumericLessThan", "s3:max-keys", "10")],
    [("DateGreaterThan", "aws:CurrentTime", "2026-01-01"), ("DateLessThan", "aws:CurrentTime", "2027-01-01")],
    [("DateLessThan", "aws:CurrentTime", "2026-11-24T18:00:00Z")],
]


@pytest.mark.parametrize("conditions", POSSIBLE, ids=str)
def test_a4_conditions_that_may_hold_together_are_not_dismissed(conditions: list[tuple[str, str, Any]]) -> None:
    assert granted(*conditions).conditions is not Conditions.NEVER
