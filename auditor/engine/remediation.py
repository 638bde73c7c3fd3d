"""Fills a fix with the facts of a finding, quoted so that a hostile name stays a name."""

import re
from collections.abc import Mapping
from typing import Final

from auditor.analysis.arm_ids import arm_parts
from auditor.check import Fix, Hit
from auditor.engine import shell_template
from auditor.engine.azure_commands import in_subscription
from auditor.engine.remediation_notes import before_terraform, for_hosting
from auditor.model.function import Function
from auditor.model.inventory import Location, Scope
from auditor.model.observed import Known

PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")


def fill(fix: Fix, subject: Function | Location | Scope, hit: Hit) -> dict[str, str | None]:
    """``text``, ``command`` and ``terraform`` of the repair; a missing form is its stated reason, as a comment.

    A hit's own command and Terraform take the place of the fix's.
    """
    values = {**subject_values(subject), "locus": hit.locus, **hit.values}
    template = hit.command or fix.command
    hcl = hit.terraform or fix.terraform
    snippet = _reason(fix.no_terraform) if hcl is None else terraform(hcl, values)
    if isinstance(subject, Function):
        template = template and for_hosting(subject, template)
        snippet = snippet and "\n".join((*before_terraform(subject, snippet), snippet))
    command = _reason(fix.no_command) if template is None else shell_template.fill(in_subscription(template), values)
    return {"text": _substitute(fix.text, values), "command": command, "terraform": snippet}


def terraform(template: str, values: Mapping[str, str]) -> str:
    """A Terraform template with its values, escaped as HCL's strings want them."""
    return _substitute(template, values, hcl=True)


def _reason(why: str | None) -> str | None:
    return f"# {why}" if why else None


def subject_values(subject: Function | Location | Scope) -> dict[str, str]:
    """The placeholders that every fix may use.

    ``group``, ``app`` and ``slot`` are the parts of an ARM id ("" elsewhere). ``{of_slot}`` becomes the option that
    selects the slot, with its space, and nothing for a production app.
    """
    if isinstance(subject, Scope):
        return {"id": subject.id, "name": subject.name, "account": subject.name, "location": "", "role": ""}
    account = subject.scope.partition("/")[2]
    values = {"account": account, "location": subject.location, "id": subject.id, "partition": _partition(subject.id)}
    if isinstance(subject, Location):
        return {**values, "name": subject.location, "role": "", "partition": place_partition(subject.location)}
    identity = subject.identity
    role = identity.value.name if isinstance(identity, Known) and identity.value is not None else "<role-name>"
    return {**values, **_arm_parts(subject), "name": subject.name, "role": role, "run_service": _run_service(subject)}


def _run_service(function: Function) -> str:
    """The Cloud Run service behind a function of Google Cloud, which cannot bear every name that a function can."""
    return function.name.replace("_", "-").lower()


def _arm_parts(function: Function) -> dict[str, str]:
    """The parts of an ARM id. It compares without case; the app and its slot are spelled as their name spells them."""
    parts = arm_parts(function.id)
    app, _, slot = function.name.partition("/")
    if "sites" not in parts:
        return {"group": parts.get("resourcegroups", ""), "app": function.name, "slot": ""}
    return {"group": parts.get("resourcegroups", ""), "app": app, "slot": slot}


def _partition(identifier: str) -> str:
    parts = identifier.split(":", 2)
    return parts[1] if len(parts) > 1 and parts[0] == "arn" else ""


def place_partition(location: str) -> str:
    """The AWS partition a region name belongs to."""
    for prefix, partition in (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov")):
        if location.startswith(prefix):
            return partition
    return "aws"


def _substitute(template: str, values: Mapping[str, str], *, hcl: bool = False) -> str:
    def filled(found: re.Match[str]) -> str:
        value = values.get(found[1], found[0])
        return _hcl(value) if hcl and found[1] in values else value

    return PLACEHOLDER.sub(filled, template)


def _hcl(value: str) -> str:
    """A value inside an HCL string literal: escapes what would end it or interpolate."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("${", "$${").replace("%{", "%%{")
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in escaped)
