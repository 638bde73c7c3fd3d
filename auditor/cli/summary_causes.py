"""The causes in a summary: how many of each severity, the gravest, what to change first, the worst functions."""

from collections import Counter
from collections.abc import Iterator
from itertools import takewhile

from auditor.cli.page import Cell, Page
from auditor.model.severity import Severity
from auditor.reporter import Report, Row
from auditor.wording import CLOUDS, counted, money, some, span, where

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
_GRAVEST = 6
_PLACES = 2
_CHANGES = 3
_DEAREST = 3


def print_tables(page: Page, head: Row) -> None:
    """The causes by cloud and severity, then by risk and severity."""
    totals = head["totals"]
    waived = totals["waived"] or {"causes": 0, "findings": 0}
    page.line()
    findings = counted(totals["findings"] - waived["findings"], "finding")
    page.line(f"{counted(totals['causes'], 'cause')}, each closed by one change, of {findings}", "bold")
    if waived["findings"]:
        page.line(f"Waived: {counted(waived['findings'], 'finding')}, {counted(waived['causes'], 'cause')} whole")
    if not totals["causes"]:
        return
    heading: list[Cell] = [("", ""), *((f"{_MARK[each]} {each.value}", _STYLE[each]) for each in Severity)]
    clouds = [(CLOUDS[cloud], counts) for cloud, counts in totals["by_cloud"].items()]
    every = [("all", totals["by_severity"])] if len(clouds) > 1 else []
    blank: list[Cell] = [("", "")] * len(heading)
    page.table(
        [heading, *map(_counts, [*clouds, *every]), blank, *map(_counts, totals["by_risk"].items())],
    )


def _counts(row: tuple[str, Row]) -> list[Cell]:
    name, counts = row
    found = [counts[each.value] for each in Severity]
    return [(name, ""), *((f"{count:,}" if count else "-", "" if count else "dim") for count in found)]


def print_gravest(page: Page, report: Report) -> None:
    """The critical causes by their title: how many, on how many functions, and where."""
    critical = takewhile(lambda row: row["severity"] == Severity.CRITICAL, report.causes())
    groups: dict[str, tuple[Counter[str], set[str]]] = {}
    for row in critical:
        if row["waived"]:
            continue
        places, functions = groups.setdefault(row["title"], (Counter(), set()))
        places[where(row)] += 1
        functions.update(row["functions"])
    if not groups:
        return
    page.line()
    page.line("Critical causes", "bold")
    ordered = sorted(groups.items(), key=lambda item: (-item[1][0].total(), item[0]))
    for title, (places, functions) in ordered[:_GRAVEST]:
        on = f" on {counted(len(functions), 'function')}" if functions else ""
        named = some([name for name, _ in places.most_common()], _PLACES, "place")
        count = counted(places.total(), "cause")
        page.line(f"{_MARK[Severity.CRITICAL]} {title}: {count}{on}, {named}", start="  ", hang="    ")
    if len(ordered) > _GRAVEST:
        rest = sum(places.total() for _, (places, _) in ordered[_GRAVEST:])
        page.line(f"  and {counted(rest, 'more cause')}, listed in the report")


def print_plan(page: Page, head: Row) -> None:
    """The first changes of the fix plan."""
    if not head["plan"]:
        return
    page.line()
    page.line("What to change first", "bold")
    for row in head["plan"][:_CHANGES]:
        page.line(
            f"{row['rank']}. {row['title']}, {where(row)}: closes {counted(len(row['closes']), 'finding')}, gains "
            f"{row['points']:.1f} points. {row['change']}",
            start="  ",
            hang="     ",
        )


def print_worst(page: Page, head: Row) -> None:
    """The functions with the lowest scores, each with its gravest cause."""
    if not head["worst"]:
        return
    page.line()
    page.line("Worst functions", "bold")
    for line in _worst(head):
        page.line(line, start="  ", hang="    ")


def print_spend(page: Page, head: Row) -> None:
    """What an hour of abuse could cost, and the functions that it would cost most on."""
    spend = head.get("spend")
    if not spend or not spend["dearest"]:
        return
    page.line()
    page.line(f"What an hour of abuse costs: {money(spend['hour'], spend['currency'])}", "bold")
    for row in spend["dearest"][:_DEAREST]:
        place = f"{row['function_name']} ({CLOUDS[row['cloud']]} {row['location']})"
        page.line(f"{place}, {money(row['hour'], spend['currency'])}", start="  ", hang="    ")


def _worst(head: Row) -> Iterator[str]:
    for row in head["worst"]:
        cloud = f"{CLOUDS[row['cloud']]} " if row.get("cloud") else ""
        yield f"{row['function_name']} ({cloud}{row['location']}), score {span(row, 0)}: {row['title']}"
