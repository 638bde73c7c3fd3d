"""Every az command that is printed is one of azure-cli's, with options it has and those that it must have."""

from typing import Any

import pytest

from tests.commands.az import complaints, complaints_of_block
from tests.commands.printed import Printed, found, of_tool, templates


def blocks(commands: Any) -> list[Printed]:
    return [printed for printed in commands if of_tool("az", iter([printed]))]


def refused(printed: Printed) -> list[str]:
    return list(complaints_of_block(line.words for line in of_tool("az", iter([printed]))))


@pytest.mark.parametrize("printed", blocks(templates()), ids=lambda printed: printed.origin)
def test_5_every_az_command_of_a_check_is_one_of_azure_clis(printed: Printed) -> None:
    assert refused(printed) == []


def test_5_every_az_command_of_the_demo_is_one_of_azure_clis(report: dict[str, Any]) -> None:
    commands = blocks(found(report))
    assert len(commands) > 100
    assert [f"{command}: {problem}" for command in commands for problem in refused(command)] == []


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ("az functionapp create --name a --resource-group g", "functionapp create needs --storage-account"),
        ("az keyvault explode --name v", "there is no such command"),
        ("az storage account update --name s --min-tls TLS1_2", "storage account update has no flag --min-tls"),
        ("az functionapp cors remove --resource-group g --name a", "functionapp cors remove needs --allowed-origins"),
        ("az functionapp stop g --name a --resource-group g", "functionapp stop takes no arguments besides options: g"),
        ("az functionapp create --os-type Solaris", "--os-type takes"),
        ("az functionapp stop --name a b --resource-group g", "--name takes 1 to 1 values, not 2"),
        ("az functionapp stop --resource-group g --name -rf", "-rf would be taken for an option"),
    ],
)
def test_what_azure_cli_refuses_is_noticed(command: str, problem: str) -> None:
    assert any(refusal.startswith(problem) for refusal in complaints(command.split()))


def test_a_command_of_an_extension_needs_the_extension_before_it() -> None:
    add = ["az", "extension", "add", "--name", "authV2"]
    upgrade = ["az", "webapp", "auth", "config-version", "upgrade", "--resource-group", "g", "--name", "a"]
    assert list(complaints_of_block([add, upgrade])) == []
    refusal = "webapp auth config-version upgrade needs 'az extension add --name authV2' before it"
    assert list(complaints_of_block([upgrade, add])) == [refusal]
