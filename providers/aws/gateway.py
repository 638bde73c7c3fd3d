"""The only place that calls AWS: paces, retries, turns pages and errors into envelopes. Declared calls only."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import BoundedSemaphore, Event, Lock
from typing import Any, Final

from botocore import xform_name

from auditor.errands import Errands, LeftBehindError
from auditor.model.capture import Json, Outcome
from auditor.model.observed import GapReason
from auditor.provider import Progress, Recorder
from providers.answers.promise import breach
from providers.aws.classify import Refusal, classify
from providers.aws.health import Health
from providers.aws.operations import BY_ID, AwsOperation, quota
from providers.aws.pacing import Bucket
from providers.aws.session import Session

GLOBAL: Final = "global"
TRIES: Final = 60
"""With six in ten calls throttled, one call in 10¹³ is still refused after so many tries."""

_UNPACED: Final = 2000.0
"""Calls a second where there is no quota: an emulator of our own."""

_LEAST_TRIES: Final = 12
_PAGES: Final = 20_000
_RETRIES: Final[Mapping[GapReason, int]] = {
    GapReason.SERVICE_ERROR: 4,
    GapReason.UNREACHABLE: 3,
    GapReason.MALFORMED: 2,
}
_SLOW_TRIES: Final = 2
_FINAL_CODES: Final = frozenset({"ValidationException", "InvalidParameterValueException", "ValidationError"})
_NO_FUNCTION: Final = ("Function not found", "Cannot find alias", "Cannot find version")
INTERRUPTED: Final = Refusal(GapReason.INTERRUPTED, "The run was stopped before this was asked.")


@dataclass(frozen=True, slots=True)
class Reply:
    """What a call came to; ``body`` is redacted, and None unless the outcome is OK."""

    outcome: Outcome
    body: Json = None
    refusal: Refusal | None = None


class Gateway:
    """All calls of one account. Thread-safe; calls wait here for their turn.

    ``paced`` False is for emulators, which have no quotas.
    """

    def __init__(
        self,
        session: Session,
        recorder: Recorder,
        progress: Progress,
        stop: Event,
        max_workers: int,
        *,
        paced: bool = True,
    ) -> None:
        self.scope = ""
        self.home = ""
        self._session = session
        self._recorder = recorder
        self._progress = progress
        self._stop = stop
        self._paced = paced
        self._slots = BoundedSemaphore(max_workers)
        self._errands = Errands(stop)
        self._lock = Lock()
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self._health = Health()

    def call(self, operation_id: str, region: str, subject: str = "", **parameters: Any) -> Reply:
        """Makes one call and records what came of it. ``region`` may be ``global``."""
        operation = BY_ID[operation_id]
        self._progress.expect(1)
        answer = self.ask(operation, region, **parameters)
        self._progress.done(operation.id)
        return self.record(operation, region, subject, 0, answer)

    def listing(
        self,
        operation_id: str,
        region: str,
        subject: str = "",
        *,
        each: Callable[[Json], None] | None = None,
        first: int = 0,
        **parameters: Any,
    ) -> tuple[bool, int]:
        """Reads a paged list, giving every page to ``each`` as it comes.

        Returns whether the list is complete, and the number of the next page (for a list asked in batches).
        """
        operation = BY_ID[operation_id]
        page, seen = first, set[str]()
        while True:
            self._progress.expect(1)
            answer = self.ask(operation, region, **parameters)
            self._progress.done(operation.id)
            token = answer.get(operation.token[1]) if isinstance(answer, dict) else None
            reply = self.record(operation, region, subject, page, answer)
            if reply.outcome is not Outcome.OK:
                return reply.outcome is Outcome.ABSENT, page + 1
            if each is not None:
                each(reply.body)
            page += 1
            if not token:
                return True, page
            if not isinstance(token, str) or token in seen or len(seen) >= _PAGES:
                why = Refusal(GapReason.MALFORMED, "The list does not end: its continuation repeats or is no text.")
                self.record(operation, region, subject, page, why)
                return False, page + 1
            seen.add(token)
            parameters[operation.token[0]] = token

    def record(self, operation: AwsOperation, region: str, subject: str, page: int, answer: Json | Refusal) -> Reply:
        """Records an answer of :meth:`ask`; several subjects may share one answer."""
        if not isinstance(answer, Refusal):
            body = self._recorder.answer(operation, self.scope, region, subject, page, answer)
            return Reply(Outcome.OK, body)
        if page == 0 and _says_none(operation, answer):
            self._recorder.absent(operation, self.scope, region, subject)
            return Reply(Outcome.ABSENT, refusal=answer)
        self._recorder.gap(operation, self.scope, region, subject, page, answer.reason, answer.message)
        return Reply(Outcome.GAP, refusal=answer)

    def ask(self, operation: AwsOperation, region: str, **parameters: Any) -> Json | Refusal:
        """Makes one call, waiting its turn and trying again where that helps; records nothing."""
        where = self.home if region == GLOBAL else region
        bucket = self._bucket(operation.bucket, where)
        parameters = self._recorder.restore(parameters)
        tries = 0
        while True:
            self._stop.wait(bucket.delay())
            answer = self._hopeless(operation, where) or self._attempt(operation, where, parameters)
            if not isinstance(answer, Refusal):
                bucket.answered()
                return answer
            if answer.reason is GapReason.THROTTLED:
                self._recorder.throttled(operation)
                bucket.throttled(answer.retry_after)
            elif answer.status:
                bucket.answered()
            tries += 1
            if self._final(operation, bucket, answer, tries):
                self._health.failed(operation.client, where, answer)
                return answer
            self._back_off(answer, tries)

    def _hopeless(self, operation: AwsOperation, region: str) -> Refusal | None:
        return INTERRUPTED if self._stop.is_set() else self._health.verdict(operation.client, region)

    def _attempt(self, operation: AwsOperation, region: str, parameters: Mapping[str, Any]) -> Json | Refusal:
        def send() -> Mapping[str, Any]:
            client = self._session.client(operation.client, region)
            answer: Mapping[str, Any] = getattr(client, xform_name(operation.method))(**parameters)
            return answer

        try:
            with self._slots:
                raw = self._errands.run(send)
            body = {key: _plain(value) for key, value in raw.items() if key != "ResponseMetadata"}
        except LeftBehindError:
            return INTERRUPTED
        except Exception as error:  # noqa: BLE001 - whatever the SDK raises becomes a reason; nothing else runs here
            refusal = classify(error, about_one=operation.per_subject)
            if refusal.status:
                self._health.answered(operation.client, region)
            return refusal
        self._health.answered(operation.client, region)
        why = breach(operation, body)
        return body if why is None else Refusal(GapReason.MALFORMED, why)

    def _final(self, operation: AwsOperation, bucket: Bucket, refusal: Refusal, tries: int) -> bool:
        if self._stop.is_set() or refusal.code in operation.absent_codes:
            return True
        if refusal.reason is GapReason.THROTTLED:
            if tries >= TRIES or bucket.given_up or (bucket.dry and tries >= _LEAST_TRIES):
                bucket.give_up()
                return True
            return False
        if refusal.code in _FINAL_CODES or (refusal.reason is GapReason.SERVICE_ERROR and 0 < refusal.status < 500):
            return True
        return tries >= (_SLOW_TRIES if refusal.slow else _RETRIES.get(refusal.reason, 1))

    def _back_off(self, refusal: Refusal, tries: int) -> None:
        longest = min(8.0, 0.2 * 2 ** min(tries, 8))
        pause = random.uniform(0.05, longest)  # noqa: S311 - spreads retries, guards nothing
        self._stop.wait(max(pause, refusal.retry_after))

    def _bucket(self, name: str, region: str) -> Bucket:
        with self._lock:
            key = (name, region)
            bucket = self._buckets.get(key)
            if bucket is None:
                bucket = self._buckets[key] = Bucket.for_quota(quota(name).rate if self._paced else _UNPACED)
            return bucket


def _says_none(operation: AwsOperation, refusal: Refusal) -> bool:
    if refusal.code not in operation.absent_codes:
        return False
    return not any(text in refusal.message for text in _NO_FUNCTION)


def _plain(value: Any) -> Json:
    """JSON of a parsed answer: times as RFC 3339 UTC, bytes and streams left out."""
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items() if not isinstance(item, bytes)}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value if not isinstance(item, bytes)]
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return None
