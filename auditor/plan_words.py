"""The fix plan in words, and as Markdown: what the terminal, the verb ``plan`` and the job summary share."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from auditor.wording import counted, inert, inert_lines, some, span, where

Row = Mapping[str, Any]
NOTHING: Final = "Nothing to change: no open cause lowers the score."
_NAMED: Final = 5
"""Functions that are named; the rest are counted."""
_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>#|~&]|(?<=\w):(?=//)|(?<=www)\.)")
"""What formats, begins HTML or an entity, ends a table's cell, or makes a link of an address."""


def markdown(head: Row, changes: Sequence[Row], names: Mapping[str, str]) -> str:
    """The plan for a ticket or a pull request."""
    if not changes:
        return NOTHING
    parts = ["## Fix plan", "", plain(opening(head, changes))]
    for row in changes:
        parts += ["", f"### {row['rank']}. {plain(row['title'])} ({row['severity']})", ""]
        parts += [f"{plain(where(row))}: {plain(row['message'])}", ""]
        parts.append(f"- **Change**: {plain(row['change'])}")
        parts += [f"- **Could break**: {plain(row['breaks'])}"] if row["breaks"] else []
        parts += [f"- {plain(closes(row, names))}", f"- {gains(row)}."]
        parts += ["", *fenced(inert_lines(row["command"]))] if row["command"] else []
    return "\n".join(parts)


def plain(said: str) -> str:
    """Text on one line that Markdown shows as it is: a name from the cloud formats nothing and is no HTML."""
    return _SPECIAL.sub(r"\\\1", " ".join(inert_lines(said).split()))


def fenced(command: str) -> list[str]:
    """A command as a block of code, whatever backticks it holds."""
    longest = max((len(run) for run in re.findall(r"`+", command)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}sh", *command.splitlines(), fence]


def opening(head: Row, changes: Sequence[Row]) -> str:
    """What the changes close together, and the score after them."""
    held, shown = len(head["plan"]), len(changes)
    closed = len({finding for row in changes for finding in row["closes"]})
    waived = (head["totals"].get("waived") or {}).get("findings", 0)
    total, many = head["totals"].get("findings", closed + waived) - waived, shown > 1
    which = f"The first {shown} of {held} changes" if shown < held else f"The {shown} changes" if many else "The change"
    after = span(changes[-1]["score_after"])
    return (
        f"{which} below {'close' if many else 'closes'} {closed:,} of {total:,} findings and "
        f"{'raise' if many else 'raises'} the score from {span(head['score'])} to {after} of 100."
    )


def closes(row: Row, names: Mapping[str, str]) -> str:
    """What one change closes, on which functions, and how many findings it makes less grave."""
    said = f"Closes {counted(len(row['closes']), 'finding')}"
    eased = f" Makes {counted(len(row['eases']), 'other finding')} less grave." if row["eases"] else ""
    functions = [inert(names.get(each, each)) for each in row["functions"]]
    if not functions:
        return f"{said} of the {'region' if row['region'] else 'account'} around its functions.{eased}"
    return f"{said} on {counted(len(functions), 'function')}: {some(functions, _NAMED, 'function')}.{eased}"


def gains(row: Row) -> str:
    """What one change is worth."""
    return f"Gains {row['points']:.1f} points; score after it: {span(row['score_after'])}"
