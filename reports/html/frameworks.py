"""The frameworks that a run was asked for: their controls, grouped by what became of them."""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from auditor.model.control_status import ControlStatus

Row: TypeAlias = Mapping[str, Any]

_WORDS: Final = {
    ControlStatus.FAILED: ("Failed", "critical", "a check that decides it found a defect"),
    ControlStatus.UNKNOWN: ("Unknown", "unknown", "something that decides it could not be read"),
    ControlStatus.WAIVED: ("Waived", "low", "what was found is accepted until a day"),
    ControlStatus.NOT_ASSESSED: ("Not assessed", "informational", "nothing that decides it was judged"),
    ControlStatus.NO_FAILURE_SEEN: ("No failure seen", "low", "what was judged passed, and proves a part only"),
    ControlStatus.SATISFIED: ("Satisfied", "pass", "its own test passed and every linked check ran"),
    ControlStatus.NOT_APPLICABLE: ("Not applicable", "informational", "it makes no sense here"),
}
"""What a status is called, its sign, and what it means."""


def status_word(status: str) -> tuple[str, str, str]:
    """The words of a status; one that is newer than this page as it is."""
    try:
        return _WORDS[ControlStatus(status)]
    except ValueError:
        return (status, "unknown", "")


def assessed(head: Row) -> list[dict[str, Any]]:
    """The frameworks of the report, each with its counts in order and the part of it that was decided."""
    rows = []
    for framework in head.get("frameworks") or ():
        counts = framework["by_status"]
        listed = [(status.value, counts.get(status.value, 0)) for status in ControlStatus if counts.get(status.value)]
        rows.append({**framework, "counts": listed, "total": len(framework["controls"]), "bars": _bars(listed)})
    return rows


def _bars(counts: list[tuple[str, int]]) -> list[tuple[str, float, float]]:
    """The counts as parts of a bar 400 wide: status, where it begins, how wide it is."""
    total = sum(count for _, count in counts) or 1
    bars, at = [], 0.0
    for status, count in counts:
        width = 400 * count / total
        bars.append((status, round(at, 2), round(width, 2)))
        at += width
    return bars


def deciding(head: Row, places: Mapping[str, int]) -> dict[str, list[tuple[int, str]]]:
    """By `framework:control`, the checks that decide it on a cloud: what the table of findings is filtered by."""
    return {
        f"{framework['id']}:{control['id']}": sorted(
            {
                (places[row["check_id"]], row["cloud"])
                for row in control["evidence"]
                if row["strength"] != "supporting" and row["check_id"] in places
            }
        )
        for framework in head.get("frameworks") or ()
        for control in framework["controls"]
        if control["findings"]
    }
