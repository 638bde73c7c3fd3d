"""What makes a run incomplete, in a few words: for its gate, and for those who read of it in a history."""

from collections import Counter
from typing import Final

from auditor.model.observed import LEFT_OUT, GapReason
from auditor.reporter import Row
from auditor.wording import counted, some

UNCOUNTED: Final = LEFT_OUT | {GapReason.NOT_OFFERED}
"""Reasons why a call has no answer that make no run incomplete."""
_NAMED: Final = 3


def verdicts_missing(counts: Row) -> int:
    """How many verdicts a run did not reach, by its coverage."""
    return int(counts["verdicts_total"]) - int(counts["verdicts_reached"])


def shortfall(head: Row) -> str:
    """The sentence, by the head of a report; "" where the run is complete."""
    if head["run"]["complete"]:
        return ""
    coverage = head["coverage"]
    left = verdicts_missing(coverage)
    parts = [f"{left} of {coverage['verdicts_total']} verdicts not reached"] if left else []
    unread = [row["id"] for row in head["scopes"] if row["status"] == "unreadable"]
    parts += [f"{some(unread, _NAMED, 'scope')} not read"] if unread else []
    errors = len(head["run"]["errors"])
    parts += [counted(errors, "error")] if errors else []
    return ", ".join(parts) or _calls(coverage)


def _calls(coverage: Row) -> str:
    """The calls that went unanswered though no verdict waits for them."""
    counts: Counter[str] = Counter()
    for gap in coverage["gaps"]:
        if gap["reason"] not in UNCOUNTED:
            counts[f"{gap['operation']} {gap['reason']}"] += gap["count"]
    calls = f"{counted(counts.total(), 'call')} without an answer that no verdict waits for"
    return f"{calls} ({some(sorted(counts), _NAMED, 'operation')})" if counts else "part of it was not read"
