"""Every Terraform snippet that is printed is HCL."""

from collections.abc import Iterator
from typing import Any

import hcl2
import pytest

from auditor import plugins
from auditor.engine.remediation import terraform
from tests.commands.printed import Printed, Sample


def snippets() -> Iterator[Printed]:
    """The Terraform of every check for every cloud, each placeholder filled."""
    for check in plugins.checks():
        for cloud, fix in check.fix.items():
            if fix.terraform is not None:
                yield Printed(f"{check.id} ({cloud})", terraform(fix.terraform, Sample()))


def refused(snippet: str) -> str:
    """What the parser says against a snippet; "" for HCL."""
    try:
        hcl2.loads(snippet + "\n")
    except Exception as error:  # noqa: BLE001 - the parser's own kinds of error, and those of its parser
        return f"{type(error).__name__}: {str(error).splitlines()[0]}"
    return ""


@pytest.mark.parametrize("snippet", list(snippets()), ids=lambda snippet: snippet.origin)
def test_5_the_terraform_of_every_check_is_hcl(snippet: Printed) -> None:
    assert refused(snippet.text) == ""


def test_5_the_terraform_of_the_demo_is_hcl(report: dict[str, Any]) -> None:
    """One of each check: what differs between two findings is quoted text, which tests of the quoting cover."""
    each = {finding["check_id"]: finding["remediation"]["terraform"] for finding in report["findings"]}
    assert {check: refused(text) for check, text in each.items() if refused(text)} == {}


def test_what_is_no_hcl_is_noticed() -> None:
    assert refused('resource "a" "b" {')
    assert refused('resource "a" "b" { c = }')
