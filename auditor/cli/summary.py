"""What a scan prints when it is done: score, findings, worst functions, what could not be seen, files."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from auditor.cli.gate import remedy
from auditor.cli.messages import inert
from auditor.cli.terminal import wrapped
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
_GAPS = 8
_DRIVERS = 3
_PLACES = 6
_WARNING = "bold yellow"


class _Page:
    """Standard output, its lines broken between words where it is a terminal."""

    def __init__(self, *, color: bool) -> None:
        self.console = Console(no_color=not color, highlight=False, soft_wrap=True)

    def line(self, text: str = "", style: str = "", hang: str = "  ") -> None:
        """One line, or as many as the terminal needs."""
        self.console.print(Text(wrapped(inert(text), hang), style=style))


def print_summary(report: AuditReport, directory: Path, files: Sequence[str], *, color: bool) -> None:
    """Prints the summary on standard output."""
    page = _Page(color=color)
    head = report.head
    page.line()
    for sentence in _narrowings(report):
        page.line(sentence, "bold")
    if not head["totals"]["functions"]:
        page.line(*_no_functions(report))
    else:
        page.line(f"Score {_range(report.score)}  over {head['totals']['functions']} functions", "bold")
        for driver in head["score"]["drivers"][:_DRIVERS]:
            page.line(f"  {driver['text']}", hang="    ")
        _print_severities(page, report)
        _print_worst(page, report)
    page.line()
    _print_coverage(page, report)
    for row in head["run"]["clouds_not_scanned"]:
        if row["reason"] not in head["run"]["errors"]:
            page.line(f"{row['cloud']} was not scanned. {row['reason']}", "yellow")
    for error in head["run"]["errors"]:
        page.line(f"! {error}", "yellow")
    page.line()
    for name in files:
        page.console.print(Text(inert(str(directory / name))))


def _narrowings(report: AuditReport) -> Iterator[str]:
    """What was left out because somebody asked for it: a score of a part is not the score of the whole."""
    selection = report.head["run"]["selection"]
    functions, checks = _options(selection, "function", "tag"), _options(selection, *_OF_CHECKS)
    if functions and report.head["totals"]["functions"]:
        yield f"Only functions that match {functions} are judged."
    if checks:
        yield f"Only {len(report.head['checks'])} checks were run ({checks}): score and findings are of these alone."


_OF_CHECKS = ("check", "exclude_check", "risk", "severity")


def _options(selection: Mapping[str, Any], *kinds: str) -> str:
    """The options that narrowed a run, as they were given; "" for none."""
    return " ".join(f"--{kind.replace('_', '-')} {value}" for kind in kinds for value in selection.get(kind, ()))


def _no_functions(report: AuditReport) -> tuple[str, str]:
    scopes = report.head["scopes"]
    if not scopes:
        stopped = report.head["run"]["interrupted"]
        why = "the run was stopped before any account was opened" if stopped else "no account was opened"
        return f"Nothing was read: {why}.", _WARNING
    if any(scope["status"] == "unreadable" for scope in scopes):
        return "Functions could not be listed; see below for what is missing.", _WARNING
    places = sum(len(scope["locations"]) for scope in scopes)
    where = f"in {len(scopes)} account(s), {places} region(s)"
    narrowing = _options(report.head["run"]["selection"], "function", "tag")
    if narrowing:
        return f"No functions found: none {where} match {narrowing}.", "bold"
    looked_at = "; ".join(f"{scope['id']} in {_some(scope['locations'])}" for scope in scopes[:_PLACES])
    more = f"; and {len(scopes) - _PLACES} more accounts" if len(scopes) > _PLACES else ""
    among = "" if report.verdict.complete else " among what could be read"
    style = "bold" if report.verdict.complete else _WARNING
    return f"No functions found {where}{among}. Looked at: {looked_at}{more}.", style


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_PLACES]) or "no region"
    return f"{shown} and {len(names) - _PLACES} more" if len(names) > _PLACES else shown


def _range(score: Range) -> str:
    if score.low is None or score.high is None:
        return "n/a"
    if round(score.low, 1) == round(score.high, 1):
        return f"{score.low:.1f} of 100, grade {score.grade}"
    return f"{score.low:.1f} to {score.high:.1f} of 100, grade {score.grade} ({score.grade_high} if all unknowns pass)"


def _print_severities(page: _Page, report: AuditReport) -> None:
    line = Text("\nFindings ", style="bold")
    counts = report.head["totals"]["by_severity"]
    for severity in Severity:
        line.append(f" {_MARK[severity]} {counts[severity.value]} {severity.value} ", style=_STYLE[severity])
    page.console.print(line)


def _print_worst(page: _Page, report: AuditReport) -> None:
    if not report.head["worst"]:
        return
    table = Table(box=None, pad_edge=False, show_header=True, header_style="dim")
    table.add_column("worst functions", overflow="fold")
    table.add_column("score", no_wrap=True)
    table.add_column("why", overflow="fold")
    for row in report.head["worst"]:
        low, high = row["low"], row["high"]
        shown = f"{low:.0f}" if low == high else f"{low:.0f}-{high:.0f}"
        table.add_row(Text(inert(f"{row['function_name']} ({row['location']})")), shown, Text(inert(row["title"])))
    page.line()
    page.console.print(table, soft_wrap=False)


def _print_coverage(page: _Page, report: AuditReport) -> None:
    coverage = report.head["coverage"]
    reached, total = coverage["verdicts_reached"], coverage["verdicts_total"]
    if report.verdict.complete:
        said = (
            f"every one of {total} verdicts reached" if total else "every call was answered, nothing was to be judged"
        )
        page.line(f"Coverage: {said}.")
        return
    share = f"{reached:,} of {total:,} verdicts" if total else "no verdict reached"
    page.line(f"Coverage: {share}; what is missing is UNKNOWN, not passed.", _WARNING)
    rows = list(_missing(report))
    for row in rows[:_GAPS]:
        page.line(f"  {row}", hang="    ")
    if len(rows) > _GAPS:
        page.line(f"  and {len(rows) - _GAPS} more, listed in the report.")


def _missing(report: AuditReport) -> Iterator[str]:
    """What could not be seen, a line a cause: calls without an answer, then facts that are missing without one."""
    head = report.head
    gaps = [
        gap for gap in head["coverage"]["gaps"] if gap["reason"] not in ("NOT_AT_DEPTH", "NOT_IN_TIER", "NOT_OFFERED")
    ]
    narrowed = _options(head["run"]["selection"], *_OF_CHECKS)
    shown = [gap for gap in gaps if gap["needed"] or not narrowed]
    for gap in shown:
        times = f" x{gap['count']}" if gap["count"] > 1 else ""
        yield f"{gap['operation']}{times} in {gap['scope']}/{gap['location']}: {gap['reason']}{remedy(gap)}"
    told = {(gap["operation"], gap["reason"]) for gap in shown}
    causes: dict[tuple[str, str], int] = {}
    for row in head["unknowns"]:
        key = (row["operation"], row["reason"])
        if key not in told:
            causes[key] = causes.get(key, 0) + len(row["subjects"])
    for (operation, reason), count in sorted(causes.items(), key=lambda item: -item[1]):
        yield f"{operation or 'no call'}: {reason} in {count:,} {'verdict' if count == 1 else 'verdicts'}"
    if len(shown) < len(gaps):
        yield f"{len(gaps) - len(shown)} kinds of calls that these checks do not use went unanswered too"
