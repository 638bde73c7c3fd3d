"""Makes the calls of a run: waits for a turn, tries again where that helps, and records what came of each.

One state machine for all clouds. What differs is passed in as a :class:`Call`: how one request is sent, how a failure
is named, and when a refusal means "there is none".
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import BoundedSemaphore, Event, Lock
from typing import Final

from auditor.interruptible_calls import AbandonedCallError, CallTimeoutError, InterruptibleCalls
from auditor.model.capture import Json, Outcome
from auditor.model.observed import GapReason
from auditor.provider import Operation, Progress, Recorder
from providers.answers.promise import breach
from providers.calls import limits, retry
from providers.calls.attempt import attempting, took_too_long
from providers.calls.clock import Clock, SystemClock
from providers.calls.health import Endpoint, Health
from providers.calls.rate_limit import Bucket
from providers.calls.reply import INTERRUPTED, Refusal, Reply

_OK: Final = 200
_UNLIMITED: Final = 1000.0
"""Calls a second where no rate is known, only that the cloud may ask for a pause."""

_LOOK: Final = 0.25
"""Seconds after which whoever waits looks whether the call is still worth sending."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What one try brought. ``left`` is how many more calls the cloud says it will take (None: it does not say)."""

    answer: Json | Refusal
    left: int | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One declared call, ready to be made.

    ``send`` makes one try, in a thread that may be left behind, and may raise anything; ``refusal_of`` names what it
    raised. ``says_none`` tells of a refusal whether it is the cloud's word that there is none.
    """

    operation: Operation
    endpoint: Endpoint
    bucket: Bucket
    send: Callable[[], Sent]
    refusal_of: Callable[[Exception], Refusal]
    says_none: Callable[[Refusal], bool]


@dataclass(frozen=True, slots=True)
class AnswerKey:
    """Where an answer belongs in the capture."""

    scope: str
    location: str
    subject: str = ""
    page: int = 0


class Caller:
    """All calls of one run. Thread-safe.

    ``width`` is how many may be under way at once.
    """

    def __init__(
        self,
        recorder: Recorder,
        progress: Progress,
        stop: Event,
        *,
        width: int,
        health: Health | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.clock = clock or SystemClock()
        self._recorder = recorder
        self._progress = progress
        self._stop = stop
        self._health = health or Health()
        self._slots = BoundedSemaphore(max(width, 1))
        self._errands = InterruptibleCalls(stop)
        self._lock = Lock()
        self._buckets: dict[object, Bucket] = {}
        self._own_limits: dict[tuple[str, str], Bucket] = {}

    @property
    def stopped(self) -> bool:
        """Whether the run is to end."""
        return self._stop.is_set()

    def bucket(self, key: object, rate: float, burst: int) -> Bucket:
        """The bucket of a quota; a new one, of that rate and burst, where there is none yet."""
        with self._lock:
            found = self._buckets.get(key)
            if found is None:
                found = self._buckets[key] = Bucket(rate, burst, self.clock.now)
            return found

    def wait_for(self, bucket: Bucket, endpoint: Endpoint) -> float:
        """The seconds until a call could start; 0 where it would not be sent anyway."""
        return 0.0 if self._hopeless(endpoint) else bucket.wait()

    def waiting(self, jobs: int) -> None:
        """So many more jobs wait to ask; fewer where the number is below 0."""
        self._progress.waiting(jobs)

    def ask(self, call: Call) -> Json | Refusal:
        """Makes a call; records nothing."""
        self._progress.expect(1)
        answer = self._asked(call)
        self._progress.done(call.operation.id)
        return answer

    def record(
        self,
        operation: Operation,
        key: AnswerKey,
        answer: Json | Refusal,
        *,
        none: bool,
        shaped: Callable[[Json], Json] = lambda body: body,
    ) -> Reply:
        """Records an answer of :meth:`ask`; several places may share one answer.

        ``shaped`` is what is recorded of it. ``none``: a refusal is the cloud's word that there is none.
        """
        where = (key.scope, key.location, key.subject)
        if not isinstance(answer, Refusal):
            try:
                body = self._recorder.answer(operation, *where, key.page, shaped(answer))
                return Reply(Outcome.OK, body)
            except Exception as error:  # noqa: BLE001 - one odd answer must not end a run; it becomes a gap
                sentence = f"The answer could not be recorded ({type(error).__name__})."
                answer = Refusal(GapReason.MALFORMED, sentence)
        elif none and key.page == 0:
            self._recorder.absent(operation, *where)
            return Reply(Outcome.ABSENT, refusal=answer)
        self._recorder.gap(operation, *where, key.page, answer.reason, answer.message)
        return Reply(Outcome.GAP, refusal=answer)

    def _asked(self, call: Call) -> Json | Refusal:
        began, tries = self.clock.now(), 0
        while True:
            unsent = self._turn(call)
            if unsent is not None:
                return unsent
            answer = self._attempt(call)
            if not isinstance(answer, Refusal):
                return answer
            tries += 1
            bucket = self._throttling(call, answer)
            if self.stopped or call.says_none(answer) or retry.is_final(answer, tries, bucket):
                if answer.reason is GapReason.THROTTLED:
                    bucket.give_up(began)
                self._health.failed(call.endpoint, answer)
                return answer
            self._wait(call.endpoint, retry.pause_before(tries, answer))

    def _turn(self, call: Call) -> Refusal | None:
        """Waits for a start. Returns why the call is not sent, where it is not."""
        hopeless = self._hopeless(call.endpoint)
        own = self._own_limits.get(_limit(call))
        if own is not None and hopeless is None:
            hopeless = self._start(call, own)
            own.release()
        return hopeless or self._start(call, call.bucket)

    def _start(self, call: Call, bucket: Bucket) -> Refusal | None:
        """Reserves a start and waits for it; where it is not worth waiting, returns why and reserves nothing."""
        turn = bucket.reserve()
        while (delay := bucket.delay(turn)) > 0:
            hopeless = self._wait(call.endpoint, delay)
            if hopeless is not None:
                bucket.release()
                return hopeless
        return None

    def _wait(self, endpoint: Endpoint, seconds: float) -> Refusal | None:
        """Waits, but no longer than the call is worth sending. Returns why it is not."""
        ends = self.clock.now() + seconds
        while True:
            hopeless = self._hopeless(endpoint)
            left = ends - self.clock.now()
            if hopeless is not None or left <= 0:
                return hopeless
            self.clock.wait(self._stop, min(left, _LOOK))

    def _hopeless(self, endpoint: Endpoint) -> Refusal | None:
        return INTERRUPTED if self.stopped else self._health.verdict(endpoint)

    def _attempt(self, call: Call) -> Json | Refusal:
        with self._slots:
            hopeless = self._hopeless(call.endpoint)  # it may have become so while a slot was waited for
            if hopeless is not None:
                call.bucket.release()
                return hopeless
            sent = self._send(call)
        answer = sent.answer
        if not isinstance(answer, Refusal) or answer.status:
            self._health.answered(call.endpoint)
        self._learn(call, sent)
        return answer

    def _send(self, call: Call) -> Sent:
        seconds = limits.DEADLINE_SECONDS

        def send() -> Sent:
            with attempting(seconds):
                return call.send()

        try:
            return _whole(call.operation, self._errands.run(send, seconds))
        except AbandonedCallError:
            return Sent(INTERRUPTED)
        except CallTimeoutError:
            return Sent(Refusal(GapReason.UNREACHABLE, took_too_long(seconds), slow=True))
        except Exception as error:  # noqa: BLE001 - whatever is raised becomes a reason; nothing else runs here
            return Sent(call.refusal_of(error))

    def _learn(self, call: Call, sent: Sent) -> None:
        """Tells the quota how a reserved call ended."""
        answer = sent.answer
        if isinstance(answer, Refusal) and answer.reason is GapReason.THROTTLED:
            self._recorder.throttled(call.operation)
            self._throttling(call, answer).throttled(answer.retry_after)
            if answer.own_limit:
                call.bucket.release()
        elif isinstance(answer, Refusal) and not answer.status:
            call.bucket.release()
        else:
            call.bucket.answered(sent.left)
            if own := self._own_limits.get(_limit(call)):
                own.answered()

    def _throttling(self, call: Call, refusal: Refusal) -> Bucket:
        """The quota a refusal speaks of: the shared one, or a limit of this one operation."""
        if not refusal.own_limit:
            return call.bucket
        with self._lock:
            return self._own_limits.setdefault(_limit(call), Bucket(_UNLIMITED, int(_UNLIMITED), self.clock.now))


def _whole(operation: Operation, sent: Sent) -> Sent:
    """What was sent, where it holds what the operation promises: a status of 200 alone says nothing."""
    why = None if isinstance(sent.answer, Refusal) else breach(operation, sent.answer)
    return sent if why is None else Sent(Refusal(GapReason.MALFORMED, why, status=_OK), sent.left)


def _limit(call: Call) -> tuple[str, str]:
    return call.endpoint.scope, call.operation.id
