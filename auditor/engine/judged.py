"""A capture whose answers are judged while they are read: one that does not hold what was promised is a gap."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from auditor.model.capture import Capture, CaptureFacts, Envelope, Outcome, ShardKey
from auditor.model.ids import Cloud
from auditor.model.observed import GapReason
from auditor.provider import Operation


class JudgedCapture:
    """Implements :class:`auditor.model.capture.Capture` over another one, which may be damaged or edited.

    ``operations`` are each cloud's, by id. What no operation of them answered is passed on as it is.
    """

    def __init__(self, capture: Capture, operations: Mapping[Cloud, Mapping[str, Operation]]) -> None:
        self._capture = capture
        self._operations = operations
        self._damaged: dict[ShardKey, dict[int, Envelope]] = {}

    @property
    def facts(self) -> CaptureFacts:
        return self._capture.facts

    def shards(self) -> tuple[ShardKey, ...]:
        return self._capture.shards()

    def read(self, key: ShardKey) -> Iterator[Envelope]:
        operation = self._operations.get(key.cloud, {}).get(key.operation)
        damaged: dict[int, Envelope] = {}
        for number, envelope in enumerate(self._capture.read(key)):
            judged = envelope if operation is None else _judged(operation, envelope)
            if judged.reason is GapReason.MALFORMED:
                damaged[number] = judged
            yield judged
        self._damaged[key] = damaged

    def heads(self, key: ShardKey) -> Iterator[Envelope]:
        """The envelopes without bodies; of an answer that turned out to be damaged, its gap."""
        if key not in self._damaged:
            for _ in self.read(key):
                pass
        damaged = self._damaged[key]
        for number, head in enumerate(self._capture.heads(key)):
            yield damaged.get(number, head)


def _judged(operation: Operation, envelope: Envelope) -> Envelope:
    if envelope.outcome is not Outcome.OK or (why := operation.answer.breach(envelope.body)) is None:
        return envelope
    return replace(
        envelope,
        outcome=Outcome.GAP,
        body=None,
        reason=GapReason.MALFORMED,
        permission=operation.permission,
        message=why,
    )
