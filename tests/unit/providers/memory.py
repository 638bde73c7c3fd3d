"""A capture in memory, and the facts of one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from auditor.model.capture import CaptureFacts, Depth, Envelope, ShardKey
from auditor.model.ids import Cloud


@dataclass
class MemoryCapture:
    """A capture over a list of envelopes."""

    facts: CaptureFacts
    envelopes: list[Envelope] = field(default_factory=list)

    def shards(self) -> tuple[ShardKey, ...]:
        return tuple(sorted({_key(envelope) for envelope in self.envelopes}))

    def read(self, key: ShardKey) -> Iterator[Envelope]:
        return (envelope for envelope in self.envelopes if _key(envelope) == key)

    def heads(self, key: ShardKey) -> Iterable[Envelope]:
        return (replace(envelope, body=None) for envelope in self.read(key))

    def without(self, *operations: str) -> "MemoryCapture":
        kept = [envelope for envelope in self.envelopes if envelope.operation not in operations]
        return MemoryCapture(self.facts, kept)

    def plus(self, *envelopes: Envelope) -> "MemoryCapture":
        """With these answers in place of those about the same thing."""
        replaced = {(e.scope, e.operation, e.subject, e.page) for e in envelopes}
        kept = [e for e in self.envelopes if (e.scope, e.operation, e.subject, e.page) not in replaced]
        return MemoryCapture(self.facts, [*kept, *envelopes])


def _key(envelope: Envelope) -> ShardKey:
    return ShardKey(envelope.cloud, envelope.scope, envelope.location, envelope.operation)


def facts(depth: Depth, *scopes: tuple[Cloud, str, tuple[str, ...]]) -> CaptureFacts:
    """Of a run that went well; ``scopes`` as (cloud, scope, locations asked)."""
    return CaptureFacts(
        started_at="2026-11-23T10:00:00Z",
        finished_at="2026-11-23T10:01:00Z",
        depth=depth,
        tool_version="0",
        scopes=scopes,
        selection=(),
        throttles=(),
        interrupted=False,
        errors=(),
    )
