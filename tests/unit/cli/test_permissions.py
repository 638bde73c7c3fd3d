"""``auditor permissions``: tiers are printed only where asked for, and the vendors' roles compared (S20)."""

import json

import hcl2
import pytest

from auditor.cli.main import run


def printed(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> tuple[str, str]:
    assert run(["permissions", *arguments]) == code
    said = capsys.readouterr()
    return said.out, said.err


def actions(text: str) -> dict[str, list[str]]:
    return {statement["Sid"]: statement["Action"] for statement in json.loads(text)["Statement"]}


def test_s20_get_function_is_printed_only_with_its_tier_and_what_it_adds_is_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    out, err = printed(capsys, "aws")
    assert actions(out).keys() == {"ServerlessAuditorBase", "ServerlessAuditorBaseApigateway"}
    assert not {"lambda:GetFunction", "lambda:GetLayerVersion"} & set(actions(out)["ServerlessAuditorBase"])
    assert err == ""
    out, err = printed(capsys, "aws", "--tier", "code")
    assert {"lambda:GetFunction", "lambda:GetLayerVersion"} <= set(actions(out)["ServerlessAuditorCode"])
    assert err.startswith("Tier code adds ecr:DescribeRepositories, ")
    assert "Checks that need it: ecr-no-cmk, " in err


WRITERS = "(who may write to the streams that functions read)"
SCHEDULED = ("async-no-failure-path", "async-retry-default", "timeout-over-api-gateway", "workflow-step-exposed")
SENT_BY_PIPES = ("spend-ceiling-high", "timeout-over-api-gateway", "trigger-loop", "workflow-step-exposed")


def test_s20_a_managed_role_is_compared_as_a_table_and_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = printed(capsys, "aws", "--check-managed", "SecurityAudit")
    head, _, *rows = out.splitlines()
    assert head.startswith("SecurityAudit (arn:aws:iam::aws:policy/SecurityAudit) holds ")
    assert head.endswith("(source: iann0036/iam-dataset, 2026-08-22).")
    assert [row.replace(",", "").split() for row in rows] == [
        ["apigateway:GET", "standard", "base", "api-usage-plan-unlimited"],
        ["budgets:ViewBudget", "standard", "base", "spend-alert-absent"],
        ["ce:GetAnomalyMonitors", "full", "base", "spend-alert-absent"],
        ["iot:GetTopicRule", "standard", "base", "trigger-source-gone"],
        ["kinesis:GetResourcePolicy", "standard", "base", *["none", "by", "itself"], *WRITERS.split()],
        ["lambda:GetFunctionRecursionConfig", "full", "base", "recursion-allowed", "trigger-loop"],
        ["pipes:ListPipes", "standard", "base", *SENT_BY_PIPES],
        ["scheduler:ListSchedules", "standard", "base", *SCHEDULED],
        ["signer:GetSigningProfile", "standard", "base", "signing-publishers"],
    ]
    out, _ = printed(capsys, "aws", "--check-managed", "SecurityAudit,ViewOnlyAccess", "--format", "json")
    document = json.loads(out)
    assert list(document["roles"]) == ["SecurityAudit", "ViewOnlyAccess"]
    assert [row["permission"] for row in document["lacking"]] == [row.split()[0] for row in rows]


def test_s20_a_role_that_holds_everything_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = printed(capsys, "azure", "--check-managed", "Reader")
    assert out.splitlines()[-1] == "Nothing is lacking."


def test_an_unknown_role_or_tier_is_a_usage_error_with_a_hint(capsys: pytest.CaptureFixture[str]) -> None:
    _, err = printed(capsys, "aws", "--check-managed", "SecurityAudti", code=2)
    assert "did you mean SecurityAudit?" in err
    _, err = printed(capsys, "aws", "--tier", "cod", code=2)
    assert "code" in err


def test_a_stack_set_rolls_the_role_out_with_its_trust_and_no_more_than_the_policy(
    capsys: pytest.CaptureFixture[str],
) -> None:
    given = ("--trust", "111122223333", "--external-id", "contract-7", "--role-name", "Audit")
    out, err = printed(capsys, "aws", "--format", "cloudformation-stackset", *given)
    role = json.loads(out)["Resources"]["Role"]["Properties"]
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::111122223333:root"}}
    assert trust["Condition"] == {"StringEquals": {"sts:ExternalId": "contract-7"}}
    assert role["RoleName"] == "Audit"
    policy, _ = printed(capsys, "aws")
    assert role["Policies"][0]["PolicyDocument"] == json.loads(policy)
    assert len(json.dumps(role["Policies"][0]["PolicyDocument"], separators=(",", ":"))) < 10_240  # IAM's inline limit
    assert "create-stack-instances" in err


TRUSTED = {
    "aws": "arn:aws:iam::111122223333:role/auditor",
    "azure": "e5a23d1e-0000-4000-8000-000000000001",
    "gcp": "serviceAccount:auditor@hub.iam.gserviceaccount.com",
}


@pytest.mark.parametrize("cloud", TRUSTED)
def test_terraform_rolls_the_role_out(cloud: str, capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = printed(capsys, cloud, "--format", "terraform", "--trust", TRUSTED[cloud])
    assert hcl2.loads(out + "\n")["resource"]
    assert TRUSTED[cloud] in out
    policy = json.loads(printed(capsys, cloud)[0])
    granted = policy.get("Actions") or policy.get("includedPermissions") or policy["Statement"][0]["Action"]
    assert all(f'"{action}"' in out for action in granted)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("aws", "--format", "terraform"), "--trust must say who may assume the role"),
        (("aws", "--format", "terraform", "--trust", "*"), "--trust must say who may assume the role"),
        (("aws", "--trust", "111122223333"), "need --format cloudformation-stackset or terraform"),
        (("azure", "--format", "cloudformation-stackset", "--trust", "x"), "rolled out on Azure by terraform"),
        (("azure", "--format", "terraform", "--trust", "x"), "must be the object id"),
        (("gcp", "--format", "terraform", "--trust", "allUsers"), "must be a member of a policy"),
    ],
)
def test_a_role_that_nobody_or_everybody_could_assume_is_not_printed(
    arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out, err = printed(capsys, *arguments, code=2)
    assert (out, said in err) == ("", True)
