"""``auditor history``: past runs."""

import json
from collections.abc import Iterator
from typing import Any

import click

from auditor.cli import options
from auditor.cli.messages import Verbs, Words
from auditor.model.severity import Severity
from auditor.wording import inert

_form = click.option("--format", "form", type=Words(("text", "json")), default="text", show_default=True)


@click.group(cls=Verbs)
def command() -> None:
    """Past runs, as scan --history keeps them: list them, show one, draw their course."""


@command.command("list")
@options.config_file
@options.history_option
@click.option("--last", type=click.IntRange(1, 1_000_000), default=30, show_default=True, help="How many runs.")
@_form
def list_(history: str | None, last: int, form: str) -> int:
    """List the last runs, oldest first."""
    from auditor.lifecycle.history.connecting import reading  # noqa: PLC0415 - keeps --help fast
    from auditor.lifecycle.history.questions import runs  # noqa: PLC0415 - the same

    with reading(_named(history)) as database:
        rows = runs(database, last)
    if form == "json":
        click.echo(json.dumps(rows, indent=1))
        return 0
    click.echo(f"{'run':>5}  {'started':20}  {'score':>11}  grade  causes  functions  coverage")
    for row in rows:
        coverage = f"{row['verdicts_reached']:,} of {row['verdicts_total']:,}"
        left = "" if row["complete"] else inert(f"  incomplete: {_why(row)}")
        click.echo(
            f"{row['run']:>5}  {row['started_at']:20}  {_score(row):>11}  {row['grade']:5}  {row['causes']:>6}"
            f"  {row['functions']:>9}  {coverage}{left}"
        )
    return 0


@command.command()
@click.argument("run", type=click.IntRange(1, 1_000_000_000), required=False)
@options.config_file
@options.history_option
@_form
def show(run: int | None, history: str | None, form: str) -> int:
    """Show a RUN (default: the last): its figures, and what was new, resolved and gone in it."""
    from auditor.lifecycle.history.connecting import reading  # noqa: PLC0415 - keeps --help fast
    from auditor.lifecycle.history.questions import one_run  # noqa: PLC0415 - the same

    with reading(_named(history)) as database:
        row = one_run(database, run)
    if form == "json":
        click.echo(json.dumps(row, indent=1))
        return 0
    click.echo(f"Run {row['run']} of {row['started_at']}: score {_score(row)}, grade {row['grade']}")
    found = row["by_severity"]
    counts = ", ".join(f"{found[each]} {each}" for each in Severity if found.get(each))
    click.echo(f"  {row['causes']} causes ({counts or 'none open'}) on {row['functions']} functions")
    if not row["complete"]:
        click.echo(inert(f"  incomplete: {_why(row)}"))
    for kind in ("new", "resolved", "gone"):
        for finding in sorted(row[kind], key=lambda finding: -Severity(finding["severity"]).rank):
            message = finding["message"].replace("\n", " ")
            click.echo(inert(f"  {kind:8}  {finding['severity']:13}  {finding['check_id']}: {message}"))
    return 0


@command.command()
@options.config_file
@options.history_option
@click.option("--last", type=click.IntRange(2, 1_000_000), default=60, show_default=True, help="How many runs.")
def trend(history: str | None, last: int) -> int:
    """Draw score, causes and coverage over the last runs."""
    from auditor.lifecycle.history.connecting import reading  # noqa: PLC0415 - keeps --help fast
    from auditor.lifecycle.history.questions import runs  # noqa: PLC0415 - the same

    with reading(_named(history)) as database:
        rows = runs(database, last)
    if not rows:
        click.echo("The history holds no run yet.")
        return 0
    click.echo(f"{len(rows)} runs from {rows[0]['started_at'][:10]} to {rows[-1]['started_at'][:10]}")
    for name, values, top in _courses(rows):
        first, latest = (_figure(value) for value in (values[0], values[-1]))
        click.echo(f"{name:18} {first:>7} {_drawn(values, top)} {latest}")
    return 0


def _why(row: dict[str, Any]) -> str:
    """What makes a run incomplete; runs of before that was kept do not say it."""
    return row.get("incomplete") or "the report of that run says why"


Course = tuple[str, list[float | None], float | None]


def _courses(rows: list[dict[str, Any]]) -> Iterator[Course]:
    """Name, a value a run, and the value that is drawn highest; None: the largest there is."""
    yield "score (low end)", [row["low"] for row in rows], 100.0
    yield "score (high end)", [row["high"] for row in rows], 100.0
    yield "open causes", [float(row["causes"]) for row in rows], None
    yield "critical causes", [float(row["by_severity"]["critical"]) for row in rows], None
    reached = [(row["verdicts_reached"], row["verdicts_total"]) for row in rows]
    yield "coverage, %", [100.0 * part / whole if whole else None for part, whole in reached], 100.0


_STEPS = "▁▂▃▄▅▆▇█"


def _drawn(values: list[float | None], top: float | None) -> str:
    """One letter a run, from nothing to the largest value; a blank where a run has none."""
    highest = top or max((value for value in values if value is not None), default=0.0) or 1.0
    scale = (len(_STEPS) - 1) / highest
    return "".join(" " if value is None else _STEPS[min(len(_STEPS) - 1, round(value * scale))] for value in values)


def _figure(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.1f}".removesuffix(".0")


def _score(row: dict[str, Any]) -> str:
    low, high = _figure(row["low"]), _figure(row["high"])
    return low if low == high else f"{low} to {high}"


def _named(history: str | None) -> str:
    from auditor.errors import UsageError  # noqa: PLC0415 - keeps --help fast

    if not history:
        raise UsageError("Name the history with --history, as the scans did.")
    return history
