"""Escalation paths of a function's role: each published technique at the right target, and what only looks like one."""

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

from auditor.analysis.permissions.techniques import faults, read, retired, techniques
from auditor.model.access import CapabilityKind, EffectivePermissions
from auditor.model.capture import Envelope
from auditor.model.inventory import Inventory
from auditor.model.observed import Gap, GapReason, Known, Unknown
from auditor.model.tags import Tags
from tests.unit.analysis.permissions.lab import (
    ACCOUNT,
    ATTACKER,
    BOUNDARY,
    EVERYTHING,
    OWN_POLICY,
    account,
    allow,
    attached,
    deny,
    iam,
    managed,
    permissions,
    role,
    told,
    trust,
)
from tests.unit.checks.build import signing
from tests.unit.providers.aws.normalize.organization import FULL, LEVELS, ROOT, organization

PUBLISHED = Path(__file__).with_name("published_techniques.csv")
"""The action sets of both catalogues (pathfinding.cloud, Prowler, cloudsplaining, Rhino, HackTricks, CloudPEASS,
aurelian; as of 2026-10), under the names they have there."""


OF_OTHERS = {
    *("user-inline-policy", "user-attach-policy", "group-inline-policy", "group-attach-policy", "group-member"),
}
"""Techniques that help only who has the credentials of a user besides."""
KEY = allow("iam:CreateAccessKey", on=iam("user", "plain-user"))


def test_every_technique_is_found_at_its_target() -> None:
    for technique in techniques():
        key = [KEY] if technique.id in OF_OTHERS else []
        older = managed(OWN_POLICY, allow("logs:PutLogEvents"), older=[EVERYTHING])
        found = permissions(account(allow(*technique.actions), *key, policies=[older]))
        if technique.id in ("role-boundary", "user-boundary", "ec2-new-profile", "ec2-other-profile"):
            continue  # needs a boundary, or a role without instance profile: below
        assert found.escalation, technique.id
        path = found.escalation[0]
        assert path.steps[0].technique == technique.id
        assert path.administrator
        assert path.source == ATTACKER
        # the versions of the policy are all told; which compute exists is not
        doubtful = technique.needs or (technique.doubt and technique.id != "policy-default-version")
        assert bool(path.conditions) == bool(doubtful), technique.id
        assert all(step.proof for step in path.steps), technique.id
        taken = {action.lower() for step in path.steps for action in step.actions}
        assert taken == {*technique.keys, *(["iam:createaccesskey"] if key else [])}


def test_every_published_combination_is_a_path_or_a_capability() -> None:
    with PUBLISHED.open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    for row in rows:
        found = permissions(account(allow(*row["actions"].split())))
        if row["technique"]:
            shown = told(found)
            assert shown == (row["technique"], row["target"], row["depends"] == "yes"), row
        else:
            assert found.escalation == (), row
            assert [each.kind.value for each in found.capabilities] == row["capabilities"].split(), row


def test_a_broken_entry_hides_no_other() -> None:
    sound = {"id": "assume-role", "kind": "assume", "actions": ["sts:AssumeRole"], "words": "assumes {target}"}
    broken: tuple[Any, ...] = (
        {},
        None,
        sound | {"kind": "of tomorrow"},
        sound | {"actions": []},
        sound | {"actions": ["*"]},
    )
    found, told_faults = read((*broken, sound))
    assert [technique.id for technique in found] == ["assume-role"]
    assert [fault.partition(" (")[0] for fault in told_faults] == [f"entry {n} cannot be read" for n in range(1, 6)]
    assert faults() == ()
    assert set(retired()) == {"codestar"}


def lookalikes() -> dict[str, EffectivePermissions]:
    """Roles that name the actions of a technique and reach nothing by them."""
    invoke = ("iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction")
    bounded = {"PermissionsBoundary": {"PermissionsBoundaryArn": BOUNDARY}}
    only = {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}
    never = {"StringEquals": {"aws:PrincipalAccount": "999999999999"}}
    elsewhere = {"StringEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/ReadOnlyAccess"}}
    return {
        "denied": permissions(account(allow(*invoke), deny("iam:PassRole"))),
        "denied by NotResource": permissions(
            account(
                allow("iam:CreateAccessKey"),
                {"Effect": "Deny", "Action": "iam:*", "NotResource": iam("user", "plain-user")},
            )
        ),
        "bounded": permissions(account(allow(*invoke), own=bounded)),
        "own policy within a boundary": permissions(
            account(
                allow("iam:PutRolePolicy", on=ATTACKER),
                policies=[managed(BOUNDARY, allow("iam:PutRolePolicy", "s3:*"))],
                own=bounded,
            )
        ),
        "passes no role that exists": permissions(
            account(allow("iam:PassRole", on=iam("role", "gone")), allow(*invoke[1:]))
        ),
        "passes a role without rights": permissions(
            account(allow("iam:PassRole", on=iam("role", "plain")), allow(*invoke[1:]))
        ),
        "passes a role that does not trust the service": permissions(
            account(allow("iam:PassRole", on=iam("role", "admin-service")), allow(*invoke[1:]))
        ),
        "passes to another service": permissions(account(allow(invoke[0], when=only), allow(*invoke[1:]))),
        "condition that never holds": permissions(account(allow(*invoke, when=never))),
        "attaches a harmless policy only": permissions(account(allow("iam:AttachRolePolicy", when=elsewhere))),
        "one action is missing": permissions(account(allow("iam:PassRole", "lambda:InvokeFunction"))),
        "creates on another service's ARN": permissions(
            account(allow("iam:PassRole"), allow("glue:CreateDevEndpoint", on="arn:aws:s3:::bucket"))
        ),
        "user that does not exist": permissions(account(allow("iam:CreateAccessKey", on=iam("user", "gone")))),
        "user without rights": permissions(account(allow("iam:CreateAccessKey", on=iam("user", "plain-user")))),
        "function of its own role": permissions(
            account(allow("lambda:UpdateFunctionCode", on=f"arn:aws:lambda:eu-central-1:{ACCOUNT}:function:attacked"))
        ),
        "role that trusts another": permissions(
            account(
                allow("sts:AssumeRole", on=iam("role", "closed")),
                roles=[role("closed", trust(principals=[iam("user", "admin-user")]), EVERYTHING)],
            )
        ),
        "policies of users and groups whose credentials it lacks": permissions(
            account(allow("iam:PutUserPolicy", "iam:AttachGroupPolicy", "iam:AddUserToGroup"))
        ),
        "policy of a role that it cannot become": permissions(
            account(allow("iam:AttachRolePolicy", on=iam("role", "plain")))
        ),
        "policy that only somebody else has": permissions(
            account(
                allow("iam:CreatePolicyVersion", on=iam("policy", "theirs")),
                policies=[managed(iam("policy", "theirs"), allow("s3:GetObject"))],
                users=[{"Arn": iam("user", "theirs")} | attached(iam("policy", "theirs"))],
            )
        ),
        "older version that grants no more": permissions(
            account(
                allow("iam:SetDefaultPolicyVersion", on=OWN_POLICY),
                policies=[managed(OWN_POLICY, allow("logs:PutLogEvents"), older=[allow("s3:Get*")])],
            )
        ),
        "function with another tag": permissions(tagged("dev")),
        "role without the tag": permissions(
            account(allow("iam:PassRole", when={"StringEquals": {"aws:ResourceTag/team": "web"}}), allow(*invoke[1:]))
        ),
        "role that asks for MFA": permissions(
            account(
                allow("sts:AssumeRole", on=iam("role", "guarded")),
                roles=[role("guarded", with_mfa(), EVERYTHING)],
            )
        ),
        "denied without MFA": permissions(
            account(
                allow("lambda:UpdateFunctionCode"),
                deny("lambda:*") | {"Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}},
            )
        ),
        "older version of a policy that has one": permissions(
            account(allow("iam:SetDefaultPolicyVersion", on=OWN_POLICY))
        ),
    }


def test_a_role_without_instance_profile_is_put_into_one() -> None:
    loose = role("loose", trust("ec2.amazonaws.com"), EVERYTHING, InstanceProfileList=[])
    run = [allow("iam:PassRole", on=iam("role", "loose")), allow("ec2:RunInstances")]
    into = "iam:AddRoleToInstanceProfile"
    new = permissions(account(*run, allow(into, "iam:CreateInstanceProfile"), roles=[loose]))
    assert told(new) == ("ec2-new-profile", "loose", False)
    other = permissions(account(*run, allow(into, "iam:RemoveRoleFromInstanceProfile"), roles=[loose]))
    assert told(other) == ("ec2-other-profile", "loose", False)
    assert permissions(account(*run, allow("iam:CreateInstanceProfile"), roles=[loose])).escalation == ()
    assert permissions(account(*run, roles=[loose])).escalation == ()


def with_mfa() -> dict[str, Any]:
    """The trust policy of a role that the account may assume, with MFA alone."""
    made = trust(principals=[f"arn:aws:iam::{ACCOUNT}:root"])
    made["Statement"][0]["Condition"] = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    return made


def tagged(wanted: str) -> Inventory:
    """An account whose functions have the tag ``env=prod``, and a role that may change those with the tag wanted."""

    def tag(inventory: Inventory) -> Inventory:
        tags = Known(Tags({"env": "prod"}), "tag:GetResources")
        return replace(inventory, functions=tuple(replace(each, tags=tags) for each in inventory.functions))

    only = {"StringEquals": {"aws:ResourceTag/env": wanted}}
    return account(allow("lambda:UpdateFunctionCode", when=only), change=tag)


def test_tags_that_were_read_decide_and_those_that_were_not_leave_it_open() -> None:
    assert told(permissions(tagged("prod"))) == ("lambda-code", "admin-lambda", False)
    only = {"StringEquals": {"aws:ResourceTag/env": "prod"}}

    def forget(inventory: Inventory) -> Inventory:
        unread = Unknown(Gap(GapReason.DENIED, "tag:GetResources", "tag:GetResources"))
        return replace(inventory, functions=tuple(replace(each, tags=unread) for each in inventory.functions))

    unread = permissions(account(allow("lambda:UpdateFunctionCode", when=only), change=forget))
    assert told(unread) == ("lambda-code", "admin-lambda", True)


def test_an_older_version_that_lets_its_holder_write_its_own_policies() -> None:
    older = [allow("iam:PutRolePolicy")]
    policies = [managed(OWN_POLICY, allow("logs:PutLogEvents"), older=older)]
    found = permissions(account(allow("iam:SetDefaultPolicyVersion", on=OWN_POLICY), policies=policies))
    assert told(found) == ("policy-default-version", "own", False)


def test_one_principal_writes_the_policy_of_another_and_both_can_be_reached() -> None:
    writer = role("writer", trust(principals=[ATTACKER]), allow("iam:PutUserPolicy", on=iam("user", "plain-user")))
    (path,) = permissions(account(KEY, roles=[writer])).escalation
    assert [step.technique for step in path.steps] == ["assume-role", "user-inline-policy", "access-key"]
    assert path.administrator
    assert path.conditions == ()


def test_what_only_looks_like_escalation_is_none() -> None:
    shown = {name: [told(found)] for name, found in lookalikes().items() if found.escalation}
    assert shown == {}


def test_boundaries_that_can_be_taken_off() -> None:
    bounded = {"PermissionsBoundary": {"PermissionsBoundaryArn": BOUNDARY}}
    limits = managed(BOUNDARY, allow("iam:DeleteRolePermissionsBoundary", "s3:*"))
    found = permissions(account(EVERYTHING, policies=[limits], own=bounded))
    assert told(found) == ("role-boundary", "attacker", False)
    plain = permissions(account(allow("s3:*", "iam:DeleteRolePermissionsBoundary"), policies=[limits], own=bounded))
    assert plain.escalation == ()


def test_steps_are_chained_and_the_shortest_chain_is_shown() -> None:
    middle = role("middle", trust(principals=[ATTACKER]), allow("iam:CreateAccessKey", on=iam("user", "deployer")))
    deployer = {
        "Arn": iam("user", "deployer"),
        "UserPolicyList": [
            {
                "PolicyName": "deploy",
                "PolicyDocument": {"Statement": [allow("lambda:UpdateFunctionCode", on="*")]},
            }
        ],
    }
    found = permissions(account(roles=[middle], users=[deployer]))
    path = found.escalation[0]
    assert [(step.technique, step.target.rpartition("/")[2]) for step in path.steps] == [
        ("assume-role", "middle"),
        ("access-key", "deployer"),
        ("lambda-code", "admin-lambda"),
    ]
    assert path.administrator
    assert path.target == iam("role", "admin-lambda")


def test_writing_the_policy_of_a_role_it_may_assume() -> None:
    helper = role("helper", trust(principals=[ATTACKER]))
    found = permissions(account(allow("iam:PutRolePolicy", on=iam("role", "helper")), roles=[helper]))
    path = found.escalation[0]
    assert [step.technique for step in path.steps] == ["role-inline-policy", "assume-role"]
    assert path.conditions == ()


def test_a_stronger_principal_that_is_no_administrator() -> None:
    reader = role(
        "reader",
        trust(principals=[ATTACKER]),
        allow("secretsmanager:GetSecretValue", on="arn:aws:secretsmanager:*:*:secret:pay*"),
    )
    found = permissions(account(allow("sts:AssumeRole", on=iam("role", "reader")), roles=[reader]))
    (path,) = found.escalation
    assert not path.administrator
    assert path.target == iam("role", "reader")
    assert path.gains == ("read-secrets on arn:aws:secretsmanager:*:*:secret:pay*",)


def test_a_condition_that_nobody_can_decide_is_said() -> None:
    office = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
    found = permissions(account(allow("iam:CreateAccessKey", when=office)))
    assert told(found) == ("access-key", "admin-user", True)
    assert found.escalation[0].conditions == ("the condition on aws:SourceIp has to hold",)


def sign(inventory: Inventory) -> Inventory:
    """The inventory with code signing enforced on every function."""
    enforced = Known(signing(), "lambda:ListCodeSigningConfigs")
    functions = (replace(each, code=replace(each.code, signing=enforced)) for each in inventory.functions)
    return replace(inventory, functions=tuple(functions))


def test_code_signing_stops_new_code_unless_it_can_be_switched_off() -> None:
    assert permissions(account(allow("lambda:UpdateFunctionCode"), change=sign)).escalation == ()
    switched_off = permissions(
        account(allow("lambda:UpdateFunctionCode", "lambda:DeleteFunctionCodeSigningConfig"), change=sign)
    )
    assert told(switched_off) == ("lambda-code", "admin-lambda", False)


def test_administrators_have_no_path_and_all_capabilities() -> None:
    found = permissions(account(EVERYTHING))
    assert found.escalation == ()
    assert found.capabilities[0].kind is CapabilityKind.ADMINISTER
    assert found.administrator


def test_what_cannot_be_read_leaves_the_answer_open() -> None:
    unreadable = {"RolePolicyList": [{"PolicyName": "inline", "PolicyDocument": "not a policy"}]}
    found = permissions(account(own=unreadable))
    assert isinstance(found.complete, Unknown)
    assert found.escalation == ()


def test_who_can_take_the_function_over() -> None:
    by_group = {"Arn": iam("user", "ci"), "GroupList": ["staff"]}
    passing = role(
        "deployer",
        trust(principals=[iam("user", "ci")]),
        allow("iam:PassRole", on=ATTACKER),
        allow("lambda:CreateFunction", "lambda:InvokeFunction"),
    )
    narrow = {
        "Arn": iam("user", "other"),
        "UserPolicyList": [
            {
                "PolicyName": "one",
                "PolicyDocument": {
                    "Statement": [allow("lambda:UpdateFunctionCode", on=f"arn:aws:lambda:*:{ACCOUNT}:function:else")]
                },
            }
        ],
    }
    found = permissions(account(roles=[passing], users=[by_group, narrow]))
    shown = {path.source.rpartition("/")[2]: [step.technique for step in path.steps] for path in found.takeover}
    assert shown == {"deployer": ["lambda-create-invoke"], "ci": ["assume-role", "lambda-create-invoke"]}
    assert found.takers == 2
    assert {name.rpartition("/")[2] for name in found.administrators} == {
        *("admin-service", "admin-lambda", "admin-assumable", "admin-user"),
    }


def test_what_the_organisation_forbids_is_no_step_and_makes_nobody_less_of_an_administrator() -> None:
    may = allow("iam:AttachRolePolicy")
    elsewhere = {**deny("*"), "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1", "us-east-1"]}}}
    no_compute = deny("ec2:*", "secretsmanager:*")
    cases = {
        "before it": account(may),
        "a region": account(may, organization=guarded(elsewhere)),
        "other services": account(may, organization=guarded(no_compute)),
        "the step": account(may, organization=guarded(deny("iam:*"))),
        "everything": account(may, organization=guarded(deny("*"))),
    }
    found = {name: permissions(inventory) for name, inventory in cases.items()}
    assert {
        name: (bool(each.escalation), len(each.administrators), "organisation policies" in each.before)
        for name, each in found.items()
    } == {
        "before it": (True, 4, True),
        "a region": (True, 4, False),
        "other services": (True, 4, False),
        "the step": (False, 4, False),
        "everything": (False, 0, False),
    }
    assert found["a region"].escalation[0].administrator


def guarded(*denied: Any) -> list[Envelope]:
    """What is above the account: everything is allowed at every level, and something denied at the root."""
    return organization({FULL: (LEVELS, [EVERYTHING]), "p-guard": ((ROOT,), denied)})


def test_what_only_a_service_may_send_is_no_step_of_who_cannot_make_one_send_it() -> None:
    for when in (
        {"Bool": {"aws:ViaAWSService": "true"}},
        {"ForAnyValue:StringEquals": {"aws:CalledVia": ["cloudformation.amazonaws.com"]}},
    ):
        key = allow("iam:CreateAccessKey", when=when)
        assert permissions(account(key)).escalation == ()
        assert told(permissions(account(key, allow("cloudformation:CreateStack")))) == (
            "access-key",
            "admin-user",
            True,
        )
    direct = allow("iam:CreateAccessKey", when={"Bool": {"aws:ViaAWSService": "false"}})
    assert told(permissions(account(direct))) == ("access-key", "admin-user", False)
