"""The answers of an earlier run, found by what was asked, so that they need not be asked again."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Lock
from typing import Final

from auditor import __version__
from auditor.model.capture import Capture, Envelope, Json, Outcome, ShardKey
from auditor.model.ids import Cloud
from auditor.model.json_text import ascii_json
from auditor.model.secret import Treatment
from auditor.provider import Operation

_MARKED_NAME: Final = re.compile(r"redacted-[a-z0-9-]{1,60}-[0-9a-f]{8}")
"""A name that looks like a credential: what stands behind the mark was known to the earlier run alone."""

_SPREAD: Final = 0.5
"""Answers are read anew after half of the greatest age to the whole of it, each subject at a time of its own: or every
subject would be due in the same night."""


class EarlierAnswers:
    """Implements :class:`auditor.provider.Earlier` over a saved capture. Thread-safe.

    ``now`` is when this run began, ``max_age`` how old an answer may become that nothing proves unchanged. Values are
    judged when they are read: what another ``version`` of the auditor judged is not taken over.
    """

    def __init__(
        self, capture: Capture, *, resuming: bool, now: datetime, max_age: timedelta, version: str = __version__
    ) -> None:
        self.resuming = resuming
        self._capture = capture
        self._now = now
        self._max_age = max_age
        self._same_rules = capture.facts.tool_version == version
        self._lock = Lock()
        self._shards: dict[ShardKey, dict[str, list[Envelope]]] = {}

    @property
    def started_at(self) -> str:
        """When it began: of several captures the first."""
        return self._capture.facts.started_at

    def answers(
        self, cloud: Cloud, operation: Operation, scope: str, location: str, subject: str
    ) -> tuple[Envelope, ...]:
        """The whole answer to a question, each page with when it was asked; nothing where there is none."""
        key = ShardKey(cloud, scope, location, operation.id)
        found = sorted(self._shard(key).get(subject, ()), key=lambda envelope: envelope.page)
        judged = any(treatment is not Treatment.DROP for treatment in operation.redact.values())
        if not found or not _whole(operation, found) or (judged and not self._same_rules):
            return ()
        since = self.started_at  # of several captures the oldest: an age is never understated
        return tuple(replace(envelope, asked_at=envelope.asked_at or since) for envelope in found)

    def pages(self, cloud: Cloud, operation: str, scope: str, location: str, subject: str) -> Iterator[Json]:
        """The pages of a list, as far as there are any."""
        for envelope in self._shard(ShardKey(cloud, scope, location, operation)).get(subject, ()):
            if envelope.outcome is Outcome.OK:
                yield envelope.body

    def expired(self, asked_at: str, subject: str) -> bool:
        """Whether an answer is too old to be carried over without proof that it did not change."""
        share = int(sha256(subject.encode()).hexdigest()[:8], 16) / 0xFFFFFFFF
        limit = self._max_age * (1 - _SPREAD * share)
        return self._now - datetime.fromisoformat(asked_at) >= limit

    def _shard(self, key: ShardKey) -> dict[str, list[Envelope]]:
        with self._lock:
            if key not in self._shards:
                by_subject: dict[str, list[Envelope]] = {}
                for envelope in self._capture.read(key):
                    by_subject.setdefault(envelope.subject, []).append(envelope)
                self._shards[key] = by_subject
            return self._shards[key]


def _whole(operation: Operation, pages: list[Envelope]) -> bool:
    """Whether nothing of an answer is missing: no gap, every page, and the last says that the list ends there."""
    if [envelope.page for envelope in pages] != list(range(len(pages))):
        return False
    if any(envelope.outcome is Outcome.GAP for envelope in pages):
        return False
    answered = [envelope.body for envelope in pages if envelope.outcome is Outcome.OK]
    if any(operation.answer.breach(body) is not None or _MARKED_NAME.search(ascii_json(body)) for body in answered):
        return False
    last = answered[-1] if answered else {}
    return not any(last.get(member) for member in operation.continuation)
