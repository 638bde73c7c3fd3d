"""What grants allow, read plainly."""

from typing import Any

import pytest

from auditor.analysis.grants import allows, writes_logs
from auditor.model.exposure import Effect
from auditor.model.identity import Conditions, PolicyOrigin, PolicyStatement
from auditor.model.wildcards import overlaps

GROUP = "/aws/lambda/orders"
GROUP_ARN = f"arn:aws:logs:eu-west-1:111122223333:log-group:{GROUP}"
WRITES = ("logs:createlogstream", "logs:putlogevents")


def grant(statement: str, *actions: str, **extra: Any) -> PolicyStatement:
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
    return PolicyStatement(**{**made, **extra})


def deny(*actions: str, **extra: Any) -> PolicyStatement:
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
        (
            (grant("a", "s3:*", condition_keys=("aws:SourceArn",), conditions=Conditions.NEVER),),
            "s3:GetObject",
            "*",
            False,
        ),
        ((), "s3:GetObject", "*", False),
    ],
)
def test_allows(held: tuple[PolicyStatement, ...], action: str, resource: str, expected: bool) -> None:
    assert allows(held, action, resource) is expected


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
def test_writes_logs(held: tuple[PolicyStatement, ...], expected: bool) -> None:
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
