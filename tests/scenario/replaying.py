"""Replays a capture with an operation's answers withheld, as a cloud that denies it would have them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from auditor import plugins
from auditor.config import CheckSettings
from auditor.engine.audit import judged
from auditor.engine.context import EvaluationContext
from auditor.engine.derive import derived
from auditor.engine.evaluate import Results, evaluate
from auditor.model.capture import Capture, CaptureFacts, Envelope, Outcome, ShardKey
from auditor.model.ids import Cloud
from auditor.model.inventory import Inventory
from auditor.model.observed import GapReason
from auditor.provider import Provider
from auditor.snapshot.archive import Snapshot
from tests.scenario.expect import AS_OF

Rows = tuple[Envelope, ...]
Change = Callable[[ShardKey, Rows], Iterable[Envelope]]
"""What a shard's envelopes are replaced by."""


@dataclass(frozen=True)
class Memory:
    """A capture held in memory."""

    facts: CaptureFacts
    rows: dict[ShardKey, tuple[Envelope, ...]]

    def shards(self) -> tuple[ShardKey, ...]:
        """Every shard."""
        return tuple(sorted(self.rows))

    def read(self, key: ShardKey) -> Iterator[Envelope]:
        """One shard."""
        return iter(self.rows.get(key, ()))

    def heads(self, key: ShardKey) -> Iterator[Envelope]:
        """One shard."""
        return self.read(key)

    def reading(self, operation: str, change: Change) -> "Memory":
        """The same capture with other envelopes in the shards of one operation."""
        rows = self.rows.items()
        return Memory(self.facts, {k: tuple(change(k, old)) if k.operation == operation else old for k, old in rows})

    def without(self, operation: str, permission: str) -> "Memory":
        """The same capture, had every call of ``operation`` been denied."""
        return self.reading(operation, lambda _, rows: (_denied(row, permission) for row in rows))


def _denied(row: Envelope, permission: str) -> Envelope:
    return replace(
        row, outcome=Outcome.GAP, body=None, reason=GapReason.DENIED, permission=permission, message="withheld"
    )


def _concurrency(row: Envelope) -> Envelope:
    body = row.body.get("Concurrency", {}) if row.outcome is Outcome.OK else row.body
    return replace(row, operation="lambda:GetFunctionConcurrency", body=body)


@dataclass(frozen=True)
class Replay:
    """A capture of one cloud and what its provider makes of it."""

    capture: Memory
    provider: Provider

    @property
    def cloud(self) -> Cloud:
        """The provider's."""
        return self.provider.cloud

    @classmethod
    def of(cls, root: Path, provider: Provider) -> "Replay":
        """From a scan's output directory, or its snapshot."""
        snapshot = Snapshot(root)
        shards = {key: tuple(snapshot.read(key)) for key in snapshot.shards() if key.cloud is provider.cloud}
        return cls(Memory(snapshot.facts, shards), provider)

    def without(self, operation: str, permission: str) -> "Replay":
        """With one operation withheld."""
        return replace(self, capture=self.capture.without(operation, permission))

    def reading(self, operation: str, change: Change) -> "Replay":
        """With other envelopes in the shards of one operation."""
        return replace(self, capture=self.capture.reading(operation, change))

    def judged(self) -> Capture:
        """The capture as a run reads it: what does not hold what was promised is a gap."""
        return judged(self.capture, {self.cloud: self.provider})

    def in_base_tier(self) -> "Replay":
        """As a scan without the code tier would have recorded it."""
        code = {operation.id for operation in self.provider.operations if operation.tier == "code"}
        rows = {key: rows for key, rows in self.with_concurrency().capture.rows.items() if key.operation not in code}
        return replace(self, capture=Memory(replace(self.capture.facts, shards=tuple(sorted(rows))), rows))

    def with_concurrency(self) -> "Replay":
        """With the reserved concurrency told by itself too, as a scan asks for it where GetFunction is refused."""
        rows = dict(self.capture.rows)
        for key, envelopes in self.capture.rows.items():
            if key.operation == "lambda:GetFunction":
                own = replace(key, operation="lambda:GetFunctionConcurrency")
                rows[own] = tuple(_concurrency(envelope) for envelope in envelopes)
        return replace(self, capture=Memory(self.capture.facts, rows))

    def inventory(self) -> Inventory:
        """What the provider makes of it."""
        capture = self.judged()
        return derived(self.provider.normalize(capture), capture, {self.cloud: self.provider}).inventory

    def results(self) -> Results:
        """Every check's verdicts, opinions included."""
        inventory = self.inventory()
        context = EvaluationContext(inventory, date.fromisoformat(AS_OF), CheckSettings())
        return evaluate(inventory, plugins.checks(), context)
