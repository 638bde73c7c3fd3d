"""What a report says of answers that an earlier run asked for: how many, how old, and which finding rests on one."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from auditor.model.capture import Envelope
from auditor.model.ids import Cloud


class CarriedAnswers:
    """The carried answers of a capture, gathered while its heads are read."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[Cloud, str]] = Counter()
        self._oldest: dict[tuple[Cloud, str], str] = {}
        self._unchanged: Counter[tuple[Cloud, str]] = Counter()
        self._of: dict[tuple[str, str], tuple[str, str]] = {}

    def noting(self, heads: Iterable[Envelope]) -> Iterator[Envelope]:
        """Passes envelopes on, and remembers those that were carried over."""
        for head in heads:
            if head.asked_at:
                self._note(head)
            yield head

    def _note(self, head: Envelope) -> None:
        scope = head.cloud, head.scope
        self._counts[scope] += 1
        self._oldest[scope] = min(head.asked_at, self._oldest.get(scope, head.asked_at))
        self._unchanged[scope] += bool(head.revision)
        key = head.operation, head.subject.partition("#")[0]
        self._of[key] = min((head.asked_at, head.revision), self._of.get(key, (head.asked_at, head.revision)))

    def alone(self, cloud: Cloud, scope: str) -> "CarriedAnswers":
        """Those of one scope."""
        own, key = CarriedAnswers(), (cloud, scope)
        if self._counts[key]:
            own._counts[key], own._oldest[key] = self._counts[key], self._oldest[key]
            own._unchanged[key] = self._unchanged[key]
        own._of = self._of
        return own

    def row(self) -> dict[str, Any]:
        """``run.carried_over``; nothing where nothing was."""
        if not self._counts:
            return {}
        oldest = min(self._oldest.values())
        return {
            "carried_over": {"answers": self._counts.total(), "unchanged": self._unchanged.total(), "oldest": oldest},
        }

    def scope_row(self, cloud: Cloud, scope: str) -> dict[str, Any]:
        """The same of one scope."""
        count = self._counts[cloud, scope]
        return {"carried_over": count, "age": self._oldest[cloud, scope]} if count else {}

    def date_evidence(self, finding: dict[str, Any]) -> None:
        """Says in the evidence of a finding's row when it was asked, where an earlier run did that."""
        for row in finding["evidence"]:
            asked_at, revision = self._of.get((row["source"], finding["function_id"] or ""), ("", ""))
            if revision:
                proof = revision if " " in revision else f"revision {revision}"
                row["detail"] += f" (unchanged since {asked_at}, {proof})"
            elif asked_at:
                row["detail"] += f" (as of {asked_at})"
