"""The fix plan as text for a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from auditor.cli.terminal import wrapped
from auditor.plan_words import NOTHING, closes, gains, opening
from auditor.wording import inert, inert_lines, where

Row = Mapping[str, Any]
_INDENT = "    "


def text(head: Row, changes: Sequence[Row], names: Mapping[str, str]) -> str:
    """The plan for a terminal, as wide as that is."""
    if not changes:
        return NOTHING
    return "\n".join(
        [wrapped(opening(head, changes), ""), *(line for row in changes for line in ("", *_entry(row, names)))]
    )


def _entry(row: Row, names: Mapping[str, str]) -> Iterator[str]:
    yield wrapped(f"{row['severity'].upper()}  {inert(row['title'])}", _INDENT, f"{row['rank']:>2}. ")
    yield wrapped(inert(f"{where(row)}: {row['message']}"), _INDENT, _INDENT)
    yield wrapped(f"Change: {inert(row['change'])}", _INDENT, _INDENT)
    if row["breaks"]:
        yield wrapped(f"Could break: {inert(row['breaks'])}", _INDENT, _INDENT)
    yield wrapped(closes(row, names), _INDENT, _INDENT)
    yield wrapped(f"{gains(row)}.", _INDENT, _INDENT)
    if row["command"]:  # as it is: a line that was broken could not be pasted
        yield ""
        yield "\n".join(f"{_INDENT}{line}" for line in inert_lines(row["command"]).splitlines())
