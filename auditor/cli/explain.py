"""``auditor explain``: whether a function's identity may do something, and why."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from auditor.cli.messages import Words

if TYPE_CHECKING:
    from auditor.engine.explain import Explained
    from auditor.provider import PermissionQuestion

_ANSWERS: Final = {
    "yes": "YES",
    "no": "NO",
    "conditional": "IT DEPENDS on the request",
    "unknown": "UNKNOWN: something that decides could not be read",
}


@click.command()
@click.argument("result", required=False, type=click.Path(path_type=Path))
@click.option("--function", required=True, metavar="NAME", help="Name or id of the function.")
@click.option("--action", required=True, help="What it would do: an action as the cloud writes it, s3:GetObject.")
@click.option("--resource", required=True, help="On what: an ARN; one with * asks for all that it means.")
@click.option(
    "--context",
    multiple=True,
    metavar="KEY=VALUE",
    help="What is known of the request: a condition key with its value (repeat for more); KEY= is absent.",
)
@click.option("--format", "form", type=Words(("text", "json")), default="text", show_default=True)
def command(result: Path | None, function: str, action: str, resource: str, context: tuple[str, ...], form: str) -> int:
    """Decide whether the identity of a function of RESULT may do an action on a resource.

    RESULT is a result directory or a snapshot (default: the output directory of a scan). Nothing is asked of a cloud.
    The answer is yes, no, depends (on condition keys that are named, which --context can settle) or unknown (with the
    permission that is missing), with the policy statements that decide, in order. AWS functions only.
    """
    from auditor.cli.plan import usual  # noqa: PLC0415 - keeps --help fast
    from auditor.cli.selection import all_providers  # noqa: PLC0415 - the same
    from auditor.engine.explain import explain  # noqa: PLC0415 - the same
    from auditor.provider import PermissionQuestion  # noqa: PLC0415 - the same
    from auditor.snapshot.archive import Snapshot  # noqa: PLC0415 - the same
    from auditor.wording import inert  # noqa: PLC0415 - the same

    asked = PermissionQuestion(action, resource, _context(context))
    found = explain(Snapshot(result or usual()), all_providers(), function, asked)
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
    yield f"runs as  {found.identity or 'an identity that could not be read'}"
    yield f"action   {asked.action}"
    yield f"resource {asked.resource}"
    yield ""
    yield f"{_ANSWERS[decision.answer]}. {decision.why}"
    if decision.gap is not None:
        gap = decision.gap
        yield f"Not read: {gap.operation} ({gap.reason}). {gap.message}".rstrip()
        yield f"Missing permission: {gap.permission or gap.operation}"
    for number, step in enumerate(decision.proof, start=1):
        said = f"{step.effect}s" if step.effect == "allow" else ("denies" if step.effect else "is silent")
        where = f": {step.statement} of {step.source}" if step.statement else ""
        depends = f", if {', '.join(step.conditions)} fits" if step.conditions else ""
        yield f"  {number}. {step.layer} {said}{where}{depends}"
        if step.text:
            yield f"     {step.text}"
    if decision.before:
        yield f"This is before {' and '.join(decision.before)}, which were not read and can change it."
