"""Escalation paths as findings: what each verdict says, how grave it is, and the change that ends it."""

import json
import shlex
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model.finding import Status
from auditor.model.observed import Known
from auditor.model.severity import Confidence, Severity
from checks.over_privilege.escalation_path import escalation_path
from checks.over_privilege.role_admin import role_admin
from tests.unit.analysis.permissions.lab import ATTACKER, EVERYTHING, account, allow, function, iam, role, trust
from tests.unit.checks.build import (
    ROLES,
    Subject,
    Surroundings,
    effective_permissions,
    found,
    make,
    only,
    unknown,
    verdicts,
)
from tests.unit.checks.repairs import repairs
from tests.unit.providers.aws.normalize.capture import arn


def attacked(*statements: object, **around: object) -> Subject:
    inventory = account(*statements, **around)  # type: ignore[arg-type]
    return next(function for function in inventory.functions if function.name == "attacked")


def test_escalation_path() -> None:
    subjects = {
        "escalates": attacked(allow("iam:PutRolePolicy", on=ATTACKER)),
        "harmless": attacked(allow("s3:GetObject")),
        "administrator": attacked(EVERYTHING),
        "denied": make(effective_permissions=unknown(ROLES)),
        "undecided": make(effective_permissions=Known(effective_permissions(complete=unknown(ROLES)), ROLES)),
    }
    assert verdicts(escalation_path, subjects) == {
        "escalates": Status.FAIL,
        "harmless": Status.PASS,
        "administrator": Status.NOT_APPLICABLE,
        "denied": Status.UNKNOWN,
        "undecided": Status.UNKNOWN,
    }


def test_an_administrator_is_critical_and_its_statement_is_the_site() -> None:
    subject = attacked(allow("iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"))
    hit = only(escalation_path, subject)
    assert hit.severity is Severity.CRITICAL
    assert hit.message == (
        "Role attacker can become an administrator of the account (role admin-lambda): it creates a Lambda function"
        " that runs as admin-lambda and invokes it"
    )
    assert hit.locus == f"lambda-create-invoke/{iam('role', 'admin-lambda')}"
    assert hit.site == f"{ATTACKER}/inline/statement 1"
    assert any("iam:PassRole" in item.detail for item in hit.evidence)
    command, terraform = repairs(escalation_path, subject)[-2:]
    denied = f'"Effect":"Deny","Action":"iam:PassRole","Resource":"{iam("role", "admin-lambda")}"'
    assert denied in command
    assert "put-role-policy" in command
    assert 'Action = "iam:PassRole"' in terraform
    assert f'Resource = ["{iam("role", "admin-lambda")}"]' in terraform


def test_a_stronger_role_is_high_and_what_is_doubtful_one_lower() -> None:
    reader = role("reader", trust(principals=[ATTACKER]), allow("secretsmanager:GetSecretValue"))
    stronger = only(escalation_path, attacked(roles=[reader]))
    assert stronger.severity is Severity.HIGH
    assert "can become role reader, which can do more (read-secrets on *)" in stronger.message
    assert stronger.site == f"trust policy of {iam('role', 'reader')}"
    doubtful = only(escalation_path, attacked(allow("ssm:SendCommand")))
    assert (doubtful.severity, doubtful.confidence) == (Severity.MEDIUM, Confidence.MEDIUM)
    assert "may become an administrator of the account (role admin-service), if there is compute" in doubtful.message
    assert doubtful.message.endswith("if this holds: an EC2 instance has to run with its instance profile")
    office = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
    conditional = only(escalation_path, attacked(allow("iam:CreateAccessKey", when=office)))
    assert conditional.severity is Severity.HIGH


def test_the_fixes_of_two_steps_do_not_overwrite_each_other() -> None:
    commands = [
        repairs(escalation_path, attacked(allow(action)))[-2] for action in ("iam:PutRolePolicy", "iam:CreateAccessKey")
    ]
    names = {command.partition("--policy-name ")[2].partition(" ")[0] for command in commands}
    assert len(names) == 2
    assert all(name.startswith("deny-escalation-") for name in names)


def test_further_steps_are_named_because_one_change_would_not_end_them() -> None:
    hit = only(escalation_path, attacked(allow("iam:PutRolePolicy", "iam:CreateAccessKey")))
    assert "It could also do so by other steps: writes an inline policy of role attacker" in hit.message


def printed_policy(subject: Subject) -> list[dict[str, object]]:
    """The statements of the policy that the printed command puts."""
    words = shlex.split(repairs(escalation_path, subject)[-2].splitlines()[0])
    document = json.loads(words[words.index("--policy-document") + 1])
    assert document["Version"] == "2012-10-17"
    statements: list[dict[str, object]] = document["Statement"]
    return statements


STEPS = (
    *("iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:CreateAccessKey", "iam:UpdateLoginProfile", "sts:AssumeRole"),
    *("iam:UpdateAssumeRolePolicy", "iam:PassRole", "iam:CreatePolicyVersion", "lambda:CreateFunction"),
    *("lambda:InvokeFunction", "lambda:UpdateFunctionCode", "iam:AddUserToGroup", "ec2:RunInstances"),
    *("cloudformation:CreateStack", "glue:CreateJob", "lambda:UpdateFunctionConfiguration", "s3:GetObject"),
)
SECOND = function("second", "admin-lambda")
MIDDLE = role("middle", trust(principals=[ATTACKER]), allow("iam:CreateAccessKey", on=iam("user", "admin-user")))


@settings(max_examples=60, deadline=None)
@given(st.sets(st.sampled_from(STEPS), min_size=1, max_size=5))
def test_the_printed_deny_ends_every_certain_way_to_an_administrator(actions: set[str]) -> None:
    may = allow(*sorted(actions))
    around = {"roles": [MIDDLE], "functions": [SECOND]}
    hits = found(escalation_path, attacked(may, **around))
    if not any(hit.severity is Severity.CRITICAL for hit in hits):
        return
    denied = printed_policy(attacked(may, **around))
    left = found(escalation_path, attacked(may, *denied, **around))
    assert [hit.message for hit in left if hit.severity is Severity.CRITICAL] == []


def test_the_printed_deny_names_each_target_of_each_step_and_nothing_else() -> None:
    subject = attacked(allow("lambda:UpdateFunctionCode", "iam:PutRolePolicy", on="*"), functions=[SECOND])
    (policies, code) = printed_policy(subject)
    assert (policies["Action"], code["Action"]) == ("iam:PutRolePolicy", "lambda:UpdateFunctionCode")
    assert policies["Resource"] == "*"
    assert code["Resource"] == [arn("lambda", f"function:{name}") for name in ("deploy", "second")]


def test_the_message_names_each_principal_of_a_chain() -> None:
    middle = role("middle", trust(principals=[ATTACKER]), allow("iam:CreateAccessKey", on=iam("user", "admin-user")))
    hit = only(escalation_path, attacked(roles=[middle]))
    assert "it assumes role middle, then as role middle creates an access key of user admin-user" in hit.message
    assert found(escalation_path, replace(attacked(roles=[middle])))


def test_a_path_is_less_grave_once_the_one_administrator_it_reaches_is_none() -> None:
    inventory = account(allow("iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"))
    subject, deploy = (
        next(each for each in inventory.functions if each.name == name) for name in ("attacked", "deploy")
    )
    around = Surroundings(functions=inventory.functions)
    (depends,) = only(escalation_path, subject, context=around).depends
    assert depends.sites == (only(role_admin, deploy, context=around).site,)
    assert (depends.leads, depends.then) == (("role-admin",), Severity.HIGH)


def test_a_path_with_another_way_up_stays_as_grave() -> None:
    inventory = account(allow("iam:PassRole", "lambda:*"), allow("iam:PutRolePolicy", on=ATTACKER))
    subject = next(each for each in inventory.functions if each.name == "attacked")
    assert only(escalation_path, subject, context=Surroundings(functions=inventory.functions)).depends == ()
