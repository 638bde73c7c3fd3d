"""What the conditions of a role's own statements leave of them."""

import json
from typing import Any

import pytest

from auditor.model.identity import Conditions, Grant, PolicyOrigin
from providers.aws.iam.home import Home, ResourceKind
from providers.aws.iam.identity_policy import read_grants

OWN, OTHER = "111122223333", "444455556666"
HOME = Home(OWN, "aws", ResourceKind.ROLE_TRUST)


def granted(*conditions: tuple[str, str, Any]) -> Grant:
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
]
CIRCUMSTANCE = [
    ("Bool", "aws:SecureTransport", "true"),
    ("BoolIfExists", "aws:SecureTransport", "true"),
    ("DateGreaterThan", "aws:CurrentTime", "2020-01-01T00:00:00Z"),
    ("StringEquals", "aws:RequestedRegion", "us-east-1"),
    ("StringEqualsIfExists", "aws:RequestedRegion", "us-east-1"),
    ("StringNotEquals", "aws:RequestedRegion", "us-east-1"),
    ("Bool", "aws:MultiFactorAuthPresent", "true"),
    ("IpAddress", "aws:SourceIp", "10.0.0.0/8"),
    ("NotIpAddress", "aws:SourceIp", "10.0.0.0/8"),
    ("StringEquals", "aws:SourceVpc", "vpc-1"),
    ("StringEquals", "aws:PrincipalTag/team", "x"),
    ("ArnEquals", "aws:PrincipalArn", f"arn:aws:iam::{OWN}:role/app"),
    ("StringNotEquals", "aws:ResourceTag/env", "prod"),
    ("StringEqualsIfExists", "iam:PassedToService", "lambda.amazonaws.com"),
    ("StringEquals", "aws:NewerThanOurTable", "x"),
    ("NewerOperator", "aws:RequestedRegion", "us-east-1"),
    ("Null", "aws:MultiFactorAuthAge", "true"),
]
NARROWING = [
    ("StringEquals", "aws:ResourceTag/team", "x"),
    ("StringEquals", "iam:PassedToService", "lambda.amazonaws.com"),
    ("ForAnyValue:StringEquals", "dynamodb:LeadingKeys", "x"),
    ("StringEquals", "aws:PrincipalAccount", OTHER),
    ("StringEquals", "aws:ResourceAccount", OTHER),
    ("ArnLike", "aws:SourceArn", "arn:aws:s3:::x"),
    ("Bool", "aws:PrincipalIsAWSService", "true"),
    ("Null", "aws:RequestTag/owner", "false"),
]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        *((condition, Conditions.VACUOUS) for condition in VACUOUS),
        *((condition, Conditions.CIRCUMSTANCE) for condition in CIRCUMSTANCE),
        *((condition, Conditions.NARROWING) for condition in NARROWING),
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
