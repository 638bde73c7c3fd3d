"""``auditor permissions``: tiers are printed only where asked for, and the vendors' roles compared (S20)."""

import json

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
    assert actions(out).keys() == {"ServerlessAuditorBase"}
    assert not {"lambda:GetFunction", "lambda:GetLayerVersion"} & set(actions(out)["ServerlessAuditorBase"])
    assert err == ""
    out, err = printed(capsys, "aws", "--tier", "code")
    assert {"lambda:GetFunction", "lambda:GetLayerVersion"} <= set(actions(out)["ServerlessAuditorCode"])
    assert err.startswith("Tier code adds ecr:DescribeRepositories, ")
    assert "Checks that need it: ecr-no-cmk, " in err


def test_s20_a_managed_role_is_compared_as_a_table_and_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = printed(capsys, "aws", "--check-managed", "SecurityAudit")
    head, _, *rows = out.splitlines()
    assert head.startswith("SecurityAudit (arn:aws:iam::aws:policy/SecurityAudit) holds ")
    assert head.endswith("(source: iann0036/iam-dataset, 2026-08-22).")
    assert [row.split() for row in rows] == [
        ["lambda:GetFunctionRecursionConfig", "full", "base", "recursion-allowed"],
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
