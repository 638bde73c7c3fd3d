"""What a summary says of what was read: whether all was, what is missing, and what was left out on purpose."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from auditor.cli.gate import remedy
from auditor.cli.page import WARNING, Page
from auditor.engine.permission_grants import combined
from auditor.reporter import Row
from auditor.wording import counted

_GAPS = 8
_LOCATIONS = 6
_DELIBERATE = ("NOT_AT_DEPTH", "NOT_IN_TIER", "NOT_OFFERED")
_OF_CHECKS = ("check", "exclude_check", "risk", "severity")


def narrowings(head: Row) -> Iterator[str]:
    """What was left out because somebody asked for it: a score of a part is not the score of the whole."""
    selection = head["run"]["selection"]
    functions, checks = _options(selection, "function", "tag"), _options(selection, *_OF_CHECKS)
    if functions and head["totals"]["functions"]:
        yield f"Only functions that match {functions} are judged."
    if checks:
        yield f"Only {len(head['checks'])} checks were run ({checks}): score and causes are of these alone."


def _options(selection: Mapping[str, Any], *kinds: str) -> str:
    """The options that narrowed a run, as they were given; "" for none."""
    return " ".join(f"--{kind.replace('_', '-')} {value}" for kind in kinds for value in selection.get(kind, ()))


def no_functions(head: Row) -> tuple[str, str]:
    """Why there is no function to judge, and how that is shown."""
    scopes = head["scopes"]
    if not scopes:
        stopped = head["run"]["interrupted"]
        why = "the run was stopped before any account was opened" if stopped else "no account was opened"
        return f"Nothing was read: {why}.", WARNING
    if any(scope["status"] == "unreadable" for scope in scopes):
        return "Functions could not be listed; see below for what is missing.", WARNING
    regions = sum(len(scope["locations"]) for scope in scopes)
    where = f"in {counted(len(scopes), 'account')}, {counted(regions, 'region')}"
    narrowing = _options(head["run"]["selection"], "function", "tag")
    if narrowing:
        return f"No functions found: none {where} match {narrowing}.", "bold"
    looked_at = "; ".join(f"{scope['id']} in {_some(scope['locations'])}" for scope in scopes[:_LOCATIONS])
    more = f"; and {len(scopes) - _LOCATIONS} more accounts" if len(scopes) > _LOCATIONS else ""
    complete = head["run"]["complete"]
    among = "" if complete else " among what could be read"
    return f"No functions found {where}{among}. Looked at: {looked_at}{more}.", "bold" if complete else WARNING


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_LOCATIONS]) or "no region"
    return f"{shown} and {len(names) - _LOCATIONS} more" if len(names) > _LOCATIONS else shown


def carried_over(row: Mapping[str, Any]) -> str:
    """How many answers are older than the run, and how old."""
    read, proven = counted(row["answers"], "answer"), f"{row['unchanged']:,}"
    told = f"{read} of an earlier run or of AWS Config taken over ({proven} proven unchanged)"
    return f"{told}; the oldest is of {row['oldest']}."


def print_coverage(page: Page, head: Row) -> None:
    """How many verdicts were reached, and what is missing for the others."""
    reached, total = head["coverage"]["verdicts_reached"], head["coverage"]["verdicts_total"]
    if head["run"]["complete"]:
        said = f"all of {counted(total, 'verdict')} reached" if total else "every call was answered, nothing to judge"
        page.line(f"Coverage: {said}.")
        return
    share = f"{reached:,} of {counted(total, 'verdict')}" if total else "no verdict reached"
    page.line(f"Coverage: {share}; what is missing is UNKNOWN, not passed.", WARNING)
    rows = list(_missing(head))
    for row in rows[:_GAPS]:
        page.line(row, start="  ", hang="    ")
    if len(rows) > _GAPS:
        page.line(f"  and {len(rows) - _GAPS:,} more, listed in the report.")
    _print_grants(page, head)


def _print_grants(page: Page, head: Row) -> None:
    """One command a cloud that grants all that is missing to the identity that asked; why there is none for some."""
    clouds: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
    for gap in head["coverage"]["gaps"]:
        if gap.get("grant") and gap["needed"]:
            permissions, scopes = clouds.setdefault(gap["scope"].partition("/")[0], ({}, {}))
            permissions[gap["permission"]] = scopes[gap["scope"]] = None
    for cloud, (permissions, scopes) in clouds.items():
        found = combined(list(permissions), list(scopes)[:_LOCATIONS], head["run"]["caller"])
        if found:
            asked_as = head["run"]["caller"].get(cloud, "the identity that scans")
            page.line(f"To grant what is missing to {asked_as}:", start="  ", hang="    ")
            for line in found.command.splitlines():
                page.whole(f"    {line}")


def _missing(head: Row) -> Iterator[str]:
    """What could not be seen, a line a cause: calls without an answer, then facts that are missing without one."""
    gaps = [gap for gap in head["coverage"]["gaps"] if gap["reason"] not in _DELIBERATE]
    narrowed = _options(head["run"]["selection"], *_OF_CHECKS)
    shown = [gap for gap in gaps if gap["needed"] or not narrowed]
    yield from _unanswered(shown)
    told = {(gap["operation"], gap["reason"]) for gap in shown}
    missing: dict[tuple[str, str], int] = {}
    for row in head["unknowns"]:
        key = (row["operation"], row["reason"])
        if key not in told:
            missing[key] = missing.get(key, 0) + len(row["subjects"])
    for (operation, reason), count in sorted(missing.items(), key=lambda item: -item[1]):
        yield f"{operation or 'no call'}: {reason} in {counted(count, 'verdict')}"
    if len(shown) < len(gaps):
        yield f"{len(gaps) - len(shown)} kinds of calls that these checks do not use went unanswered too"


def _unanswered(gaps: Sequence[Row]) -> Iterator[str]:
    """The calls of one operation that failed for one reason and have one remedy, wherever they were made."""
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for gap in gaps:
        groups.setdefault((gap["operation"], gap["reason"], remedy(gap)), []).append(gap)
    for (operation, reason, help_), members in groups.items():
        places = list(dict.fromkeys(f"{gap['scope']}/{gap['location']}" for gap in members))
        more = f" and {counted(len(places) - 1, 'more place')}" if len(places) > 1 else ""
        count = sum(gap["count"] for gap in members)
        times = f" x{count:,}" if count > 1 else ""
        yield f"{operation}{times}: {reason} in {places[0]}{more}{help_}"
