"""Counts, scores and places as the terminal says them."""

from collections.abc import Mapping, Sequence
from typing import Any

CLOUDS = {"aws": "AWS", "azure": "Azure", "gcp": "Google Cloud"}


def counted(number: int, noun: str) -> str:
    """``1 function``, ``1,200 functions``."""
    return f"{number:,} {noun if number == 1 else noun + 's'}"


def are(number: int, one: str, many: str) -> str:
    """The form of a verb that goes with a number."""
    return one if number == 1 else many


def where(row: Mapping[str, Any]) -> str:
    """The cloud, account and region of a change or a cause."""
    return f"{CLOUDS[row['cloud']]} {row['account']}{'/' + row['region'] if row['region'] else ''}"


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


def score(row: Mapping[str, Any]) -> str:
    """A score with its grade."""
    if row["low"] is None or row["high"] is None:
        return "n/a"
    grade, high = row["grade"], row.get("grade_high", "")
    better = f" ({high} if all unknown verdicts pass)" if high not in ("", grade) else ""
    return f"{span(row)} of 100, grade {grade}{better}"
