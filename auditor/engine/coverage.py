"""What was asked, what answered, and what did not: told plainly in every report."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from auditor.engine.carried_answers import CarriedAnswers
from auditor.engine.resource_owners import other_owners
from auditor.model.capture import Capture, Envelope, Outcome, ShardKey
from auditor.model.ids import Cloud, scope_id
from auditor.model.observed import LEFT_OUT, GapReason

HARMLESS = LEFT_OUT | {GapReason.NOT_OFFERED}
"""Reasons of gaps that leave a run complete."""
_NAMED_RESOURCES = 20


@dataclass(slots=True)
class GapGroup:
    """Gaps of one operation in one place for one reason: how many, the first message, the first resources."""

    count: int = 0
    permission: str | None = None
    message: str = ""
    resources: list[str] = field(default_factory=list)
    subjects: set[str] = field(default_factory=set)

    def add(self, envelope: Envelope) -> None:
        """Counts one more."""
        self.count += 1
        if self.count == 1:
            self.permission, self.message = envelope.permission, envelope.message
        self.subjects.add(envelope.subject)
        if envelope.subject and len(self.resources) < _NAMED_RESOURCES:
            self.resources.append(envelope.subject)


@dataclass(slots=True)
class Coverage:
    """Counts by shard and grouped gaps of one capture."""

    counts: dict[ShardKey, tuple[int, int, Counter[GapReason]]]
    gaps: dict[tuple[ShardKey, GapReason], GapGroup]
    carried: CarriedAnswers = field(default_factory=CarriedAnswers)

    @property
    def complete(self) -> bool:
        """No call that was to be made went unanswered."""
        return all(reason in HARMLESS for _, reason in self.gaps)

    def by_scope(self) -> dict[tuple[Cloud, str], "Coverage"]:
        """The coverage of each scope alone."""
        found: dict[tuple[Cloud, str], Coverage] = {}
        for key, count in self.counts.items():
            place = (key.cloud, key.scope)
            if place not in found:
                found[place] = Coverage({}, {}, self.carried.alone(*place))
            found[place].counts[key] = count
        for (key, reason), group in self.gaps.items():
            found[key.cloud, key.scope].gaps[key, reason] = group
        return found

    def operations(self) -> list[dict[str, Any]]:
        """The rows of ``coverage.operations``."""
        return [
            {
                "operation": key.operation,
                "scope": scope_id(key.cloud, key.scope),
                "location": key.location,
                "ok": ok,
                "absent": absent,
                "gaps": {reason.value: count for reason, count in sorted(gaps.items())},
            }
            for key, (ok, absent, gaps) in sorted(self.counts.items())
        ]

    def gap_rows(self) -> list[dict[str, Any]]:
        """The rows of ``coverage.gaps``: ``resource`` where one is meant, else how many and the first of them."""
        answered: Counter[tuple[Cloud, str, str]] = Counter()
        for key, (ok, _, _) in self.counts.items():
            answered[key.cloud, key.scope, key.operation] += ok
        return [
            {
                "operation": key.operation,
                "scope": scope_id(key.cloud, key.scope),
                "location": key.location,
                "resource": group.resources[0] if group.count == 1 and group.resources else None,
                "reason": reason.value,
                "permission": group.permission,
                "message": group.message,
                "count": group.count,
                "resources": sorted(group.resources),
                "owners": self._owners(key, reason, group, answered),
            }
            for (key, reason), group in sorted(self.gaps.items(), key=lambda item: item[0])
        ]

    @staticmethod
    def _owners(
        key: ShardKey, reason: GapReason, group: GapGroup, answered: Counter[tuple[Cloud, str, str]]
    ) -> list[str]:
        if reason is not GapReason.DENIED:
            return []
        count = answered[key.cloud, key.scope, key.operation]
        return list(other_owners(key.scope, count, group.subjects, group.message))

    def unlisted(self, cloud: Cloud, scope: str, listing: frozenset[str]) -> list[str]:
        """The locations whose list of functions is not known to be whole, sorted."""
        return sorted(
            {
                key.location
                for key, reason in self.gaps
                if key.cloud is cloud and key.scope == scope and key.operation in listing and reason not in HARMLESS
            }
        )

    def scope_status(self, cloud: Cloud, scope: str, listing: frozenset[str]) -> str:
        """``unreadable`` where no list of functions answered, ``partial`` where anything is missing, else ``read``."""
        mine = [key for key in self.counts if key.cloud is cloud and key.scope == scope]
        if not any(key.operation in listing and self.counts[key][0] for key in mine):
            return "unreadable"
        if any(key.cloud is cloud and key.scope == scope and reason not in HARMLESS for key, reason in self.gaps):
            return "partial"
        return "read"


def measure(capture: Capture) -> Coverage:
    """Counts a capture's answers without reading their bodies."""
    counts: dict[ShardKey, tuple[int, int, Counter[GapReason]]] = {}
    gaps: defaultdict[tuple[ShardKey, GapReason], GapGroup] = defaultdict(GapGroup)
    carried = CarriedAnswers()
    for key in capture.shards():
        counts[key] = _count(key, carried.noting(capture.heads(key)), gaps)
    return Coverage(counts, dict(gaps), carried)


def _count(
    key: ShardKey, heads: Iterable[Envelope], gaps: defaultdict[tuple[ShardKey, GapReason], GapGroup]
) -> tuple[int, int, Counter[GapReason]]:
    outcomes: Counter[Outcome] = Counter()
    reasons: Counter[GapReason] = Counter()
    # order of arrival depends on threads: sorting keeps two readings of one snapshot identical
    for head in sorted(heads, key=lambda head: (head.subject, head.page)):
        outcomes[head.outcome] += 1
        if head.reason is not None:
            reasons[head.reason] += 1
            gaps[key, head.reason].add(head)
    return outcomes[Outcome.OK], outcomes[Outcome.ABSENT], reasons
