"""Every aws command that is printed is one of the AWS CLI's, with flags it has, the required ones given, its JSON sound."""

from typing import Any

import pytest

from tests.commands.aws import complaints
from tests.commands.printed import Printed, found, of_tool, templates


@pytest.mark.parametrize("command", of_tool("aws", templates()), ids=str)
def test_5_every_aws_command_of_a_check_is_one_of_the_clis(command: Printed) -> None:
    assert list(complaints(command.words)) == []


def test_5_every_aws_command_of_the_demo_is_one_of_the_clis(report: dict[str, Any]) -> None:
    commands = of_tool("aws", found(report))
    assert len(commands) > 300
    assert [f"{command}: {problem}" for command in commands for problem in complaints(command.words)] == []


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["aws", "lambda", "explode"], "there is no such command"),
        (["aws", "lambda", "get-policy", "--name", "f"], "aws lambda get-policy has no flag --name"),
        (["aws", "lambda", "get-policy"], "aws lambda get-policy needs --function-name"),
        (["aws", "lambda", "tag-resource", "--resource", "a", "--tags", "{a"], "--tags: is not JSON"),
        (["aws", "iam", "get-role", "--role-name", "r", "stray"], "--role-name: takes one value"),
        (
            ["aws", "lambda", "update-function-configuration", "--function-name", "f", "--vpc-config", "Subnets=a"],
            "--vpc-config: VpcConfig has no member Subnets",
        ),
        (
            ["aws", "lambda", "update-function-url-config", "--function-name", "f", "--auth-type", "NO"],
            "--auth-type: 'NO' is none of",
        ),
    ],
)
def test_what_the_cli_refuses_is_noticed(words: list[str], problem: str) -> None:
    assert any(each.startswith(problem) for each in complaints(words))
