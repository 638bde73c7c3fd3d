"""The question of one function, put to the answers of a small account."""

import json

import pytest

from auditor.analysis.permissions.decision import Answer, Decision
from auditor.errors import UsageError
from auditor.provider import PermissionQuestion
from providers.aws.iam.evaluation.proof import OF_RESOURCE, ORGANISATION
from providers.aws.normalize import normalize
from providers.aws.normalize.permissions import decide
from tests.unit.providers.aws.normalize.capture import (
    ACCOUNT,
    GLOBAL,
    ORDERS,
    RENDER,
    ROLE,
    SECRET,
    absent,
    capture,
    denied,
    ok,
    policy,
    statement,
)

DETAILS = "iam:GetAccountAuthorizationDetails"
TABLE = f"arn:aws:dynamodb:eu-central-1:{ACCOUNT}:table/orders"


def details(*statements, boundary=None):
    """The answer that lists one role: that of the functions."""
    role = {
        "Arn": ROLE,
        "RoleName": "orders-role",
        "AssumeRolePolicyDocument": {
            "Statement": [statement("t", {"Service": "lambda.amazonaws.com"}, "sts:AssumeRole")]
        },
        "RolePolicyList": [
            {"PolicyName": "own", "PolicyDocument": {"Version": "2012-10-17", "Statement": list(statements)}}
        ],
        "AttachedManagedPolicies": [],
        "Tags": [],
    }
    lists = {
        "UserDetailList": [],
        "GroupDetailList": [],
        "RoleDetailList": [role],
        "Policies": [],
        "IsTruncated": False,
    }
    return ok(DETAILS, lists, location=GLOBAL)


def allow(action, resource="*", **condition):
    made = {"Sid": action.partition(":")[2], "Effect": "Allow", "Action": action, "Resource": resource}
    return made | ({"Condition": condition} if condition else {})


def ask(action, resource, *changes, function=ORDERS, context=None, without=()) -> Decision:
    held = capture(*changes, without=without)
    inventory = normalize(held)
    asked = next(one for one in inventory.functions if one.id == function)
    return decide(held, inventory, asked, PermissionQuestion(action, resource, context or {}))


def test_the_boundary_of_the_role_holds():
    assert ask("dynamodb:GetItem", TABLE).why == "No permissions boundary allows it."
    found = ask("dynamodb:GetItem", TABLE, details(allow("dynamodb:GetItem")))
    assert found.why == "GetItem of orders-role/own (identity policy) allows it, and nothing denies it."
    assert [step.layer for step in found.proof] == ["identity policy"]
    assert json.loads(found.proof[0].text)["Action"] == "dynamodb:GetItem"


def test_the_policy_of_a_function_that_was_read_is_part_of_the_decision():
    mine = {"AWS": ROLE}
    granted = ok("lambda:GetPolicy", {"Policy": policy(statement("own", mine))}, RENDER)
    forbidden = ok("lambda:GetPolicy", {"Policy": policy(statement("never", "*") | {"Effect": "Deny"})}, RENDER)
    may = details(allow("lambda:InvokeFunction"))
    invoke = "lambda:InvokeFunction"
    cases = {
        "by the function's policy alone": ask(invoke, RENDER, details(allow("logs:*")), granted),
        "denied there": ask(invoke, RENDER, may, forbidden),
        "no policy": ask(invoke, RENDER, may, absent("lambda:GetPolicy", RENDER)),
        "policy refused": ask(invoke, RENDER, may, denied("lambda:GetPolicy", RENDER)),
        "policy not asked for": ask(invoke, RENDER, may, without=("lambda:GetPolicy",)),
        "another qualifier": ask(invoke, f"{ORDERS}:7", may),
    }
    assert {name: (found.answer, found.before) for name, found in cases.items()} == {
        "by the function's policy alone": (Answer.YES, (ORGANISATION,)),
        "denied there": (Answer.NO, ()),
        "no policy": (Answer.YES, (ORGANISATION,)),
        "policy refused": (Answer.UNKNOWN, (ORGANISATION,)),
        "policy not asked for": (Answer.YES, (ORGANISATION, OF_RESOURCE)),
        "another qualifier": (Answer.YES, (ORGANISATION,)),
    }
    assert cases["policy refused"].gap.permission == "lambda:GetPolicy"


def test_a_session_of_a_function_is_known_by_its_function():
    when = {"ArnLike": {"lambda:SourceFunctionArn": ORDERS}}
    only_orders = details(allow("dynamodb:GetItem", **when))
    assert ask("dynamodb:GetItem", TABLE, only_orders).answer is Answer.YES
    assert ask("dynamodb:GetItem", TABLE, only_orders, function=RENDER).answer is Answer.NO
    with_mfa = details(allow("dynamodb:GetItem", Bool={"aws:MultiFactorAuthPresent": "true"}))
    assert ask("dynamodb:GetItem", TABLE, with_mfa).answer is Answer.NO
    from_vpc = details(allow("dynamodb:GetItem", StringEquals={"aws:SourceVpc": "vpc-1"}))
    assert ask("dynamodb:GetItem", TABLE, from_vpc).conditions == ("aws:SourceVpc",)
    known = {"aws:SourceVpc": ("vpc-1",)}
    assert ask("dynamodb:GetItem", TABLE, from_vpc, context=known).answer is Answer.YES


def test_what_could_not_be_read_is_unknown_with_its_permission():
    refused = denied(DETAILS, location=GLOBAL)
    found = ask("dynamodb:GetItem", TABLE, refused)
    assert (found.answer, found.gap.permission) == (Answer.UNKNOWN, DETAILS)
    stored = ask("secretsmanager:GetSecretValue", SECRET, details(allow("secretsmanager:*")))
    assert stored.answer is Answer.YES


@pytest.mark.parametrize(
    ("action", "meant"),
    [("s3:GetObjct", "s3:GetObject"), ("dynamodb:putitm", "dynamodb:PutItem"), ("dynamdb:PutItem", "dynamodb")],
)
def test_a_misspelt_action_is_answered_with_what_was_meant(action, meant):
    with pytest.raises(UsageError, match=rf"is not an? (action|service) of AWS.*did you mean.* {meant}"):
        ask(action, "*")


def test_an_action_of_a_service_that_the_data_does_not_know_is_decided():
    assert ask("newest-of-all:DoIt", "*", details(allow("*"))).answer is Answer.YES


@pytest.mark.parametrize(("action", "resource"), [("dynamodb", "*"), ("s3:Get*", "*"), ("s3:GetObject", "bucket")])
def test_a_question_that_makes_no_sense_is_refused(action, resource):
    with pytest.raises(UsageError, match=r"is not (one action|the ARN)"):
        ask(action, resource)
