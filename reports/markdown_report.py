"""``summary.md``: what a pull request or a job's page shows, at most as long as GitHub shows a job summary."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, BinaryIO, Final

from auditor.plan_words import markdown, plain
from auditor.reporter import Report
from auditor.wording import CLOUDS, counted, score, some, state, where

Row = Mapping[str, Any]

LIMIT: Final = 1024 * 1024
"""Bytes of a job summary: GitHub shows nothing of a longer one."""
_CELL: Final = 600
"""Characters of a cell."""
_RESERVE: Final = 512
"""For the line that says what was left out."""
_CHANGES: Final = 10
_GAPS: Final = 200
_WAIVERS: Final = 200
"""Of each, so many are shown; the rest are counted."""
_NAMED: Final = 3
"""Functions of a cause that are named; the rest are counted."""


class MarkdownReporter:
    """Implements :class:`auditor.reporter.Reporter`."""

    format = "markdown"
    filename = "summary.md"

    def write(self, report: Report, stream: BinaryIO) -> None:
        top, end = _top(report), [*_waivers(report.head), *_gaps(report.head)]
        room = LIMIT - _RESERVE - _size(top) - _size(end)
        stream.writelines(f"{text}\n".encode() for text in (*top, *_fitting(_causes(report), room), *end))


def _size(lines: list[str]) -> int:
    return sum(len(text.encode()) + 1 for text in lines)


def _fitting(lines: Iterator[str], room: int) -> Iterator[str]:
    """As many lines as there is room for, and that more were left out."""
    left_out = 0
    for text in lines:
        room -= len(text.encode()) + 1
        if room < 0 or left_out:
            left_out += 1
        else:
            yield text
    if left_out:
        yield ""
        yield f"**{left_out:,} more lines were left out here to keep this page at 1 MiB**; report.json has them all."


def _top(report: Report) -> list[str]:
    head = report.head
    said = state(head["summary"]) if head.get("summary") else f"{counted(head['totals']['functions'], 'function')}."
    narrowed = [f"--{name} {value}" for name, values in _narrowing(head) for value in values]
    plan = head.get("plan", ())[:_CHANGES]
    wanted = {each for row in plan for each in row["functions"]}
    names = {row["id"]: row["name"] for row in report.functions() if row["id"] in wanted}
    return [
        "# Serverless audit",
        "",
        f"**{plain(said)}**",
        "",
        f"Score {plain(score(head['score']))}. {_totals(head)} {_coverage(head)}",
        "",
        *([f"Narrowed by {plain(' '.join(narrowed))}.", ""] if narrowed else []),
        *_since(head),
        markdown(head, plan, names),
    ]


def _narrowing(head: Row) -> Iterator[tuple[str, list[str]]]:
    """The options that narrowed the run, each with what it was given."""
    for name, values in head["run"]["selection"].items():
        if isinstance(values, list | tuple):
            yield name.replace("_", "-"), list(values)


def _totals(head: Row) -> str:
    totals = head["totals"]
    waived = totals.get("waived") or {"causes": 0, "findings": 0}
    by = ", ".join(f"{count:,} {name}" for name, count in totals["by_severity"].items() if count) or "none open"
    also = f"; {counted(waived['findings'], 'finding')} waived" if waived["findings"] else ""
    return f"Causes: {by}{also}."


def _coverage(head: Row) -> str:
    reached, total = head["coverage"]["verdicts_reached"], head["coverage"]["verdicts_total"]
    if head["run"]["complete"]:
        return f"Coverage: all of {counted(total, 'verdict')} reached."
    return f"**Incomplete**: {reached:,} of {counted(total, 'verdict')} reached; the rest is UNKNOWN, not passed."


def _since(head: Row) -> Iterator[str]:
    baseline = head.get("baseline")
    if baseline and not baseline["started_at"]:
        yield "First run in this history: the next one is compared with it."
        yield ""
    elif baseline:
        kinds = ("new", "resolved", "gone", "not_examined_again")
        counts = ", ".join(f"{len(head[kind]):,} {kind.replace('_', ' ')}" for kind in kinds)
        yield f"Since {plain(baseline['started_at'])}: {counts}."
        yield ""


def _causes(report: Report) -> Iterator[str]:
    """The causes, gravest first, in a table for each severity; waived ones are marked."""
    first = {each for row in report.causes() for each in row["functions"][:_NAMED]}
    names = {row["id"]: row["name"] for row in report.functions() if row["id"] in first}
    yield from ("", "## Causes")
    for severity, rows in groupby(report.causes(), key=lambda row: row["severity"]):
        yield from ("", f"### {plain(severity.capitalize())}", "")
        yield from ("| What | Where | Functions | Change |", "|---|---|---|---|")
        for row in rows:
            functions = [names.get(each, each) for each in row["functions"][:_NAMED]]
            more = [""] * (len(row["functions"]) - len(functions))
            shown = some([*functions, *more], _NAMED, "function")
            mark = "**waived**: " if row.get("waived") else ""
            cells = (f"{row['title']}: {row['message']}", where(row), shown, row["remediation"]["text"])
            what, *rest = map(_cell, cells)
            yield f"| {' | '.join((f'{mark}{what}', *rest))} |"


def _cell(text: str) -> str:
    return plain(text if len(text) <= _CELL else f"{text[:_CELL]}...")


def _waivers(head: Row) -> Iterator[str]:
    waivers = head.get("waivers", ())
    if not waivers:
        return
    yield from (
        "",
        "## Waivers",
        "",
        "| Entry | Matches | Reason | Until | Findings | State |",
        "|---|---|---|---|---|---|",
    )
    for row in waivers[:_WAIVERS]:
        match = ", ".join(f"{key} {value}" for key, value in row["match"].items())
        cells = (str(row["entry"]), match, row["reason"], row["expires"], f"{row['findings']:,}", row["status"])
        yield f"| {' | '.join(map(_cell, cells))} |"
    if len(waivers) > _WAIVERS:
        yield from ("", f"And {len(waivers) - _WAIVERS:,} more entries.")


def _gaps(head: Row) -> Iterator[str]:
    """What could not be seen: it is UNKNOWN, and this says what it takes to know."""
    lines = [*_unread(head), *_unknown(head)]
    if not lines:
        return
    yield from ("", "## What could not be read", "", "Verdicts that wait for this are UNKNOWN, not passed.", "")
    yield from lines[:_GAPS]
    if len(lines) > _GAPS:
        yield f"- and {len(lines) - _GAPS:,} more, listed in report.json"


def _unread(head: Row) -> Iterator[str]:
    for row in head["run"].get("clouds_not_scanned", ()):
        yield f"- {CLOUDS[row['cloud']]} was not scanned: {plain(row['reason'])}"
    for sentence in head["run"]["errors"]:
        yield f"- {plain(sentence)}"
    for row in head["scopes"]:
        if row["status"] != "read":
            how = "could not be read" if row["status"] == "unreadable" else "was read in part"
            yield f"- {CLOUDS[row['cloud']]} {plain(row['scope'])} {how}"


def _unknown(head: Row) -> Iterator[str]:
    """Verdicts that were not reached, by what was missing."""
    missing: dict[tuple[str, str, str], int] = {}
    for row in head["unknowns"]:
        key = (row["operation"], row["permission"] or "", row["reason"])
        missing[key] = missing.get(key, 0) + len(row["subjects"])
    for (operation, permission, reason), count in sorted(missing.items(), key=lambda item: (-item[1], item[0])):
        needs = f", which needs {plain(permission)}" if permission else ""
        yield f"- {counted(count, 'verdict')}: {plain(operation or 'no call')}{needs}: {plain(reason)}"
