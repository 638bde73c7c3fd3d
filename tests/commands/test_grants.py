"""The commands that grant a missing permission: they can be pasted, and hold what the report knows."""

from collections.abc import Iterator

import pytest

from auditor import plugins
from auditor.engine.permission_grants import combined, gap_help, grant
from auditor.model.ids import Cloud
from tests.commands import aws, gcloud
from tests.commands.printed import Printed, lines
from tests.commands.test_shell import operators, refused

ACCOUNTS = {Cloud.AWS: "123456789012", Cloud.AZURE: "aaaaaaaa-1111-2222-3333-444444444444", Cloud.GCP: "shop"}
CALLERS = {
    "aws": "arn:aws:sts::123456789012:assumed-role/-audit/session",
    "azure": "-o'hara@shop.example",
    "gcp": "audit@shop.iam.gserviceaccount.com",
}


def granting(cloud: Cloud, *, known: bool) -> Iterator[Printed]:
    scopes, callers = ([f"{cloud}/{ACCOUNTS[cloud]}"], CALLERS) if known else ((), {})
    for permission in sorted({operation.permission for operation in plugins.provider(cloud).operations}):
        found = grant(permission, scopes, callers)
        if found:
            yield Printed(permission, found.command)


@pytest.mark.parametrize("known", [True, False], ids=["known", "unknown"])
@pytest.mark.parametrize("cloud", list(Cloud))
def test_a13_every_grant_can_be_pasted(cloud: Cloud, *, known: bool) -> None:
    commands = list(granting(cloud, known=known))
    assert commands
    assert refused(commands) == []
    single = [line for command in commands for line in lines(command)]
    assert [str(line) for line in single if operators(line)] == []
    assert {"REPLACE-" in command.text for command in commands} == {not known}
    grammar = {Cloud.AWS: aws.complaints, Cloud.GCP: gcloud.complaints}.get(cloud)
    if grammar:
        assert [f"{line}: {problem}" for line in single for problem in grammar(line.words)] == []


def test_a13_a_role_that_is_defined_is_assigned() -> None:
    for command in granting(Cloud.AZURE, known=True):
        define, assign = lines(command)
        assert define.words[:4] == ["az", "role", "definition", "create"]
        assert assign.words[:4] == ["az", "role", "assignment", "create"]
        assert f"--assignee={CALLERS['azure']}" in assign.words
        assert assign.words[-1] == f"/subscriptions/{ACCOUNTS[Cloud.AZURE]}"


@pytest.mark.parametrize(
    ("caller", "words"),
    [
        ("arn:aws:iam::123456789012:user/ci/audit", ["put-user-policy", "--user-name", "audit"]),
        ("arn:aws:sts::123456789012:assumed-role/audit/me", ["put-role-policy", "--role-name", "audit"]),
        (
            "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Audit_0a/me",
            ["put-role-policy", "--role-name", "REPLACE-role-of-the-auditor-in-123456789012"],
        ),
        (
            "arn:aws:iam::123456789012:user/hub, arn:aws:sts::222233334444:assumed-role/spoke/me",
            ["put-user-policy", "--user-name", "hub"],
        ),
    ],
)
def test_a13_the_identity_that_asked_the_account_gets_the_grant(caller: str, words: list[str]) -> None:
    found = grant("lambda:GetPolicy", ["aws/123456789012"], {"aws": caller})
    assert found
    assert Printed("grant", found.command.replace("\\\n", " ")).words[2:5] == words


@pytest.mark.parametrize("cloud", list(Cloud))
def test_one_command_grants_all_that_is_missing(cloud: Cloud) -> None:
    permissions = sorted({operation.permission for operation in plugins.provider(cloud).operations})[:3]
    found = combined(permissions, [f"{cloud}/{ACCOUNTS[cloud]}"], CALLERS)
    assert found is not None
    command = Printed("all", found.command)
    assert refused([command]) == []
    assert all(permission in found.command and permission in found.statement for permission in permissions)
    grammar = {Cloud.AWS: aws.complaints, Cloud.GCP: gcloud.complaints}.get(cloud)
    if grammar:
        assert [problem for line in lines(command) for problem in grammar(line.words)] == []
    assert combined(["lambda:GetPolicy", "Microsoft.Web/sites/read"]) is None


def gap(message: str = "not authorized", **changes: object) -> dict[str, object]:
    scope = f"aws/{ACCOUNTS[Cloud.AWS]}"
    row = {"reason": "DENIED", "permission": "lambda:GetPolicy", "scope": scope, "message": message, "owners": []}
    return row | changes


def test_a_gap_names_the_identity_that_asked() -> None:
    said, command = gap_help(gap(), CALLERS)
    assert "Grant it and scan again" in said
    assert command is not None
    assert "--role-name=-audit" in command
    assert "lambda:GetPolicy" in command


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ("because no service control policy allows the lambda:GetPolicy action", "service control policies of the"),
        ("with an explicit deny in a service control policy", "service control policies of the organisation"),
        ("because no permissions boundary allows the action", "widen the boundary"),
        ("because no session policy allows the action", "sign in without that policy"),
        ("with an explicit deny in an identity-based policy", "remove that statement"),
        (
            "Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: x",
            "VPC Service Controls",
        ),
        ("has an authorization with a deny assignment", "a deny assignment forbids the call"),
    ],
)
def test_where_no_grant_helps_none_is_printed(message: str, sentence: str) -> None:
    said, command = gap_help(gap(message), CALLERS)
    assert said.startswith("A grant to the auditor would not help: ")
    assert sentence in said
    assert command is None


def test_neither_helps_a_grant_for_what_is_another_accounts_or_of_identity_center() -> None:
    said, command = gap_help(gap(owners=["999988887777"]), CALLERS)
    assert (command, "999988887777 must allow it" in said) == (None, True)
    center = {"aws": "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Audit_0a/me"}
    said, command = gap_help(gap(), center)
    assert (command, "permission set of IAM Identity Center" in said) == (None, True)
    said, command = gap_help(gap(reason="THROTTLED"), CALLERS)
    assert (command, "Scan again" in said) == (None, True)
