"""Records answers while they come in: redacted first, stored second, raw never."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from auditor.model.capture import CaptureFacts, Depth, Envelope, Json, Outcome, ShardKey
from auditor.model.ids import Cloud
from auditor.model.observed import GapReason
from auditor.provider import Operation
from auditor.snapshot.archive import ShardWriter, write_facts
from auditor.snapshot.redact import Redactor


class SnapshotRecorder:
    """The state of one run's recording, shared by all clouds."""

    def __init__(self, root: Path, depth: Depth, tool_version: str, selection: Sequence[tuple[str, str]]) -> None:
        self.root = root
        self.redactor = Redactor()
        self._depth = depth
        self._tool_version = tool_version
        self._selection = tuple(selection)
        self._started_at = now()
        self._lock = Lock()
        self._shards: dict[ShardKey, ShardWriter] = {}
        self._scopes: dict[tuple[Cloud, str], dict[str, None]] = {}
        self._throttles: Counter[str] = Counter()
        self._errors: dict[str, None] = {}

    def for_cloud(self, cloud: Cloud) -> "CloudRecorder":
        """The recorder a provider is given."""
        return CloudRecorder(self, cloud)

    def add(self, envelope: Envelope) -> None:
        """Stores one envelope, already redacted."""
        key = ShardKey(envelope.cloud, envelope.scope, envelope.location, envelope.operation)
        with self._lock:
            writer = self._shards.get(key)
            if writer is None:
                writer = self._shards[key] = ShardWriter()
            writer.add(envelope)

    def add_scope(self, cloud: Cloud, scope: str, locations: Sequence[str]) -> None:
        """Notes a scope and its locations."""
        with self._lock:
            self._scopes.setdefault((cloud, scope), {}).update(dict.fromkeys(locations))

    def add_error(self, sentence: str) -> None:
        """Notes a sentence about something that could not be opened."""
        with self._lock:
            self._errors[self.redactor.text(sentence)] = None

    def add_throttle(self, operation: str) -> None:
        """Counts one 'slow down'."""
        with self._lock:
            self._throttles[operation] += 1

    @property
    def scopes(self) -> int:
        """How many scopes were opened."""
        return len(self._scopes)

    def close(self, *, interrupted: bool) -> CaptureFacts:
        """Writes every shard, then the facts; returns the facts."""
        with self._lock:
            for key, writer in self._shards.items():
                writer.write(self.root, key)
            self._shards.clear()
            facts = CaptureFacts(
                started_at=self._started_at,
                finished_at=now(),
                depth=self._depth,
                tool_version=self._tool_version,
                scopes=tuple((cloud, scope, tuple(places)) for (cloud, scope), places in sorted(self._scopes.items())),
                selection=tuple(sorted(self._selection)),
                throttles=tuple(sorted(self._throttles.items())),
                interrupted=interrupted,
                errors=tuple(self._errors),
            )
            write_facts(self.root, facts)
            return facts


class CloudRecorder:
    """Implements :class:`auditor.provider.Recorder` for one cloud."""

    def __init__(self, run: SnapshotRecorder, cloud: Cloud) -> None:
        self._run = run
        self._cloud = cloud

    def answer(self, operation: Operation, scope: str, location: str, subject: str, page: int, body: Json) -> Json:
        redacted = self._run.redactor.body(body, operation.redact)
        self._run.add(
            Envelope(self._cloud, scope, location, operation.id, subject, page, Outcome.OK, redacted),
        )
        return redacted

    def absent(self, operation: Operation, scope: str, location: str, subject: str) -> None:
        self._run.add(Envelope(self._cloud, scope, location, operation.id, subject, 0, Outcome.ABSENT))

    def gap(
        self,
        operation: Operation,
        scope: str,
        location: str,
        subject: str,
        page: int,
        reason: GapReason,
        message: str,
    ) -> None:
        said = self._run.redactor.text(message)
        self._run.add(
            Envelope(
                self._cloud,
                scope,
                location,
                operation.id,
                subject,
                page,
                Outcome.GAP,
                None,
                reason,
                operation.permission,
                said,
            )
        )

    def scope(self, scope: str, locations: Sequence[str]) -> None:
        self._run.add_scope(self._cloud, scope, locations)

    def error(self, sentence: str) -> None:
        self._run.add_error(sentence)

    def throttled(self, operation: Operation) -> None:
        self._run.add_throttle(operation.id)


def now() -> str:
    """The time, RFC 3339 UTC to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
