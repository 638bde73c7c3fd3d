"""``auditor diff``: what changed between two reports."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import click

from auditor.cli.messages import Words
from auditor.errors import ExitCode
from auditor.model.severity import FAIL_ON, Severity
from auditor.wording import inert

_KINDS: Final = (
    ("new", "New"),
    ("resolved", "Resolved"),
    ("gone", "Gone with what they were found on"),
    ("not_examined_again", "Not examined again: nothing is known of them"),
)


@click.command()
@click.argument("old", type=click.Path(exists=True, path_type=Path))
@click.argument("new", type=click.Path(exists=True, path_type=Path))
@click.option("--format", "form", type=Words(("text", "md", "json")), default="text", show_default=True)
@click.option(
    "--fail-on",
    type=Words(FAIL_ON),
    default="none",
    show_default=True,
    help="Exit with 3 when a new finding is at least this bad.",
)
def command(old: Path, new: Path, form: str, fail_on: str) -> int:
    """Compare two reports by fingerprint: new, unchanged, resolved, gone, and what NEW did not examine again.

    OLD and NEW are report.json files or the directories they are in. A finding counts as resolved only where NEW asked
    the same check about the same function at least as deeply and got an answer.
    """
    from auditor.engine.report_reader import found_report  # noqa: PLC0415 - keeps --help fast
    from auditor.lifecycle.compare import compare, known_of  # noqa: PLC0415 - the same

    before, after = found_report(old), found_report(new)
    comparison = compare(known_of(before), after)
    rows = {str(row["fingerprint"]): row for row in before.findings()} | dict(comparison.not_examined)
    rows |= {str(row["fingerprint"]): row for row in after.findings()}
    told = comparison.row()
    if form == "json":
        named = {kind: [_named(rows[mark]) for mark in told[kind]] for kind, _ in _KINDS}
        click.echo(
            json.dumps({"baseline": told["baseline"], "unchanged": list(comparison.unchanged), **named}, indent=1)
        )
    else:
        for line in _lines(told, comparison.unchanged, rows, markdown=form == "md"):
            click.echo(inert(line))
    bad = fail_on != "none" and any(
        Severity(rows[mark]["severity"]).at_least(Severity(fail_on)) and not rows[mark].get("waived")
        for mark in comparison.new
    )
    return ExitCode.GATE_FAILED if bad else ExitCode.OK


def _named(row: Mapping[str, Any]) -> dict[str, Any]:
    keys = ("fingerprint", "check_id", "severity", "title", "message", "subject_id", "function_name")
    more = ("cloud", "account", "region", "first_seen", "why")
    return {key: row.get(key) for key in (*keys, *more)}


def _lines(
    told: Mapping[str, Any], unchanged: tuple[str, ...], rows: Mapping[str, Mapping[str, Any]], *, markdown: bool
) -> Iterator[str]:
    counts = ", ".join(f"{len(told[kind])} {kind.replace('_', ' ')}" for kind, _ in _KINDS)
    since = told["baseline"]["started_at"]
    yield f"{'# ' if markdown else ''}Since {since}: {counts}, {len(unchanged)} unchanged"
    for kind, title in _KINDS:
        if not told[kind]:
            continue
        yield ""
        yield f"{'## ' if markdown else ''}{title}"
        ranked = sorted((rows[mark] for mark in told[kind]), key=lambda row: -Severity(row["severity"]).rank)
        for row in ranked:
            why = f" ({row['why']})" if kind == "not_examined_again" else ""
            message = row["message"].replace("\n", " ")
            yield f"{'- ' if markdown else '  '}{row['severity']} {row['check_id']}: {message}{why}"
