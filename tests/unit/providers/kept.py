"""A recorder in memory, and a progress display that counts: what a gateway hands out, without a disk."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

from auditor.model.capture import Envelope, Outcome
from auditor.model.ids import Cloud
from auditor.model.observed import GapReason
from auditor.provider import Operation


class Kept:
    """Implements Recorder and Progress. ``envelopes`` are in the order recorded."""

    cloud: Cloud = Cloud.AWS

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.scopes: dict[str, list[str]] = {}
        self.accounts: dict[str, tuple[str, str, str]] = {}
        self.errors: list[str] = []
        self.callers: list[str] = []
        self.throttles: Counter[str] = Counter()
        self.expected = 0
        self.finished = 0
        self.waiting_jobs = 0

    def _keep(self, operation: Operation, where: tuple[str, str, str, int], outcome: Outcome, **rest: Any) -> None:
        scope, location, subject, page = where
        self.envelopes.append(Envelope(self.cloud, scope, location, operation.id, subject, page, outcome, **rest))

    def answer(self, operation: Operation, scope: str, location: str, subject: str, page: int, body: Any) -> Any:
        self._keep(operation, (scope, location, subject, page), Outcome.OK, body=body)
        return body

    def answered_before(
        self, operation: Operation, scope: str, location: str, subject: str, body: Any, asked_at: str, revision: str
    ) -> Any:
        where = (scope, location, subject, 0)
        self._keep(operation, where, Outcome.OK, body=body, asked_at=asked_at, revision=revision)
        return body

    def carry(self, envelope: Envelope) -> None:
        self.envelopes.append(envelope)

    def absent(self, operation: Operation, scope: str, location: str, subject: str) -> None:
        self._keep(operation, (scope, location, subject, 0), Outcome.ABSENT)

    def gap(
        self, operation: Operation, scope: str, location: str, subject: str, page: int, reason: GapReason, message: str
    ) -> None:
        where = (scope, location, subject, page)
        self._keep(operation, where, Outcome.GAP, reason=reason, message=message, permission=operation.permission)

    def scope(self, scope: str, locations: Sequence[str]) -> None:
        self.scopes.setdefault(scope, []).extend(locations)

    def account(self, scope: str, *, name: str = "", unit: str = "", left_out: str = "") -> None:
        self.accounts[scope] = (name, unit, left_out)

    def error(self, sentence: str) -> None:
        self.errors.append(sentence)

    def restore(self, asked: Any) -> Any:
        return asked

    def caller(self, identity: str) -> None:
        self.callers.append(identity)

    def throttled(self, operation: Operation) -> None:
        self.throttles[operation.id] += 1

    def expect(self, calls: int) -> None:
        self.expected += calls

    def done(self, operation: str) -> None:
        assert ":" in operation
        self.finished += 1

    def waiting(self, jobs: int) -> None:
        self.waiting_jobs += jobs

    def answered(self, location: str, functions: Collection[str]) -> None:
        raise AssertionError(f"only the recorder tells that {location} answered, {functions}")

    def of(self, operation: str, scope: str | None = None) -> list[Envelope]:
        """The envelopes of an operation, in the order recorded."""
        return [one for one in self.envelopes if one.operation == operation and scope in (None, one.scope)]

    def outcomes(self) -> list[str]:
        """What came of each call: ok, absent, or the reason of the gap."""
        return [str(one.reason or one.outcome) for one in self.envelopes]

    def gaps(self) -> dict[str, set[str]]:
        """The reasons of gaps by operation."""
        found: dict[str, set[str]] = {}
        for envelope in self.envelopes:
            if envelope.reason is not None:
                found.setdefault(envelope.operation, set()).add(str(envelope.reason))
        return found
