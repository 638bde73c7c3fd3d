"""What grants allow, read plainly."""

from typing import Any

import pytest

from auditor.analysis.grants import (
    allows,
    any_resource,
    is_admin,
    passes_any_role,
    service_wildcards,
    writes_logs,
)
from auditor.analysis.wildcards import overlaps
from auditor.model.exposure import Effect
from auditor.model.identity import Conditions, Grant, PolicyOrigin

GROUP = "/aws/lambda/orders"
GROUP_ARN = f"arn:aws:logs:eu-west-1:111122223333:log-group:{GROUP}"
WRITES = ("logs:createlogstream", "logs:putlogevents")


def grant(statement: str, *actions: str, **extra: Any) -> Grant:
    made: dict[str, Any] = {
        "effect": Effect.ALLOW,
        "actions": actions,
        "not_actions": (),
        "resources": () if "not_resources" in extra else ("*",),
        "not_resources": (),
        "condition_keys": (),
        "conditions": Conditions.NARROWING if extra.get("condition_keys") else Conditions.VACUOUS,
        "policy": "inline",
        "origin": PolicyOrigin.INLINE,
        "statement": statement,
        "text": "{}",
    }
    return Grant(**{**made, **extra})


def deny(*actions: str, **extra: Any) -> Grant:
    return grant("deny", *actions, effect=Effect.DENY, **extra)


@pytest.mark.parametrize(
    ("held", "action", "resource", "expected"),
    [
        ((grant("a", "s3:get*"),), "s3:GetObject", "*", True),
        ((grant("a", "s3:get*"),), "s3:PutObject", "*", False),
        ((grant("a", "s3:getobject", resources=("arn:aws:s3:::b/*",)),), "s3:GetObject", "*", False),
        ((grant("a", "s3:getobject", resources=("arn:aws:s3:::b/*",)),), "s3:GetObject", "arn:aws:s3:::b/k", True),
        ((grant("a", not_actions=("iam:*",)),), "s3:GetObject", "*", True),
        ((grant("a", not_actions=("iam:*",)),), "iam:PassRole", "*", False),
        ((grant("a", "s3:*", not_resources=("arn:aws:s3:::b",)),), "s3:GetObject", "arn:aws:s3:::c", True),
        ((grant("a", "s3:*", not_resources=("arn:aws:s3:::b",)),), "s3:GetObject", "*", False),
        ((grant("a", "*"), deny("s3:*")), "s3:GetObject", "*", False),
        ((grant("a", "*"), deny("s3:*", condition_keys=("aws:SourceIp",))), "s3:GetObject", "*", True),
        ((grant("a", "*"), deny("s3:*", resources=("arn:aws:s3:::b",))), "s3:GetObject", "*", True),
        ((grant("a", "*"), deny("s3:*", resources=("arn:aws:s3:::b",))), "s3:GetObject", "arn:aws:s3:::b", False),
        ((deny("s3:*"),), "s3:GetObject", "*", False),
        ((), "s3:GetObject", "*", False),
    ],
)
def test_allows(held: tuple[Grant, ...], action: str, resource: str, expected: bool) -> None:
    assert allows(held, action, resource) is expected


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ((grant("all", "*"),), "all"),
        ((grant("all", "*:*"),), "all"),
        ((grant("read", "s3:*"), grant("all", "*")), "all"),
        ((grant("power", not_actions=("iam:*", "organizations:*")),), "power"),
        ((grant("all", "*", condition_keys=("aws:PrincipalTag/a",)),), None),
        ((grant("all", "*", resources=("arn:aws:s3:::b",)),), None),
        ((grant("all", "*", not_resources=("arn:aws:s3:::b",)),), "all"),
        ((grant("all", "*"), deny("*")), None),
        ((grant("all", "*"), deny(not_actions=("s3:*",))), None),
        ((grant("all", "*"), deny("iam:*")), "all"),
        ((grant("all", "*"), deny("*", condition_keys=("aws:SourceVpc",))), "all"),
        ((grant("s3", "s3:*"),), None),
        ((grant("none", not_actions=("*",)),), None),
    ],
)
def test_is_admin(held: tuple[Grant, ...], expected: str | None) -> None:
    found = is_admin(held)
    assert (found.statement if found else None) == expected


def test_service_wildcards_names_statement_and_actions() -> None:
    held = (grant("a", "s3:*", "sqs:sendmessage"), grant("b", "*"), grant("c", "sns:get*"), deny("dynamodb:*"))
    assert [(broad.grant.statement, broad.actions) for broad in service_wildcards(held)] == [("a", ("s3:*",))]


def test_service_wildcard_that_is_denied_does_not_count() -> None:
    assert service_wildcards((grant("a", "s3:*"), deny("s3:*"))) == ()


def test_any_resource_leaves_out_actions_that_take_no_resource() -> None:
    held = (
        grant("vpc", "ec2:createnetworkinterface", "ec2:describenetworkinterfaces", "ec2:deletenetworkinterface"),
        grant("trace", "xray:puttracesegments", "cloudwatch:putmetricdata"),
        grant("keys", "kms:listaliases", "s3:listallmybuckets"),
        grant("data", "s3:getobject", "kms:listaliases"),
        grant("named", "s3:getobject", resources=("arn:aws:s3:::b/*",)),
        grant("rest", not_actions=("iam:*",)),
    )
    found = [(broad.grant.statement, broad.actions) for broad in any_resource(held)]
    assert found == [("data", ("s3:getobject",)), ("rest", ("!iam:*",))]


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ((grant("any", "iam:passrole"),), ["any"]),
        ((grant("any", "iam:*"),), ["any"]),
        ((grant("any", "iam:passrole", resources=("arn:aws:iam::111122223333:role/*",)),), ["any"]),
        ((grant("one", "iam:passrole", resources=("arn:aws:iam::111122223333:role/x",)),), []),
        ((grant("path", "iam:passrole", resources=("arn:aws:iam::111122223333:role/app/*",)),), []),
        ((grant("any", "iam:passrole"), deny("iam:passrole")), []),
        ((grant("rest", not_actions=("iam:*",)),), []),
        ((grant("rest", not_actions=("s3:*",)),), ["rest"]),
    ],
)
def test_passes_any_role(held: tuple[Grant, ...], expected: list[str]) -> None:
    assert [found.statement for found in passes_any_role(held)] == expected


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ((grant("basic", *WRITES),), True),
        ((grant("group", *WRITES, resources=(f"{GROUP_ARN}:*",)),), True),
        ((grant("prefix", "logs:*", resources=("arn:aws:logs:*:*:log-group:/aws/lambda/*",)),), True),
        ((grant("split", WRITES[0]), grant("rest", WRITES[1], resources=(f"{GROUP_ARN}:log-stream:*",))), True),
        ((grant("no-streams", *WRITES, resources=(GROUP_ARN,)),), False),
        ((grant("other", *WRITES, resources=("arn:aws:logs:*:*:log-group:/aws/lambda/other:*",)),), False),
        ((grant("half", WRITES[0]),), False),
        ((grant("basic", *WRITES), deny("logs:*")), False),
        ((grant("basic", *WRITES), deny("logs:putlogevents", resources=("arn:aws:logs:*",))), False),
        ((grant("basic", *WRITES), deny("logs:putlogevents", resources=("arn:aws:logs:us-east-1:*",))), True),
        ((grant("all-but", *WRITES, not_resources=("arn:aws:s3:::b",)),), True),
        ((), False),
    ],
)
def test_writes_logs(held: tuple[Grant, ...], expected: bool) -> None:
    assert writes_logs(held, GROUP) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("a*", "*b", True),
        ("a*", "b*", False),
        ("a?c", "a*", True),
        ("", "*", True),
        ("", "a", False),
        ("*a*", "bbb", False),
        ("arn:*:x", "arn:aws:x", True),
    ],
)
def test_overlaps(one: str, other: str, expected: bool) -> None:
    assert overlaps(one, other) is expected
    assert overlaps(other, one) is expected
