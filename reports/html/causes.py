"""Packs a report's causes: what one change closes. A finding names its cause by number; the cause names its lead.

Title, message and repair of a cause are those of its leading finding, so a cause holds only what no finding has: the
points it would gain, what could break, and the number of its lead.
"""

from array import array
from collections.abc import Mapping, Sequence
from typing import Any

from auditor.model.json_text import ascii_json
from reports.html.wire import Block, StringTable, numbers, steps

_NO_LEAD = -1


class CauseColumns:
    """Causes in the order given, then one for each finding that names none of them (reports of before causes)."""

    def __init__(self, strings: StringTable) -> None:
        self._strings = strings
        self._index: dict[str, int] = {}
        self._lead_of: dict[str, int] = {}
        self._leads = array("i")
        self._points: list[float] = []
        self._breaks = array("i")

    def add(self, row: Mapping[str, Any]) -> None:
        """Store one row of ``causes``."""
        self._lead_of[row["lead"]] = self._new(row["id"], row["points"], row.get("breaks") or "")

    def of(self, row: Mapping[str, Any], place: int) -> tuple[int, bool]:
        """The number of a finding's cause, and whether it was made for it. ``place`` is the finding's own number."""
        cause = self._index.get(row.get("cause") or "")
        made = cause is None
        if cause is None:
            cause = self._new(row["fingerprint"], 0, "")
        if made or self._lead_of.get(row["fingerprint"]) == cause or self._leads[cause] == _NO_LEAD:
            self._leads[cause] = place
        return cause, made

    def _new(self, cause_id: str, points: float, breaks: str) -> int:
        number = self._index[cause_id] = len(self._points)
        self._leads.append(_NO_LEAD)
        self._points.append(points)
        self._breaks.append(self._strings.add(breaks))
        return number

    def close(self) -> str:
        """The columns as a data block."""
        block = Block()
        block.write(f'{{"count":{len(self._points)},"lead":{steps(self._leads)},"breaks":{numbers(self._breaks)}')
        block.write(f',"points":{ascii_json(self._points)}}}')
        return block.close()


TRAITS = ("unauthenticated", "administrator")


def trait_bits(proved: Sequence[str], unknown: Sequence[str]) -> int:
    """Traits as bits: the proved ones from 1 up, then those that could not be judged."""
    bits = sum(1 << place for place, name in enumerate(TRAITS) if name in proved)
    return bits + sum(1 << place for place, name in enumerate(TRAITS, len(TRAITS)) if name in unknown)
