"""What a scan prints when it is done: score, what could not be seen, findings, worst functions, files."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from auditor.cli.messages import inert
from auditor.engine.report import AuditReport
from auditor.engine.score import Range
from auditor.model.severity import Severity

_STYLE = {
    Severity.CRITICAL: "bold white on red",
    Severity.HIGH: "bold red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
    Severity.INFORMATIONAL: "dim",
}
_MARK = {
    Severity.CRITICAL: "◆",
    Severity.HIGH: "▲",
    Severity.MEDIUM: "■",
    Severity.LOW: "●",
    Severity.INFORMATIONAL: "○",
}
_WORST = 5
_GAPS = 8
_DRIVERS = 3


def print_summary(report: AuditReport, directory: Path, files: Sequence[str], *, color: bool) -> None:
    """Prints the summary on standard output."""
    console = Console(no_color=not color, highlight=False, soft_wrap=True)
    head = report.head
    functions = head["totals"]["functions"]
    narrowing = _narrowing(head["run"]["selection"])
    console.print()
    if narrowing and functions:
        console.print(Text(f"Only functions that match {narrowing} are judged.", style="bold"))
    if not functions:
        console.print(_no_functions(report))
    else:
        console.print(
            Text.assemble(("Score ", "bold"), (_range(report.score), "bold"), f"  over {functions} functions")
        )
        for driver in head["score"]["drivers"][:_DRIVERS]:
            console.print(Text(f"  {inert(driver['text'])}"))
        _print_severities(console, report)
        _print_worst(console, report)
    _print_gaps(console, report)
    for error in head["run"]["errors"]:
        console.print(Text(f"! {inert(error)}", style="yellow"))
    console.print()
    for name in files:
        console.print(Text(f"{directory / name}"))


def _no_functions(report: AuditReport) -> Text:
    scopes = report.head["scopes"]
    if not scopes:
        stopped = report.head["run"]["interrupted"]
        why = "the run was stopped before any account was opened" if stopped else "no account was opened"
        return Text(f"Nothing was read: {why}.", style="bold yellow")
    if any(scope["status"] == "unreadable" for scope in scopes):
        return Text("Functions could not be listed; see below for what is missing.", style="bold yellow")
    places = sum(len(scope["locations"]) for scope in scopes)
    where = f"in {len(scopes)} account(s), {places} region(s)"
    narrowing = _narrowing(report.head["run"]["selection"])
    if narrowing:
        return Text(f"No functions found: none {where} match {narrowing}.", style="bold")
    if not report.verdict.complete:
        return Text(f"No functions found {where} among what could be read.", style="bold yellow")
    return Text(f"No functions found {where}.", style="bold")


def _narrowing(selection: Mapping[str, Any]) -> str:
    """The options that narrowed the capture, as they were given; "" for none."""
    options = [f"--{kind} {value}" for kind in ("function", "tag") for value in selection.get(kind, ())]
    return inert(" ".join(options))


def _range(score: Range) -> str:
    if score.low is None or score.high is None:
        return "n/a"
    if round(score.low, 1) == round(score.high, 1):
        return f"{score.low:.1f} of 100, grade {score.grade}"
    return f"{score.low:.1f} to {score.high:.1f} of 100, grade {score.grade} ({score.grade_high} if all unknowns pass)"


def _print_severities(console: Console, report: AuditReport) -> None:
    line = Text("\nFindings ", style="bold")
    counts = report.head["totals"]["by_severity"]
    for severity in Severity:
        line.append(f" {_MARK[severity]} {counts[severity.value]} {severity.value} ", style=_STYLE[severity])
    console.print(line)


def _print_worst(console: Console, report: AuditReport) -> None:
    table = Table(box=None, pad_edge=False, show_header=True, header_style="dim")
    for column in ("worst functions", "score", "why"):
        table.add_column(column, overflow="fold")
    for function, score in report.worst(_WORST):
        points = next(iter(report.worst_reasons(function.id)), "")
        shown = f"{score.low:.0f}" if score.low == score.high else f"{score.low:.0f}-{score.high:.0f}"
        table.add_row(Text(inert(f"{function.name} ({function.location})")), shown, Text(inert(points)))
    console.print()
    console.print(table)


def _print_gaps(console: Console, report: AuditReport) -> None:
    coverage = report.head["coverage"]
    reached, total = coverage["verdicts_reached"], coverage["verdicts_total"]
    console.print()
    if report.verdict.complete:
        console.print(Text(f"Coverage: every one of {total} verdicts reached."))
        return
    share = f"{reached} of {total} verdicts reached" if total else "no verdict reached"
    console.print(Text(f"What we could not see ({share}; the rest is UNKNOWN, not passed):", style="bold yellow"))
    gaps = [gap for gap in coverage["gaps"] if gap["reason"] not in ("NOT_AT_DEPTH", "NOT_OFFERED")]
    for gap in gaps[:_GAPS]:
        need = f", grant {gap['permission']}" if gap["reason"] == "DENIED" and gap["permission"] else ""
        times = f" x{gap['count']}" if gap["count"] > 1 else ""
        console.print(
            Text(inert(f"  {gap['operation']}{times} in {gap['scope']}/{gap['location']}: {gap['reason']}{need}"))
        )
    if len(gaps) > _GAPS:
        console.print(Text(f"  and {len(gaps) - _GAPS} more, listed in the report."))
