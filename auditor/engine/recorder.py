"""Records answers while they come in: redacted first, stored second, raw never."""

import logging
import secrets
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Final, TypeVar

from auditor.model.capture import AccountFacts, CaptureFacts, Depth, Envelope, Json, Outcome, ShardKey
from auditor.model.ids import Cloud
from auditor.model.observed import GapReason
from auditor.provider import Operation
from auditor.snapshot.archive import ShardWriter, write_facts, write_shard
from auditor.snapshot.redact import Redactor

_T = TypeVar("_T")

_log = logging.getLogger(__name__)


class SnapshotRecorder:
    """The state of one run's recording, shared by all clouds.

    ``capture`` is the id its files are named by; ``heard`` counts what was recorded. What comes after ``close`` is
    dropped: it is from calls that were left behind, whose gaps are recorded already. ``command`` is the command line
    as it may be shown, ``not_scanned`` the clouds that are left out and why.
    """

    def __init__(
        self,
        root: Path,
        depth: Depth,
        tool_version: str,
        selection: Sequence[tuple[str, str]],
        *,
        command: str = "",
        not_scanned: Iterable[tuple[Cloud, str]] = (),
    ) -> None:
        self.root = root
        self.redactor = Redactor()
        self.capture = secrets.token_hex(8)
        self.heard = 0
        self._closed = False
        self._depth = depth
        self._tool_version = tool_version
        self._selection = tuple(selection)
        self._started_ns = _moment()
        self._started_at = _shown(self._started_ns)
        self._command = command
        self._not_scanned = dict(not_scanned)
        self._callers: dict[tuple[Cloud, str], None] = {}
        self._accounts: dict[tuple[Cloud, str], AccountFacts] = {}
        self._written: set[ShardKey] = set()
        self._lock = Lock()
        self._shards: dict[ShardKey, ShardWriter] = {}
        self._scopes: dict[tuple[Cloud, str], dict[str, None]] = {}
        self._throttles: Counter[str] = Counter()
        self._errors: dict[str, None] = {}
        self._counts: dict[ShardKey, Counter[Outcome]] = {}

    def for_cloud(self, cloud: Cloud) -> "CloudRecorder":
        """The recorder a provider is given."""
        return CloudRecorder(self, cloud)

    def add(self, envelope: Envelope) -> None:
        """Stores one envelope, already redacted."""
        key = ShardKey(envelope.cloud, envelope.scope, envelope.location, envelope.operation)
        with self._lock:
            if self._closed:
                return
            self.heard += 1
            writer = self._shards.get(key)
            if writer is None:
                writer = self._shards[key] = ShardWriter()
                self._counts[key] = Counter()
            writer.add(envelope)
            self._counts[key][envelope.outcome] += 1
        if envelope.reason is not None:
            _log.debug("%s: %s, needs %s", _place(key), envelope.reason, envelope.permission)

    def add_scope(self, cloud: Cloud, scope: str, locations: Sequence[str]) -> None:
        """Notes a scope and its locations."""
        with self._lock:
            if self._closed:
                return
            self.heard += 1
            self._scopes.setdefault((cloud, scope), {}).update(dict.fromkeys(locations))
        _log.info("opened %s/%s: %s", cloud, scope, ", ".join(locations) or "no locations yet")

    def add_error(self, sentence: str) -> None:
        """Notes a sentence about something that could not be opened."""
        with self._lock:
            self._errors[self.redactor.text(sentence)] = None

    def add_caller(self, cloud: Cloud, caller: str) -> None:
        """Notes as whom a cloud is asked."""
        with self._lock:
            self._callers[cloud, self.redactor.text(caller)] = None

    def add_account(self, account: AccountFacts) -> None:
        """Notes what an organisation says of an account."""
        named, unit, left_out = map(self.redactor.text, (account.name, account.unit, account.left_out))
        with self._lock:
            self._accounts[account.cloud, account.scope] = replace(account, name=named, unit=unit, left_out=left_out)

    def leave_out(self, cloud: Cloud, reason: str) -> None:
        """Notes that nothing of a cloud was scanned, and why."""
        with self._lock:
            self._not_scanned[cloud] = self.redactor.text(reason)

    def add_throttle(self, operation: str) -> None:
        """Counts one 'slow down'."""
        with self._lock:
            self._throttles[operation] += 1
        _log.debug("throttled: %s", operation)

    def opened(self, cloud: Cloud) -> bool:
        """Whether any scope of a cloud was opened."""
        with self._lock:
            return any(known is cloud for known, _ in self._scopes)

    def checkpoint(self) -> None:
        """Writes what was recorded since the last one, so that a run that is killed leaves nearly all it collected.

        The capture it leaves is marked ``unfinished``. Not to be called beside :meth:`close`.
        """
        with self._lock:
            fresh = {key: writer.taken() for key, writer in self._shards.items() if writer.changed}
        for key, members in fresh.items():
            write_shard(self.root, key, self.capture, members)
        with self._lock:
            self._written |= set(fresh)
            cut_off = "The run ended before it was finished: what was not asked by then is missing."
            facts = self._facts(interrupted=True, unfinished=True, errors=(*self._errors, cut_off))
        write_facts(self.root, facts, self.capture)

    def close(self, *, interrupted: bool) -> CaptureFacts:
        """Writes every shard, then the facts; returns the facts."""
        with self._lock:
            self._closed = True
            for key, writer in self._shards.items():
                path = writer.write(self.root, key, self.capture)
                told = self._counts[key]
                counts = f"{told[Outcome.OK]} answers, {told[Outcome.ABSENT]} said none, {told[Outcome.GAP]} gaps"
                _log.debug("%s: %s, written to %s", _place(key), counts, path)
            self._written |= set(self._shards)
            self._shards.clear()
            facts = self._facts(interrupted=interrupted, unfinished=False, errors=tuple(self._errors))
            _log.debug("written %s", write_facts(self.root, facts, self.capture))
            return facts

    def _facts(self, *, interrupted: bool, unfinished: bool, errors: tuple[str, ...]) -> CaptureFacts:
        shards = tuple(sorted(self._written))
        return CaptureFacts(
            started_at=self._started_at,
            finished_at=now(),
            depth=self._depth,
            tool_version=self._tool_version,
            scopes=tuple((cloud, scope, tuple(places)) for (cloud, scope), places in sorted(self._scopes.items())),
            selection=tuple(sorted(self._selection)),
            throttles=tuple(sorted(self._throttles.items())),
            interrupted=interrupted,
            errors=errors,
            shards=shards,
            # what a capture that goes on will hold is not known yet
            sizes=() if unfinished else tuple(self._counts[key].total() for key in shards),
            started_ns=self._started_ns,
            callers=tuple(sorted(self._callers)),
            command=self._command,
            not_scanned=tuple(sorted(self._not_scanned.items())),
            unfinished=unfinished,
            accounts=tuple(sorted(self._accounts.values())),
        )


class CloudRecorder:
    """Implements :class:`auditor.provider.Recorder` for one cloud."""

    def __init__(self, run: SnapshotRecorder, cloud: Cloud) -> None:
        self._run = run
        self._cloud = cloud

    def answer(self, operation: Operation, scope: str, location: str, subject: str, page: int, body: Json) -> Json:
        redacted = self._run.redactor.body(body, operation.redact)
        self._run.add(
            Envelope(self._cloud, scope, location, operation.id, self._about(subject), page, Outcome.OK, redacted),
        )
        return redacted

    def restore(self, asked: _T) -> _T:
        return self._run.redactor.restore(asked)

    def answered_before(
        self, operation: Operation, scope: str, location: str, subject: str, body: Json, asked_at: str, revision: str
    ) -> Json:
        redacted = self._run.redactor.body(body, operation.redact)
        about = self._about(subject)
        self._run.add(
            Envelope(
                self._cloud,
                scope,
                location,
                operation.id,
                about,
                0,
                Outcome.OK,
                redacted,
                asked_at=asked_at,
                revision=revision,
            )
        )
        return redacted

    def carry(self, envelope: Envelope) -> None:
        self._run.add(envelope)

    def _about(self, subject: str) -> str:
        return self._run.redactor.subject(subject)

    def absent(self, operation: Operation, scope: str, location: str, subject: str) -> None:
        self._run.add(Envelope(self._cloud, scope, location, operation.id, self._about(subject), 0, Outcome.ABSENT))

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
                self._about(subject),
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

    def account(self, scope: str, *, name: str = "", unit: str = "", left_out: str = "") -> None:
        self._run.add_account(AccountFacts(self._cloud, scope, name, unit, left_out))

    def error(self, sentence: str) -> None:
        self._run.add_error(sentence)

    def caller(self, identity: str) -> None:
        self._run.add_caller(self._cloud, identity)

    def throttled(self, operation: Operation) -> None:
        self._run.add_throttle(operation.id)


def _place(key: ShardKey) -> str:
    return f"{key.cloud}/{key.scope}/{key.location} {key.operation}"


def now() -> str:
    """The time, RFC 3339 UTC to the second."""
    return _shown(time.time_ns())


def _shown(nanoseconds: int) -> str:
    return datetime.fromtimestamp(nanoseconds // _SECOND, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _moment() -> int:
    """The time in nanoseconds, later than every one that was given out here before, however coarse the clock."""
    with _MOMENTS:
        _last[0] = max(time.time_ns(), _last[0] + 1)
        return _last[0]


_SECOND: Final = 1_000_000_000
_MOMENTS: Final = Lock()
_last: Final = [0]
