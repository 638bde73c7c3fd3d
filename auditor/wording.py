"""Counts, scores and places in words, as the terminal and the reports that are read as text say them."""

from collections.abc import Mapping, Sequence
from typing import Any

CLOUDS = {"aws": "AWS", "azure": "Azure", "gcp": "Google Cloud"}


def inert(text: str) -> str:
    """The text on one line, without terminal escapes or marks that reorder it: it may quote a name from the cloud or a
    file, and no name begins a line of ours.
    """
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)


def inert_lines(text: str) -> str:
    """The same of what has several lines on purpose, such as a command."""
    return "\n".join(map(inert, text.split("\n")))


def counted(number: int, noun: str) -> str:
    """``1 function``, ``1,200 functions``."""
    return f"{number:,} {noun if number == 1 else noun + 's'}"


def are(number: int, one: str, many: str) -> str:
    """The form of a verb that goes with a number."""
    return one if number == 1 else many


def where(row: Mapping[str, Any]) -> str:
    """The cloud, account and region of a change or a cause."""
    return f"{CLOUDS[row['cloud']]} {row['account']}{'/' + row['region'] if row['region'] else ''}"


def controls_by_status(framework: Mapping[str, Any]) -> str:
    """The controls of a row of ``frameworks`` by status, over the whole framework: what is not listed is not assessed.

    Where the whole was not counted, over those listed; a report of before it was told is read as one of those.
    """
    counts = {status: count for status, count in framework["by_status"].items() if count}
    beyond = framework.get("controls_not_listed")
    if beyond:
        counts["not-assessed"] = counts.get("not-assessed", 0) + beyond
    listed = len(framework["controls"])
    of = f"{listed} listed controls" if beyond is None else counted(listed + beyond, "control")
    first, *rest = (f"{count:,} {status.replace('-', ' ')}" for status, count in counts.items())
    number, _, status = first.partition(" ")
    said = ", ".join((f"{number} of {of} {status}", *rest))
    if beyond is None:
        return f"{said}; how many the whole framework has was not counted"
    return f"{said} ({beyond:,} of these are not listed: no check is evidence for them)" if beyond else said


def some(names: Sequence[str], shown: int, noun: str) -> str:
    """The first few names and how many more there are."""
    rest = len(names) - shown
    return ", ".join(names[:shown]) + (f" and {counted(rest, f'more {noun}')}" if rest > 0 else "")


def span(row: Mapping[str, Any], digits: int = 1) -> str:
    """A score without its grade: ``61.9``, or ``59.6-61.9`` where its ends differ."""
    low, high = row["low"], row["high"]
    if low is None or high is None:
        return "n/a"
    ends = dict.fromkeys((f"{low:.{digits}f}", f"{high:.{digits}f}"))
    return "-".join(ends)


def money(row: Mapping[str, Any], currency: str) -> str:
    """A range of money: ``$1.20``, ``$1.20 to $3.00``, ``$1.20 and more`` where no limit is known."""
    sign = "$" if currency == "USD" else f"{currency} "
    low, high = (None if end is None else f"{sign}{end:,.2f}" for end in (row["low"], row["high"]))
    if high is None:
        return f"{low} and more"
    return high if low == high else f"{low} to {high}"


def score(row: Mapping[str, Any]) -> str:
    """A score with its grade."""
    if row["low"] is None or row["high"] is None:
        return "n/a"
    grade, high = row["grade"], row.get("grade_high", "")
    better = f" ({high} if all unknown verdicts pass)" if high not in ("", grade) else ""
    return f"{span(row)} of 100, grade {grade}{better}"


def state(summary: Mapping[str, Any]) -> str:
    """How many functions are reachable without authentication, how many are administrators, how many both."""
    reachable, administrators, both = (summary[name] for name in ("unauthenticated", "administrator", "both"))
    if reachable is None or administrators is None:
        return _partly_asked(summary)
    doors = f"{reachable:,} of {counted(summary['functions'], 'function')} can be reached from the internet without"
    verb = are(administrators, "runs", "run")
    parts = (
        f"{doors} authentication{_unsure(summary['unauthenticated_unknown'])}",
        f"{administrators:,} {verb} as an administrator{_unsure(summary['administrator_unknown'])}",
        f"{both:,} {are(both, 'is', 'are')} both" if reachable and administrators else "",
    )
    return "; ".join(filter(None, parts)) + "."


def _partly_asked(summary: Mapping[str, Any]) -> str:
    """The same where checks were left out: what was not asked is no number."""
    told = {
        "unauthenticated": "can be reached from the internet without authentication",
        "administrator": "run as an administrator",
    }
    total = counted(summary["functions"], "function")
    asked = [
        f"{summary[name]:,} of {total} {said}{_unsure(summary[f'{name}_unknown'])}"
        for name, said in told.items()
        if summary[name] is not None
    ]
    missing = " or ".join(said for name, said in told.items() if summary[name] is None)
    left = f"not asked: which {missing}" if asked else f"Not asked: which of {total} {missing}"
    return "; ".join((*asked, left)) + "."


def _unsure(count: int) -> str:
    return f" ({count:,} unknown)" if count else ""
