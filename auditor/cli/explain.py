"""``auditor explain``: the evidence of a finding, or whether a function's identity may do something."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from auditor.cli.messages import Words

if TYPE_CHECKING:
    from auditor.engine.explain import Explained
    from auditor.model.observed import Gap
    from auditor.provider import PermissionQuestion

_FINDING_AND_RESULT: Final = 2
_ANSWERS: Final = {
    "yes": "YES",
    "no": "NO",
    "conditional": "IT DEPENDS on the request",
    "unknown": "UNKNOWN: something that decides could not be read",
}


_NOBODY: Final = {"no": "no identity"}
"""Whom a function runs as that has no identity, by the answer that tells it from one whose identity is unread."""


@click.command()
@click.argument("names", nargs=-1, metavar="[FINDING] [RESULT]")
@click.option("--function", metavar="NAME", help="Name or id of the function.")
@click.option(
    "--action",
    help="What it would do, as the cloud writes it: s3:GetObject, Microsoft.Web/sites/read, storage.objects.get.",
)
@click.option(
    "--resource",
    help="On what: an ARN, an Azure resource id, a Google Cloud resource name; * asks for everything.",
)
@click.option(
    "--context",
    multiple=True,
    metavar="KEY=VALUE",
    help="What is known of the request (AWS): a condition key with its value (repeat for more); KEY= is absent.",
)
@click.option("--format", "form", type=Words(("text", "json")), default="text", show_default=True)
def command(names: tuple[str, ...], form: str, context: tuple[str, ...], **asked: str | None) -> int:
    """Explain a FINDING of RESULT by its fingerprint, or decide what a function may do.

    RESULT is a result directory (default: the output directory of a scan). Nothing is asked of a cloud.

    With --function, --action and --resource it is decided whether the function's identity may do the action on the
    resource, from the snapshot: yes, no, depends (on conditions that are named; those of AWS --context can settle) or
    unknown (with the permission that is missing), with what decides, in order: policy statements on AWS, role
    assignments of every scope on Azure, allow policies from the organisation down on Google Cloud.
    """
    from auditor.cli.plan import usual  # noqa: PLC0415 - keeps --help fast
    from auditor.errors import UsageError  # noqa: PLC0415 - the same

    missing = [f"--{name}" for name, value in asked.items() if not value]
    if len(missing) == len(asked):
        if not 1 <= len(names) <= _FINDING_AND_RESULT or context:
            raise UsageError("Name the fingerprint of a finding, or a question: --function, --action and --resource.")
        from auditor.cli.explain_finding import explain_finding  # noqa: PLC0415 - keeps --help fast

        return explain_finding(names[0], Path(names[1]) if len(names) > 1 else usual(), form)
    for name, value in asked.items():
        if value and not value.isprintable():
            raise UsageError(f"--{name} {value!r} holds a character that no name has: write it on one line.")
    if missing or len(names) > 1:
        what = (
            f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing"
            if missing
            else "one RESULT, please"
        )
        raise UsageError(f"A question names --function, --action and --resource: {what}.")
    return _decided(
        Path(names[0]) if names else usual(), {key: value or "" for key, value in asked.items()}, context, form
    )


def _decided(result: Path, given: Mapping[str, str], context: tuple[str, ...], form: str) -> int:
    from auditor.cli.selection import all_providers  # noqa: PLC0415 - keeps --help fast
    from auditor.engine.explain import explain  # noqa: PLC0415 - the same
    from auditor.provider import PermissionQuestion  # noqa: PLC0415 - the same
    from auditor.snapshot.archive import Snapshot  # noqa: PLC0415 - the same
    from auditor.wording import inert  # noqa: PLC0415 - the same

    asked = PermissionQuestion(given["action"], given["resource"], _context(context))
    found = explain(Snapshot(result), all_providers(), given["function"], asked)
    if form == "json":
        click.echo(json.dumps(_row(asked, found), indent=1, ensure_ascii=False))
        return 0
    for line in _lines(asked, found):
        click.echo(inert(line))
    return 0


def _context(given: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Values by key. Raises UsageError for what is no KEY=VALUE."""
    from auditor.errors import UsageError  # noqa: PLC0415 - keeps --help fast

    made: dict[str, tuple[str, ...]] = {}
    for each in given:
        key, equals, value = each.partition("=")
        if not key or not equals:
            raise UsageError(f"--context {each!r} is not KEY=VALUE, such as aws:SourceIp=10.0.0.1.")
        made[key] = (*made.get(key, ()), value) if value else ()
    return made


def _row(asked: "PermissionQuestion", found: "Explained") -> dict[str, Any]:
    decision, gap = found.decision, found.decision.gap
    steps = [
        {
            "layer": step.layer,
            "effect": step.effect,
            "source": step.source,
            "statement": step.statement,
            "conditions": step.conditions,
            "text": step.text,
        }
        for step in decision.proof
    ]
    missing = None
    if gap is not None:
        missing = {
            "operation": gap.operation,
            "permission": gap.permission,
            "reason": gap.reason,
            "message": gap.message,
        }
    return {
        "function_id": found.function.id,
        "identity": found.identity,
        "action": asked.action,
        "resource": asked.resource,
        "answer": decision.answer,
        "why": decision.why,
        "conditions": decision.conditions,
        "gap": missing,
        "before": decision.before,
        "proof": steps,
    }


def _lines(asked: "PermissionQuestion", found: "Explained") -> Iterator[str]:
    decision = found.decision
    yield f"Function {found.function.name} ({found.function.id})"
    yield f"runs as  {found.identity or _NOBODY.get(decision.answer, 'an identity that could not be read')}"
    yield f"action   {asked.action}"
    yield f"resource {asked.resource}"
    yield ""
    yield f"{_ANSWERS[decision.answer]}. {decision.why}"
    if decision.gap is not None:
        yield from _missing(decision.gap)
    for number, step in enumerate(decision.proof, start=1):
        said = f"{step.effect}s" if step.effect == "allow" else ("denies" if step.effect else "is silent")
        where = f": {step.statement} of {step.source}" if step.statement else ""
        depends = f", if {', '.join(step.conditions)} fits" if step.conditions else ""
        yield f"  {number}. {step.layer} {said}{where}{depends}"
        if step.text:
            yield f"     {step.text}"
    if decision.before:
        were = "were" if len(decision.before) > 1 or decision.before[0].endswith("s") else "was"
        yield f"This is before {' and '.join(decision.before)}, which {were} not read and can change it."


def _missing(gap: "Gap") -> Iterator[str]:
    """What was not read, and the permission for it, where a permission is all that is missing."""
    what = f"{gap.operation} ({gap.reason}). {gap.message}" if gap.operation else f"{gap.message} ({gap.reason})."
    yield f"Not read: {what}".rstrip()
    if gap.permission or gap.operation:
        yield f"Missing permission: {gap.permission or gap.operation}"
