"""Every gcloud command that is printed is one of gcloud's, with flags it has."""

from typing import Any

import pytest

from tests.commands.gcloud import complaints
from tests.commands.printed import Printed, found, of_tool, templates


@pytest.mark.parametrize("command", of_tool("gcloud", templates()), ids=str)
def test_5_every_gcloud_command_of_a_check_is_one_of_gclouds(command: Printed) -> None:
    assert list(complaints(command.words)) == []


def test_5_every_gcloud_command_of_the_demo_is_one_of_gclouds(report: dict[str, Any]) -> None:
    commands = of_tool("gcloud", found(report))
    assert len(commands) > 100
    assert [f"{command}: {problem}" for command in commands for problem in complaints(command.words)] == []


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ("gcloud run services update s --clear-breakglass", "run services update has no flag --clear-breakglass"),
        (
            "gcloud run services update s --ingress=public",
            "--ingress takes all|internal|internal-and-cloud-load-balancing",
        ),
        ("gcloud run services update --ingress=all", "run services update takes 1 to 1 arguments, not 0"),
        ("gcloud functions explode f", "there is no such command"),
        ("gcloud projects add-iam-policy-binding p --member=m", "projects add-iam-policy-binding needs --role"),
        ("gcloud functions deploy f --no-memory=1", "functions deploy has no flag --no-memory"),
        ("gcloud functions deploy -rf", "-rf would be taken for a flag"),
    ],
)
def test_what_gcloud_refuses_is_noticed(command: str, problem: str) -> None:
    assert any(found_.startswith(problem) for found_ in complaints(command.split()))
