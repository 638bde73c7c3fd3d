"""The fix plan as text for a terminal and as Markdown."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from auditor.cli.messages import inert
from auditor.cli.terminal import wrapped
from auditor.cli.words import counted, some, span, where

Row = Mapping[str, Any]
_NAMED = 5
"""Functions that are named; the rest are counted."""
_NOTHING = "Nothing to change: no open cause lowers the score."
_INDENT = "    "
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")


def text(head: Row, changes: Sequence[Row], names: Mapping[str, str]) -> str:
    """The plan for a terminal, as wide as that is."""
    if not changes:
        return _NOTHING
    return "\n".join(
        [wrapped(_opening(head, changes), ""), *(line for row in changes for line in ("", *_entry(row, names)))]
    )


def _entry(row: Row, names: Mapping[str, str]) -> Iterator[str]:
    yield wrapped(f"{row['severity'].upper()}  {inert(row['title'])}", _INDENT, f"{row['rank']:>2}. ")
    yield wrapped(f"{where(row)}: {inert(row['message'])}", _INDENT, _INDENT)
    yield wrapped(f"Change: {inert(row['change'])}", _INDENT, _INDENT)
    if row["breaks"]:
        yield wrapped(f"Could break: {inert(row['breaks'])}", _INDENT, _INDENT)
    yield wrapped(_closes(row, names), _INDENT, _INDENT)
    yield wrapped(f"{_gains(row)}.", _INDENT, _INDENT)
    if row["command"]:  # as it is: a line that was broken could not be pasted
        yield ""
        yield "\n".join(f"{_INDENT}{line}" for line in inert(row["command"]).splitlines())


def markdown(head: Row, changes: Sequence[Row], names: Mapping[str, str]) -> str:
    """The plan for a ticket or a pull request."""
    if not changes:
        return _NOTHING
    parts = ["## Fix plan", "", _plain(_opening(head, changes))]
    for row in changes:
        parts += ["", f"### {row['rank']}. {_plain(row['title'])} ({row['severity']})", ""]
        parts += [f"{_plain(where(row))}: {_plain(row['message'])}", ""]
        parts.append(f"- **Change**: {_plain(row['change'])}")
        parts += [f"- **Could break**: {_plain(row['breaks'])}"] if row["breaks"] else []
        parts += [f"- {_plain(_closes(row, names))}", f"- {_gains(row)}."]
        parts += ["", *_fenced(inert(row["command"]))] if row["command"] else []
    return "\n".join(parts)


def _plain(said: str) -> str:
    """Text that Markdown shows as it is: a name from the cloud formats nothing and is no HTML."""
    return _SPECIAL.sub(r"\\\1", " ".join(inert(said).split()))


def _fenced(command: str) -> list[str]:
    longest = max((len(run) for run in re.findall(r"`+", command)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}sh", *command.splitlines(), fence]


def _opening(head: Row, changes: Sequence[Row]) -> str:
    held, shown = len(head["plan"]), len(changes)
    closed = len({finding for row in changes for finding in row["closes"]})
    total, many = head["totals"].get("findings", closed), shown > 1
    which = f"The first {shown} of {held} changes" if shown < held else f"The {shown} changes" if many else "The change"
    after = span(changes[-1]["score_after"])
    return (
        f"{which} below {'close' if many else 'closes'} {closed:,} of {total:,} findings and "
        f"{'raise' if many else 'raises'} the score from {span(head['score'])} to {after} of 100."
    )


def _closes(row: Row, names: Mapping[str, str]) -> str:
    said = f"Closes {counted(len(row['closes']), 'finding')}"
    functions = [inert(names.get(each, each)) for each in row["functions"]]
    if not functions:
        return f"{said} of the {'region' if row['region'] else 'account'} around its functions."
    return f"{said} on {counted(len(functions), 'function')}: {some(functions, _NAMED, 'function')}."


def _gains(row: Row) -> str:
    return f"Gains {row['points']:.1f} points; score after it: {span(row['score_after'])}"
