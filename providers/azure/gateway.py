"""The only place that calls Azure: paces, retries, turns pages and errors into envelopes. Declared calls only."""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from threading import Event, Lock
from typing import Final
from urllib.parse import quote, urlencode

from auditor.errands import Errands, LeftBehindError
from auditor.model.capture import Json, Outcome
from auditor.model.observed import GapReason
from auditor.provider import Operation, Progress, Recorder
from providers.answers.promise import breach
from providers.azure.answers import continues_at, parse, stored, unwrapped
from providers.azure.classify import Refusal, classify_answer, classify_error
from providers.azure.health import Health
from providers.azure.operations import BY_ID, QUOTAS, TABLES, AzureOperation, query_of
from providers.azure.pacing import Bucket
from providers.azure.session import Session

GLOBAL: Final = "global"
TRIES: Final = 60
"""With six in ten calls throttled, one call in 10¹³ is still refused after so many tries."""

PAGE: Final = 1000
"""Rows of a Resource Graph page, at most."""

_UNPACED: Final = 2000
"""Calls a second where there is no quota: an emulator of our own."""

_LEAST_TRIES: Final = 12
_LONGEST_WAIT: Final = 900.0
_PAGES: Final = 20_000
_RETRIES: Final[Mapping[GapReason, int]] = {
    GapReason.SERVICE_ERROR: 4,
    GapReason.UNREACHABLE: 3,
    GapReason.MALFORMED: 2,
}
_SLOW_TRIES: Final = 2
_SAFE: Final = "/-_.~()!$&'*+,;=:@"
INTERRUPTED: Final = Refusal(GapReason.INTERRUPTED, "The run was stopped before this was asked.")
_ENDLESS: Final = Refusal(GapReason.MALFORMED, "The list does not end: its continuation repeats or is no text.")
_ELSEWHERE: Final = Refusal(GapReason.MALFORMED, "The list would go on at another host: it was not followed.")
_CUT: Final = Refusal(GapReason.MALFORMED, "Resource Graph cut the result short and does not say how it goes on.")


@dataclass(frozen=True, slots=True)
class Reply:
    """What a call came to; ``body`` is redacted, and None unless the outcome is OK."""

    outcome: Outcome
    body: Json = None
    refusal: Refusal | None = None


class Gateway:
    """All calls of one run. Thread-safe; calls wait here for their turn.

    ``paced`` False is for emulators, which have no quotas.
    """

    def __init__(
        self, session: Session, recorder: Recorder, progress: Progress, stop: Event, *, paced: bool = True
    ) -> None:
        self._session = session
        self._recorder = recorder
        self._progress = progress
        self._stop = stop
        self._paced = paced
        self._lock = Lock()
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self._resting: dict[tuple[str, str], float] = {}
        self._health = Health()
        self._errands = Errands(stop)

    @property
    def stopped(self) -> bool:
        """Whether the run is to end."""
        return self._stop.is_set()

    def lane_wait(self, bucket: str, scope: str) -> float:
        """The seconds until a call on a quota could start; 0 when the run is to end."""
        return 0.0 if self._stop.is_set() else self._bucket(bucket, scope).wait()

    def call(self, operation_id: str, scope: str, resource: str = "", **names: str) -> Reply:
        """Makes one call and records what came of it. ``resource`` is an id as Azure spells it."""
        operation = BY_ID[operation_id]
        answer = self.ask(operation, scope, self.url(operation, scope, resource, **names))
        return self.record(operation, scope, resource, 0, answer)

    def listing(
        self,
        operation_id: str,
        scope: str,
        resource: str = "",
        *,
        each: Callable[[Json], None] | None = None,
    ) -> Refusal | None:
        """Reads a paged list, giving every page to ``each`` as it comes. Returns why it is not whole, if so."""
        operation = BY_ID[operation_id]
        for page, answer in enumerate(self.pages(operation, scope, resource)):
            reply = self.record(operation, scope, resource, page, answer)
            if reply.outcome is not Outcome.OK:
                return reply.refusal if reply.outcome is Outcome.GAP else None
            if each is not None:
                each(reply.body)
        return None

    def pages(
        self, operation: AzureOperation, scope: str, resource: str = "", **names: str
    ) -> Iterator[Json | Refusal]:
        """The raw pages of a list; a Refusal, if any, is the last. Records nothing."""
        url, seen = self.url(operation, scope, resource, **names), set[str]()
        while True:
            answer = self.ask(operation, scope, url)
            yield answer
            if isinstance(answer, Refusal):
                return
            there = continues_at(answer, self._session.endpoint.url)
            if there == "":
                return
            if there is None or there in seen or len(seen) >= _PAGES:
                yield _ELSEWHERE if there is None else _ENDLESS
                return
            seen.add(there)
            url = there

    def graph(self, table: str, within: Mapping[str, Sequence[str]]) -> Iterator[Json | Refusal]:
        """The raw pages of a table's query; ``within`` is the ``subscriptions`` or ``managementGroups`` asked.

        A Refusal, if any, is the last. Records nothing.
        """
        operation = TABLES[table][0]
        url, token, seen = self.url(operation, ""), "", set[str]()
        while True:
            options: dict[str, Json] = {"$top": PAGE, "resultFormat": "objectArray"}
            if token:
                options["$skipToken"] = token
            asked = {**within, "query": query_of(table), "options": options}
            answer = self.ask(operation, "", url, asked)
            yield answer
            if isinstance(answer, Refusal):
                return
            token = answer.get("$skipToken") or ""
            if not token:
                if str(answer.get("resultTruncated")).lower() == "true":
                    yield _CUT
                return
            if not isinstance(token, str) or token in seen or len(seen) >= _PAGES:
                yield _ENDLESS
                return
            seen.add(token)

    def record(self, operation: AzureOperation, scope: str, resource: str, page: int, answer: Json | Refusal) -> Reply:
        """Records an answer of :meth:`ask`; several scopes may share one answer."""
        subject = resource.lower()
        declared = _on_slot(operation) if "/slots/" in subject else operation
        if not isinstance(answer, Refusal):
            body = self._recorder.answer(declared, scope, GLOBAL, subject, page, stored(operation, answer))
            return Reply(Outcome.OK, body)
        if page == 0 and _says_none(operation, answer):
            self._recorder.absent(declared, scope, GLOBAL, subject)
            return Reply(Outcome.ABSENT, refusal=answer)
        self._recorder.gap(declared, scope, GLOBAL, subject, page, answer.reason, answer.message)
        return Reply(Outcome.GAP, refusal=answer)

    def url(self, operation: AzureOperation, scope: str, resource: str = "", **names: str) -> str:
        """Where a declared call goes. ``names`` fill what else its path and parameters leave open."""
        filled = {"subscription": scope, "id": resource.rstrip("/"), **names}
        path = quote(operation.path.format(**filled), safe=_SAFE)
        parameters = {name: value.format(**filled) for name, value in operation.parameters.items()}
        query = urlencode({"api-version": operation.api_version, **parameters}, quote_via=quote)
        return f"{self._session.endpoint.url}{path}?{query}"

    def ask(self, operation: AzureOperation, scope: str, url: str, body: Json = None) -> Json | Refusal:
        """Makes one call, waiting its turn and trying again where that helps; records nothing."""
        self._progress.expect(1)
        url, body = self._recorder.restore((url, body))
        bucket = self._bucket(operation.bucket, scope)
        began, tries = time.monotonic(), 0
        while True:
            self._turn(operation, scope, bucket)
            answer, left = self._attempt(operation, url, body)
            if not isinstance(answer, Refusal):
                bucket.answered(left)
                break
            if answer.reason is GapReason.THROTTLED:
                self._slow_down(operation, scope, bucket, answer)
            elif answer.status:
                bucket.answered(left)
            else:
                bucket.release()
            tries += 1
            if self._final(operation, bucket, answer, tries, time.monotonic() - began):
                self._health.failed(answer)
                break
            self._back_off(answer, tries)
        self._progress.done(operation.id)
        return answer

    def _turn(self, operation: AzureOperation, scope: str, bucket: Bucket) -> None:
        """Waits for a start. Who was waiting when the cloud said "slow down" takes a new place behind the pause."""
        resting = self._resting.get((scope, operation.id), 0.0) - time.monotonic()
        if resting > 0:
            self._stop.wait(resting)
        self._stop.wait(bucket.reserve())
        while bucket.pause > 0 and not self._stop.is_set():
            bucket.release()
            self._stop.wait(bucket.reserve())

    def _attempt(self, operation: AzureOperation, url: str, body: Json) -> tuple[Json | Refusal, int | None]:
        """One try: the answer, and how many calls the cloud says are left on the quota."""
        hopeless = INTERRUPTED if self._stop.is_set() else self._health.verdict()
        if hopeless is not None:
            return hopeless, None
        try:
            response = self._errands.run(lambda: self._session.send(operation.method, url, body))
            status, headers, content = response.status_code, response.headers, response.content
        except LeftBehindError:
            return INTERRUPTED, None
        except Exception as error:  # noqa: BLE001 - whatever the SDK raises becomes a reason; nothing else runs here
            return classify_error(error), None
        self._health.answered()
        read = parse(content)
        left = _left(headers, QUOTAS[operation.bucket].headers) if self._paced else None
        if not 200 <= status < 300 or read is None:
            return classify_answer(status, headers, read, about_one=operation.per_subject), left
        answer = unwrapped(operation, read)
        why = breach(operation, answer)
        return answer if why is None else Refusal(GapReason.MALFORMED, why, status=status), left

    def _slow_down(self, operation: AzureOperation, scope: str, bucket: Bucket, refusal: Refusal) -> None:
        self._recorder.throttled(operation)
        if refusal.code.startswith("Resource") and refusal.retry_after:
            # a resource provider's own limit on this one action: the other calls go on
            bucket.held()
            self._resting[scope, operation.id] = time.monotonic() + refusal.retry_after
        else:
            bucket.throttled(refusal.retry_after)

    def _final(self, operation: AzureOperation, bucket: Bucket, refusal: Refusal, tries: int, waited: float) -> bool:
        if self._stop.is_set() or refusal.code in operation.absent_codes:
            return True
        if refusal.reason is GapReason.THROTTLED:
            worn_out = tries >= TRIES or waited > _LONGEST_WAIT
            if worn_out or bucket.given_up or (bucket.dry and tries >= _LEAST_TRIES):
                bucket.give_up()
                return True
            return False
        if refusal.reason is GapReason.SERVICE_ERROR and 0 < refusal.status < 500 and refusal.status != 408:
            return True
        return tries >= (_SLOW_TRIES if refusal.slow else _RETRIES.get(refusal.reason, 1))

    def _back_off(self, refusal: Refusal, tries: int) -> None:
        longest = min(8.0, 0.2 * 2 ** min(tries, 8))
        pause = random.uniform(0.05, longest)  # noqa: S311 - spreads retries, guards nothing
        self._stop.wait(max(pause, refusal.retry_after))

    def _bucket(self, name: str, scope: str) -> Bucket:
        quota = QUOTAS[name]
        key = (name, "" if quota.shared else scope)
        with self._lock:
            bucket = self._buckets.get(key)
            if bucket is None:
                burst, rate = (quota.burst, quota.rate) if self._paced else (_UNPACED, float(_UNPACED))
                bucket = self._buckets[key] = Bucket.for_quota(burst, rate)
            return bucket


@cache
def _on_slots() -> Mapping[str, Operation]:
    return {
        operation.id: replace(operation, permission=operation.slot_permission)
        for operation in BY_ID.values()
        if operation.slot_permission
    }


def _on_slot(operation: AzureOperation) -> Operation:
    """The operation with the permission a slot asks for."""
    return _on_slots().get(operation.id, operation)


def _says_none(operation: AzureOperation, refusal: Refusal) -> bool:
    """Whether the cloud says there is none; where its code is about any resource, it must be this very one."""
    if refusal.code not in operation.absent_codes:
        return False
    own = operation.path.rstrip("/").split("/")[-2]
    return refusal.code != "ResourceNotFound" or f"/{own}/" in refusal.message


def _left(headers: Mapping[str, str], names: Sequence[str]) -> int | None:
    return min((int(value) for name in names if (value := headers.get(name) or "").isdigit()), default=None)
