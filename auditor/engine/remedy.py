"""Fills a fix with the facts of a finding, quoted so that a hostile name stays a name."""

import re
import shlex
from collections.abc import Callable, Mapping

from auditor.check import Fix, Hit
from auditor.engine.cautions import before_command, before_terraform
from auditor.model.function import Function
from auditor.model.inventory import Place, Scope
from auditor.model.observed import Known

_Quote = Callable[[str], str]
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_OF_SLOT = "of_slot"
"""The one placeholder that is an option and not a value: only the slot in it is quoted."""


def fill(fix: Fix, subject: Function | Place | Scope, hit: Hit) -> dict[str, str | None]:
    """``text``, ``command`` and ``terraform`` of the repair; a missing form is its stated reason, as a comment."""
    values = {**subject_values(subject), "locus": hit.locus, **hit.values}
    command = _form(fix.command, fix.no_command, values, shlex.quote)
    terraform = _form(fix.terraform, fix.no_terraform, values, _hcl)
    if isinstance(subject, Function):
        command = command and "\n".join((*before_command(subject, command), command))
        terraform = terraform and "\n".join((*before_terraform(subject, terraform), terraform))
    return {"text": _substitute(fix.text, values, str), "command": command, "terraform": terraform}


def subject_values(subject: Function | Place | Scope) -> dict[str, str]:
    """The placeholders that every fix may use.

    ``group``, ``app`` and ``slot`` are the parts of an ARM id ("" elsewhere). ``{of_slot}`` becomes the option that
    selects the slot, with its space, and nothing for a production app.
    """
    if isinstance(subject, Scope):
        return {"id": subject.id, "name": subject.name, "account": subject.name, "location": "", "role": ""}
    account = subject.scope.partition("/")[2]
    values = {"account": account, "location": subject.location, "id": subject.id, "partition": _partition(subject.id)}
    if isinstance(subject, Place):
        return {**values, "name": subject.location, "role": "", "partition": place_partition(subject.location)}
    identity = subject.identity
    role = identity.value.name if isinstance(identity, Known) and identity.value is not None else "<role-name>"
    return {**values, **_arm_parts(subject), "name": subject.name, "role": role}


def _arm_parts(function: Function) -> dict[str, str]:
    """The parts of an ARM id. It compares without case; the app and its slot are spelled as their name spells them."""
    segments = function.id.split("/")
    kinds = [segment.lower() for segment in segments[1::2]]
    parts = dict(zip(kinds, segments[2::2], strict=False))
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


def _form(template: str | None, reason: str | None, values: Mapping[str, str], quote: _Quote) -> str | None:
    if template is None:
        return f"# {reason}" if reason else None
    return _substitute(template, values, quote)


def _substitute(template: str, values: Mapping[str, str], quote: _Quote) -> str:
    return _PLACEHOLDER.sub(lambda found: _filled(found, values, quote), template)


def _filled(found: re.Match[str], values: Mapping[str, str], quote: _Quote) -> str:
    name = found[1]
    if name == _OF_SLOT and "slot" in values:
        return f" --slot {quote(values['slot'])}" if values["slot"] else ""
    return quote(values[name]) if name in values else found[0]


def _hcl(value: str) -> str:
    """A value inside an HCL string literal: escapes what would end it or interpolate."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("${", "$${").replace("%{", "%%{")
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in escaped)
