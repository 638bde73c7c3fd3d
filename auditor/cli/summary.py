"""What a scan prints when it is done: the state of the functions, score, causes, what to do first, what is missing."""

from collections.abc import Sequence
from pathlib import Path

from auditor.cli import summary_causes as causes
from auditor.cli import summary_coverage as coverage
from auditor.cli.page import WARNING, Page
from auditor.reporter import Report, Row
from auditor.wording import CLOUDS, controls_by_status, counted, score, state

_ACCOUNTS = 6


def print_summary(report: Report, directory: Path, files: Sequence[str], *, color: bool) -> None:
    """Prints the summary on standard output."""
    page, head = Page(color=color), report.head
    page.line()
    for sentence in coverage.narrowings(head):
        page.line(sentence, "bold")
    if head["totals"]["functions"]:
        _print_state(page, head)
        causes.print_tables(page, head)
        causes.print_gravest(page, report)
        causes.print_plan(page, head)
        causes.print_worst(page, head)
        causes.print_spend(page, head)
    else:
        page.line(*coverage.no_functions(head))
    _print_frameworks(page, head)
    page.line()
    _print_accounts(page, head)
    coverage.print_coverage(page, head)
    if carried := head["run"].get("carried_over"):
        page.line(coverage.carried_over(carried))
    for row in head["run"]["clouds_not_scanned"]:
        if row["reason"] not in head["run"]["errors"]:
            page.line(f"{row['cloud']} was not scanned. {row['reason']}", "yellow")
    for error in head["run"]["errors"]:
        page.line(f"! {error}", "yellow")
    _print_files(page, head, directory, files)


def _print_state(page: Page, head: Row) -> None:
    page.line(state(head["summary"]), "bold")
    page.line()
    page.line(f"Score {score(head['score'])}, over {counted(head['totals']['functions'], 'function')}", "bold")
    for driver in head["score"]["drivers"][:1]:
        page.line(f"What moved it most: {driver['text']}")


def _print_frameworks(page: Page, head: Row) -> None:
    """Each framework that was asked for, with its controls by status."""
    rows = head.get("frameworks", ())
    if rows:
        page.line()
    for row in rows:
        page.line(f"{row['id']}: {controls_by_status(row)}")


def _print_accounts(page: Page, head: Row) -> None:
    """Each account, subscription and project that was asked, with how much of it was read."""
    scopes = head["scopes"]
    for row in scopes[:_ACCOUNTS]:
        regions = f", {counted(len(row['locations']), 'region')}" if row["locations"] else ""
        how = "" if row["status"] == "read" else f", {_READ[row['status']]}"
        page.line(
            f"{CLOUDS[row['cloud']]} {row['scope']}{regions}{how}", WARNING if row["status"] == "unreadable" else ""
        )
    if len(scopes) > _ACCOUNTS:
        worse = sum(row["status"] != "read" for row in scopes[_ACCOUNTS:])
        missing = f", {worse:,} of them not or not wholly read" if worse else ""
        page.line(f"and {counted(len(scopes) - _ACCOUNTS, 'more account')}{missing}")


_READ = {"partial": "some of it could not be read", "unreadable": "functions could not be listed"}


def _print_files(page: Page, head: Row, directory: Path, files: Sequence[str]) -> None:
    page.line()
    for name in files:
        page.whole(str(directory / name))
    if head["plan"] and "report.json" in files:
        page.whole(f"What to change first, with the commands: auditor plan {directory}")
