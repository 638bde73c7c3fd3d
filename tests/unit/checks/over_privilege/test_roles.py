import json
from dataclasses import replace
from typing import Any

import pytest
from moto.iam.aws_managed_policies import aws_managed_policies_data

from auditor.check import Check
from auditor.engine.remediation import fill
from auditor.model.exposure import Effect
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.identity import Conditions, PolicyOrigin, PolicyStatement
from auditor.model.observed import Known
from auditor.model.severity import Confidence, Severity
from checks.over_privilege.role_admin import role_admin
from checks.over_privilege.role_admin_bounded import role_admin_bounded
from checks.over_privilege.role_aws_managed_broad import role_aws_managed_broad
from checks.over_privilege.role_passrole_any import role_passrole_any
from checks.over_privilege.role_resource_wildcard import role_resource_wildcard
from checks.over_privilege.role_service_wildcard import role_service_wildcard
from checks.over_privilege.role_shared import role_shared
from providers.aws.iam.identity_policy import read_grants
from providers.aws.iam.policy_owner import PolicyOwner, ResourceKind
from tests.unit.checks.build import (
    ACCOUNT,
    LISTED,
    ROLES,
    Surroundings,
    arn,
    effective_permissions,
    found,
    grant,
    identity,
    make,
    only,
    own_logs,
    permission_policy,
    unknown,
    verdicts,
)
from tests.unit.checks.repairs import repairs

MANAGED = json.loads(aws_managed_policies_data)
OWN = PolicyOwner(ACCOUNT, "aws", ResourceKind.ROLE_TRUST)
ADMIN = grant(("*",), ("*",), policy="AdministratorAccess", origin=PolicyOrigin.PROVIDER, text='{"Action":"*"}')


def acting(*grants: PolicyStatement, **changes: Any) -> Function:
    return make(identity=Known(identity(*grants, **changes), LISTED))


def half_read(*grants: PolicyStatement) -> Function:
    return acting(statements=(unknown(ROLES), Known(grants, ROLES)))


def around(check: Check, defect: PolicyStatement) -> dict[str, Status]:
    """What every check of permissions must say besides its own question."""
    return verdicts(
        check,
        {
            "defect": acting(defect),
            "defect-beside-denied-document": half_read(defect),
            "sound": make(),
            "denied-document": half_read(own_logs()),
            "role-denied": make(identity=unknown()),
            "no-role": make(identity=Known(None, LISTED)),
            "role-gone": acting(exists=Known(False, ROLES)),
        },
    )


EXPECTED = {
    "defect": Status.FAIL,
    "defect-beside-denied-document": Status.FAIL,
    "sound": Status.PASS,
    "denied-document": Status.UNKNOWN,
    "role-denied": Status.UNKNOWN,
    "no-role": Status.NOT_APPLICABLE,
    "role-gone": Status.NOT_APPLICABLE,
}


def test_role_admin() -> None:
    assert around(role_admin, ADMIN) == EXPECTED
    hit = only(role_admin, acting(own_logs(), ADMIN))
    said = "Role orders-role allows every action on every resource through policy AdministratorAccess"
    assert hit.message == said
    assert only(role_admin, acting(ADMIN, boundary=unknown(ROLES))).message == said
    assert [(e.source, e.detail) for e in hit.evidence] == [(ROLES, '{"Action":"*"}')]
    assert repairs(role_admin, acting(ADMIN))


def test_an_administrator_that_a_boundary_holds_is_none_and_is_told_by_a_check_of_its_own() -> None:
    boundary = Known(permission_policy("workload-boundary"), ROLES)
    held = acting(ADMIN, boundary=boundary)
    wide = replace(held, effective_permissions=Known(effective_permissions(administrator=True), ROLES))
    unread = replace(held, effective_permissions=unknown(ROLES))
    part = replace(held, effective_permissions=Known(effective_permissions(complete=unknown(ROLES)), ROLES))
    most = acting(replace(ADMIN, actions=(), not_actions=("iam:*",)), boundary=boundary)
    subjects = {
        "held": held,
        "the boundary leaves an administrator": wide,
        "not evaluated": unread,
        "evaluated in part": part,
        "never an administrator": acting(own_logs(), boundary=boundary),
        "no boundary": acting(ADMIN),
        "boundary unread": acting(ADMIN, boundary=unknown(ROLES)),
        "all but iam": most,
    }
    assert verdicts(role_admin, subjects) == dict.fromkeys(subjects, Status.FAIL) | {
        "held": Status.PASS,
        "never an administrator": Status.PASS,
    }
    assert verdicts(role_admin_bounded, subjects) == {
        "held": Status.FAIL,
        "the boundary leaves an administrator": Status.PASS,
        "not evaluated": Status.UNKNOWN,
        "evaluated in part": Status.UNKNOWN,
        "never an administrator": Status.PASS,
        "no boundary": Status.NOT_APPLICABLE,
        "boundary unread": Status.UNKNOWN,
        "all but iam": Status.PASS,
    }
    hit = only(role_admin_bounded, held)
    assert hit.message == (
        "Role orders-role allows every action on every resource through policy AdministratorAccess; only its permissions"
        " boundary workload-boundary keeps it from being an administrator"
    )
    assert [each.detail for each in hit.evidence] == ['{"Action":"*"}', "permissions boundary workload-boundary"]
    assert repairs(role_admin_bounded, held)
    assert only(role_admin, unread).message.endswith("; its permissions boundary workload-boundary is not evaluated")


def test_role_service_wildcard_weighs_the_resource() -> None:
    everywhere = grant(("dynamodb:*",), ("*",), statement="Tables")
    one_table = grant(("dynamodb:*",))
    assert around(role_service_wildcard, everywhere) == EXPECTED
    assert verdicts(role_service_wildcard, {"one-table": acting(one_table), "admin": acting(ADMIN)}) == {
        "one-table": Status.FAIL,
        "admin": Status.PASS,
    }
    assert only(role_service_wildcard, acting(everywhere)).severity is Severity.HIGH
    assert only(role_service_wildcard, acting(one_table)).severity is Severity.MEDIUM
    assert "allows dynamodb:* on every resource" in only(role_service_wildcard, acting(everywhere)).message
    assert only(role_service_wildcard, acting(everywhere)).locus == "orders-access/Tables"
    assert repairs(role_service_wildcard, acting(everywhere))


def test_role_resource_wildcard_names_its_own_actions_on_resources_of_their_kinds() -> None:
    wide = acting(grant(("kms:decrypt", "lambda:updatefunctioncode"), ("*",)))
    text = repairs(role_resource_wildcard, wide)[-1]
    assert 'Action   = ["kms:Decrypt", "lambda:UpdateFunctionCode"]' in text
    assert '"arn:aws:kms:us-east-1:111122223333:key/<name>"' in text
    assert '"arn:aws:lambda:us-east-1:111122223333:function:<name>"' in text


def test_role_resource_wildcard_spares_actions_that_only_work_with_it() -> None:
    wide = grant(("dynamodb:getitem", "xray:puttracesegments"), ("*",))
    assert around(role_resource_wildcard, wide) == EXPECTED
    narrowed = replace(wide, condition_keys=("aws:resourcetag/team",), conditions=Conditions.NARROWING)
    assert verdicts(
        role_resource_wildcard,
        {
            "tracing-only": acting(grant(("xray:puttracesegments", "ec2:describe*"), ("*",))),
            "logs-only": acting(grant(("logs:putlogevents",), ("*",))),
            "written-by-aws": acting(replace(wide, origin=PolicyOrigin.PROVIDER)),
            "conditioned": acting(narrowed),
            "never": acting(replace(wide, condition_keys=("aws:SourceArn",), conditions=Conditions.NEVER)),
            "admin": acting(ADMIN),
            "whole-service": acting(grant(("dynamodb:*", "sqs:purgequeue"), ("*",))),
        },
    ) == dict.fromkeys(
        (
            *("tracing-only", "logs-only", "written-by-aws", "conditioned", "never", "admin"),
            "whole-service",
        ),
        Status.PASS,
    )
    hit = only(role_resource_wildcard, acting(wide))
    assert hit.message == "Role orders-role allows dynamodb:GetItem on every resource through policy orders-access"
    assert hit.severity is Severity.MEDIUM
    assert repairs(role_resource_wildcard, acting(wide))


def test_a1_a_star_in_an_arn_is_told_with_the_arn() -> None:
    tables = grant(("dynamodb:getitem",), ("arn:aws:dynamodb:*:*:table/*", arn("sqs", "orders")))
    said = "allows dynamodb:GetItem on every resource of its type (arn:aws:dynamodb:*:*:table/*) through"
    assert said in only(role_resource_wildcard, acting(tables)).message


EVERY_ARN = ("arn:aws:*:*:*:*", "arn:*:*:*:*:*", "arn:aws:*:*:111122223333:*", "arn:aws:*:*:*:?*", "arn:aws:*", "*")


@pytest.mark.parametrize("resource", EVERY_ARN)
def test_every_resource_is_told_however_it_is_spelt(resource: str) -> None:
    admin = acting(grant(("*",), (resource,)))
    assert verdicts(role_admin, {"admin": admin}) == {"admin": Status.FAIL}
    reads, passes = grant(("dynamodb:getitem",), (resource,)), grant(("iam:passrole",), (resource,))
    services = acting(grant(("s3:*",), (resource,)))
    assert verdicts(role_resource_wildcard, {"reads": acting(reads)}) == {"reads": Status.FAIL}
    assert verdicts(role_passrole_any, {"passes": acting(passes)}) == {"passes": Status.FAIL}
    assert "s3:* on every resource" in only(role_service_wildcard, services).message


def test_every_action_on_one_service_is_every_action_of_it() -> None:
    buckets = acting(grant(("*",), ("arn:aws:s3:::*",)))
    assert verdicts(role_admin, {"buckets": buckets}) == {"buckets": Status.PASS}
    assert "allows s3:* on every resource of its type (arn:aws:s3:::*)" in only(role_service_wildcard, buckets).message
    region = acting(grant(("*",), ("arn:aws:*:us-east-1:*:*",)))
    said = "allows every action on every resource of its type (arn:aws:*:us-east-1:*:*)"
    assert said in only(role_service_wildcard, region).message


def test_a_condition_that_restricts_nothing_hides_no_administrator() -> None:
    vacuous = replace(ADMIN, condition_keys=("aws:PrincipalArn",), conditions=Conditions.VACUOUS)
    hit = only(role_admin, acting(vacuous))
    assert (hit.severity, hit.confidence) == (Severity.CRITICAL, None)
    assert "under a condition on aws:PrincipalArn that restricts nothing here" in hit.message


def test_a_condition_on_where_or_how_lowers_and_is_named() -> None:
    terms: dict[str, Any] = {"condition_keys": ("aws:RequestedRegion",), "conditions": Conditions.CIRCUMSTANCE}
    hit = only(role_admin, acting(replace(ADMIN, **terms)))
    assert (hit.severity, hit.confidence) == (Severity.HIGH, Confidence.MEDIUM)
    assert "limited by aws:RequestedRegion" in hit.message
    wide = only(role_resource_wildcard, acting(grant(("dynamodb:getitem",), ("*",), **terms)))
    assert (wide.severity, wide.confidence) == (Severity.LOW, Confidence.MEDIUM)
    assert "limited by aws:RequestedRegion" in wide.message


def test_the_administrator_grant_that_nothing_restricts_is_told_first() -> None:
    bound = replace(ADMIN, condition_keys=("aws:RequestedRegion",), conditions=Conditions.CIRCUMSTANCE, policy="region")
    assert "through policy AdministratorAccess" in only(role_admin, acting(bound, ADMIN)).message


def test_role_passrole_any_is_shortened_by_a_condition() -> None:
    wide = grant(("iam:passrole",), ("*",))
    assert around(role_passrole_any, wide) == EXPECTED
    bound = replace(wide, condition_keys=("iam:passedtoservice",), conditions=Conditions.NARROWING)
    one = grant(("iam:passrole",), ("arn:aws:iam::111122223333:role/worker",))
    assert verdicts(role_passrole_any, {"bound": acting(bound), "one-role": acting(one), "admin": acting(ADMIN)}) == {
        "bound": Status.FAIL,
        "one-role": Status.PASS,
        "admin": Status.PASS,
    }
    assert only(role_passrole_any, acting(bound)).severity is Severity.MEDIUM
    assert "limited by iam:passedtoservice" in only(role_passrole_any, acting(bound)).message
    assert repairs(role_passrole_any, acting(wide))


def attached(*names: str) -> Function:
    """A function whose role has AWS-managed policies, with the documents that AWS publishes."""
    arns = {name: f"arn:aws:iam::aws:policy/{name}" for name in names}
    policies = tuple(replace(permission_policy(name, PolicyOrigin.PROVIDER), id=arns[name]) for name in names)
    groups = tuple(
        Known(read_grants(MANAGED[name]["Document"], policy=arns[name], origin=PolicyOrigin.PROVIDER, home=OWN), ROLES)
        for name in names
    )
    return acting(policies=Known(policies, ROLES), statements=groups)


MADE_FOR_FUNCTIONS = (
    *("AWSXrayWriteOnlyAccess", "AWSXRayDaemonWriteAccess", "AWSLambdaBasicExecutionRole"),
    *("AWSLambdaVPCAccessExecutionRole", "AWSLambdaENIManagementAccess", "AWSLambdaSQSQueueExecutionRole"),
    *("AWSLambdaKinesisExecutionRole", "AWSLambdaDynamoDBExecutionRole", "AWSLambdaMSKExecutionRole"),
    *("CloudWatchLambdaInsightsExecutionRolePolicy", "CloudWatchLambdaApplicationSignalsExecutionRolePolicy"),
    *("AmazonS3ObjectLambdaExecutionRolePolicy", "AWSLambdaBasicDurableExecutionRolePolicy"),
)


@pytest.mark.parametrize("name", MADE_FOR_FUNCTIONS)
def test_a3_a_managed_policy_that_opens_nothing_is_no_finding(name: str) -> None:
    asked = (role_admin, role_service_wildcard, role_resource_wildcard, role_passrole_any, role_aws_managed_broad)
    function = attached(name)
    assert {check.id: verdicts(check, {name: function})[name] for check in asked} == {
        check.id: Status.PASS for check in asked
    }


@pytest.mark.parametrize(
    ("name", "severity", "phrase"),
    [
        ("AWSLambdaRole", Severity.MEDIUM, "lambda:InvokeFunction on every resource"),
        ("AWSLambdaInvocation-DynamoDB", Severity.MEDIUM, "lambda:InvokeFunction on every resource"),
        ("AmazonS3ReadOnlyAccess", Severity.MEDIUM, "s3:Get*"),
        ("AmazonS3FullAccess", Severity.HIGH, "s3:*, s3-object-lambda:* on every resource"),
        ("AmazonSSMReadOnlyAccess", Severity.HIGH, "ssm:Get*"),
        ("SecretsManagerReadWrite", Severity.HIGH, "secretsmanager:*"),
        ("IAMFullAccess", Severity.HIGH, "iam:*"),
        ("AWSLambda_FullAccess", Severity.HIGH, "iam:PassRole on every role, limited by iam:PassedToService"),
    ],
)
def test_one_attachment_is_one_finding_at_the_weight_of_its_document(
    name: str, severity: Severity, phrase: str
) -> None:
    function = attached(name)
    hit = only(role_aws_managed_broad, function)
    assert hit.severity is severity
    assert phrase in hit.message
    assert hit.locus == f"arn:aws:iam::aws:policy/{name}"
    others = (role_admin, role_service_wildcard, role_resource_wildcard, role_passrole_any)
    assert [check.id for check in others if found(check, function)] == []


@pytest.mark.parametrize(
    ("name", "severity"), [("AdministratorAccess", Severity.CRITICAL), ("PowerUserAccess", Severity.HIGH)]
)
def test_an_administrators_policy_is_one_finding(name: str, severity: Severity) -> None:
    function = attached(name)
    assert only(role_admin, function).severity is severity
    others = (role_service_wildcard, role_resource_wildcard, role_passrole_any, role_aws_managed_broad)
    assert [check.id for check in others if found(check, function)] == []


def test_role_aws_managed_broad_needs_the_documents() -> None:
    unread = attached("AWSLambdaBasicExecutionRole", "AmazonS3FullAccess")
    subjects = {
        "one-broad": unread,
        "own-policies": make(),
        "policies-denied": acting(policies=unknown(ROLES)),
        "document-denied": acting(statements=(unknown(ROLES),)),
        "no-role": make(identity=Known(None, LISTED)),
        "role-gone": acting(exists=Known(False, ROLES)),
    }
    assert verdicts(role_aws_managed_broad, subjects) == {
        "one-broad": Status.FAIL,
        "own-policies": Status.PASS,
        "policies-denied": Status.UNKNOWN,
        "document-denied": Status.UNKNOWN,
        "no-role": Status.NOT_APPLICABLE,
        "role-gone": Status.NOT_APPLICABLE,
    }
    said = "Role orders-role has the AWS managed policy AmazonS3FullAccess attached, which allows s3:*"
    assert only(role_aws_managed_broad, unread).message.startswith(said)
    assert repairs(role_aws_managed_broad, unread)


def test_a5_what_is_left_of_everything_is_named_and_weighed() -> None:
    no_iam = grant(("iam:*",), ("*",), effect=Effect.DENY, policy="guard")
    hit = only(role_admin, acting(ADMIN, no_iam))
    assert hit.severity is Severity.HIGH
    assert "allows every action except iam:* on every resource through policy AdministratorAccess" in hit.message
    assert "the remaining actions allow no privilege escalation" in hit.message
    no_users = replace(no_iam, actions=("iam:createuser",))
    hit = only(role_admin, acting(ADMIN, no_users))
    assert hit.severity is Severity.CRITICAL
    assert "every action except iam:CreateUser" in hit.message
    assert "the remaining actions still allow privilege escalation to every other permission" in hit.message


def commands(check: Check, function: Function) -> list[str]:
    (filled,) = [fill(check.fix[function.cloud], function, hit)["command"] for hit in found(check, function)]
    return (filled or "").splitlines()


def test_a12_a_statement_is_changed_where_it_is() -> None:
    policy = replace(permission_policy(), version="v3")
    owned = grant(("dynamodb:getitem",), ("*",), policy=policy.id, statement="Tables")
    inline = replace(owned, policy="orders needs", origin=PolicyOrigin.INLINE)
    assert commands(role_resource_wildcard, acting(inline)) == [
        (
            "aws iam get-role-policy --role-name orders-role --policy-name 'orders needs' --query PolicyDocument"
            " --output json > 'orders needs'.json"
        ),
        "# in orders needs.json, statement Tables: name the resources the code uses",
        (
            "aws iam put-role-policy --role-name orders-role --policy-name 'orders needs'"
            " --policy-document file://'orders needs'.json"
        ),
    ]
    arns = "arn:aws:iam::111122223333:policy/orders-access"
    assert commands(role_resource_wildcard, acting(owned, policies=Known((policy,), ROLES))) == [
        (
            f"aws iam get-policy-version --policy-arn {arns} --version-id v3 --query PolicyVersion.Document --output json"
            " > orders-access.json"
        ),
        "# in orders-access.json, statement Tables: name the resources the code uses",
        (
            f"aws iam create-policy-version --policy-arn {arns} --policy-document file://orders-access.json"
            " --set-as-default"
        ),
    ]
    unread = commands(role_resource_wildcard, acting(owned, policies=unknown(ROLES)))
    assert "--version-id 'REPLACE-default-version'" in unread[0]


@pytest.mark.parametrize(
    ("check", "name"), [(role_admin, "AdministratorAccess"), (role_aws_managed_broad, "AmazonS3FullAccess")]
)
def test_a12_a_policy_of_aws_is_detached_by_its_arn(check: Check, name: str) -> None:
    *_, put, detach = commands(check, attached(name))
    assert put.startswith("aws iam put-role-policy --role-name orders-role --policy-name 'REPLACE-")
    assert detach == (f"aws iam detach-role-policy --role-name orders-role --policy-arn arn:aws:iam::aws:policy/{name}")


def test_a12_names_that_begin_with_a_dash_stay_values() -> None:
    odd = grant(("s3:*",), ("*",), policy="-rf", origin=PolicyOrigin.INLINE)
    assert "--policy-name=-rf" in commands(role_service_wildcard, acting(odd))[1]


def test_role_shared_names_the_others() -> None:
    role = identity().id
    alone = Surroundings(sharing={role: ("orders",)})
    crowd = Surroundings(sharing={role: ("a", "b", "c", "d", "e", "f", "orders")})
    assert verdicts(role_shared, {"orders": make()}, alone) == {"orders": Status.PASS}
    assert verdicts(role_shared, {"orders": make()}, crowd) == {"orders": Status.FAIL}
    assert verdicts(
        role_shared, {"denied": make(identity=unknown()), "none": make(identity=Known(None, LISTED))}, crowd
    ) == {
        "denied": Status.UNKNOWN,
        "none": Status.NOT_APPLICABLE,
    }
    hit = only(role_shared, make(), crowd)
    assert hit.message == "orders shares role orders-role with a, b, c, d, e and 1 more"
    assert repairs(role_shared, make(), hit)


def test_role_shared_is_unknown_where_functions_of_the_account_were_not_listed() -> None:
    alone = {identity().id: ("orders",)}
    gap = unknown("lambda:ListFunctions").gap
    assert verdicts(role_shared, {"orders": make()}, Surroundings(sharing=alone, unread={make().scope: gap})) == {
        "orders": Status.UNKNOWN
    }
    foreign = Surroundings(sharing=alone, unread={"aws/444455556666": gap})
    assert verdicts(role_shared, {"orders": make()}, foreign) == {"orders": Status.PASS}


def test_statements_of_policies_with_the_same_name_keep_their_own_locus() -> None:
    twice = acting(grant(("s3:*",), ("arn:aws:s3:::x",)), grant(("sqs:*",), (arn("sqs", "x"),)))
    assert [hit.locus for hit in found(role_service_wildcard, twice)] == [
        "orders-access/Statement[0]",
        "orders-access/Statement[0] (2)",
    ]
