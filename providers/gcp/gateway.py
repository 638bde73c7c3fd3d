"""The only place that calls Google Cloud: paces, retries, turns answers into envelopes. Declared calls only."""

import json
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import BoundedSemaphore, Event, Lock
from typing import Any, Final
from urllib.parse import quote

from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]

from auditor.errands import Errands, LeftBehindError
from auditor.model.capture import Json, Outcome
from auditor.model.observed import GapReason
from auditor.provider import Progress, Recorder
from providers.answers.promise import breach
from providers.gcp.classify import Refusal, classify, refused
from providers.gcp.health import Health
from providers.gcp.operations import BY_ID, GcpOperation, quota
from providers.gcp.pacing import SHARE, Bucket
from providers.gcp.recording import overlaid, prepared
from providers.gcp.session import READ_SECONDS, Session

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
_NAME: Final = re.compile(r"[^\x00-\x20?#\\]+")
_LOCATION: Final = re.compile(r"(?:^|/)(?:locations|regions|zones)/([\w-]+)$|^([\w-]+)$")
INTERRUPTED: Final = Refusal(GapReason.INTERRUPTED, "The run was stopped before this was asked.")


@dataclass(frozen=True, slots=True)
class Target:
    """Where an answer belongs: the project, the location, and what was asked about. ``own`` names the project."""

    scope: str
    location: str = GLOBAL
    subject: str = ""
    own: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Request:
    """What fills a declared call: the names in its path, further parameters, and the body of a POST."""

    names: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a call came to; ``body`` is redacted, and None unless the outcome is OK."""

    outcome: Outcome
    body: Json = None
    refusal: Refusal | None = None


class Gateway:
    """All calls of a run. Thread-safe; calls wait here for their turn.

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
        self._session = session
        self._recorder = recorder
        self._progress = progress
        self._stop = stop
        self._paced = paced
        self._slots = BoundedSemaphore(max_workers)
        self._errands = Errands(stop)
        self._lock = Lock()
        self._buckets: dict[str, Bucket] = {}
        self._health = Health()

    @property
    def stopped(self) -> bool:
        """Whether the run is to end."""
        return self._stop.is_set()

    def call(self, operation_id: str, target: Target, request: Request) -> Reply:
        """Makes one call and records what came of it."""
        return self.record(operation_id, target, 0, self.ask(operation_id, target, request))

    def listing(
        self,
        operation_id: str,
        target: Target,
        request: Request,
        *,
        each: Callable[[Json], None] | None = None,
    ) -> bool:
        """Reads a paged list, giving every page to ``each`` as it comes; says whether the list is complete."""
        missed: set[str] = set()

        def keep(page: int, answer: Json | Refusal) -> bool:
            if not isinstance(answer, Refusal):
                self._missed(operation_id, target, answer, missed)
            reply = self.record(operation_id, target, page, answer)
            if reply.outcome is Outcome.OK and each is not None:
                each(reply.body)
            return reply.outcome is not Outcome.GAP

        return self.pages(operation_id, target, request, keep) and not missed

    def pages(
        self,
        operation_id: str,
        target: Target,
        request: Request,
        keep: Callable[[int, Json | Refusal], bool],
    ) -> bool:
        """Reads a paged list and records nothing: ``keep`` is given each page, or the refusal that ends the list.

        Returns what ``keep`` last returned: whether all went well.
        """
        operation = BY_ID[operation_id]
        ask, answer_token = operation.token
        seen: set[str] = set()
        page = 0
        while True:
            answer = self.ask(operation_id, target, request)
            token = answer.pop(answer_token, None) if isinstance(answer, dict) else None
            if not keep(page, answer) or isinstance(answer, Refusal):
                return not isinstance(answer, Refusal)
            page += 1
            if not token:
                return True
            if not isinstance(token, str) or token in seen or len(seen) >= _PAGES:
                return keep(page, Refusal(GapReason.MALFORMED, "The list does not end: its continuation repeats."))
            seen.add(token)
            request = Request(request.names, {**request.parameters, ask: token}, request.body)

    def record(self, operation_id: str, target: Target, page: int, answer: Json | Refusal) -> Reply:
        """Records an answer of :meth:`ask`; several projects may share one answer."""
        operation = BY_ID[operation_id]
        where = (target.scope, target.location, target.subject)
        if not isinstance(answer, Refusal):
            return Reply(Outcome.OK, self._recorder.answer(operation, *where, page, prepared(answer)))
        if page == 0 and _says_none(operation, answer):
            self._recorder.absent(operation, *where)
            return Reply(Outcome.ABSENT, refusal=answer)
        self._recorder.gap(operation, *where, page, answer.reason, answer.message)
        return Reply(Outcome.GAP, refusal=answer)

    def _missed(self, operation_id: str, target: Target, answer: Json, missed: set[str]) -> None:
        """Records a gap for every place that a page says it could not ask."""
        operation = BY_ID[operation_id]
        names = answer.get(operation.unreachable) if operation.unreachable else None
        for name in names if isinstance(names, list) else ():
            found = _LOCATION.search(str(name))
            place = (found.group(1) or found.group(2)) if found else GLOBAL
            if place in missed:
                continue
            missed.add(place)
            subject = "" if place != GLOBAL else str(name)
            said = f"Google Cloud could not reach {name}: what is there is missing from the list."
            self._recorder.gap(operation, target.scope, place, subject, 0, GapReason.UNREACHABLE, said)

    def ask(self, operation_id: str, target: Target, request: Request) -> Json | Refusal:
        """Makes one call, waiting its turn and trying again where that helps; records nothing."""
        operation = BY_ID[operation_id]
        self._progress.expect(1)
        request = Request(*self._recorder.restore((request.names, request.parameters, request.body)))
        bucket = self._bucket(operation.bucket)
        tries = 0
        while True:
            hopeless = self._hopeless(operation, target)
            if hopeless is None:
                self._stop.wait(bucket.delay())
                hopeless = self._hopeless(operation, target)
            answer = hopeless or self._attempt(operation, target, request)
            if hopeless is None:
                self._learn(operation, bucket, answer)
            tries += 1
            if not isinstance(answer, Refusal) or hopeless or self._final(operation, bucket, answer, tries):
                break
            self._back_off(answer, tries)
        if isinstance(answer, Refusal):
            self._health.failed(target.scope, operation.host, answer)
        self._progress.done(operation.id)
        return answer

    def _hopeless(self, operation: GcpOperation, target: Target) -> Refusal | None:
        return INTERRUPTED if self._stop.is_set() else self._health.verdict(target.scope, operation.host)

    def _learn(self, operation: GcpOperation, bucket: Bucket, answer: Json | Refusal) -> None:
        if isinstance(answer, Refusal) and answer.reason is GapReason.THROTTLED:
            self._recorder.throttled(operation)
            bucket.throttled(answer.retry_after)
        elif not isinstance(answer, Refusal) or answer.status:
            bucket.answered()
        if not isinstance(answer, Refusal) or answer.status:
            self._health.answered(operation.host)

    def _attempt(self, operation: GcpOperation, target: Target, request: Request) -> Json | Refusal:
        try:
            with self._slots:
                answer = self._errands.run(lambda: self._sent(operation, target, request))
        except LeftBehindError:
            return INTERRUPTED
        except Exception as error:  # noqa: BLE001 - whatever the SDK raises becomes a reason; nothing else runs here
            return classify(error, about_one=operation.per_subject, own=target.own)
        if isinstance(answer, Refusal):
            return answer
        why = breach(operation, answer)
        return answer if why is None else Refusal(GapReason.MALFORMED, why, status=200)

    def _sent(self, operation: GcpOperation, target: Target, request: Request) -> Json | Refusal:
        return self._by_sdk(operation, request) if operation.sdk else self._by_rest(operation, target, request)

    def _by_rest(self, operation: GcpOperation, target: Target, request: Request) -> Json | Refusal:
        url = f"{self._session.base(operation.host)}/{address(operation, request.names)}"
        parameters = {**operation.parameters, **request.parameters}
        body = (request.body or {}) if operation.method == "POST" else None
        response = self._session.send(operation.method, url, parameters, body)
        if response.status_code != 200:
            return refused(response, about_one=operation.per_subject, own=target.own)
        return json.loads(response.content)

    def _by_sdk(self, operation: GcpOperation, request: Request) -> Json:
        """Calls the functions client. What it cannot parse or does not know is taken from the answer as it came."""
        given: dict[str, Any] = {"parent": address(operation, request.names).removeprefix("v2/").rpartition("/")[0]}
        parameters = {**operation.parameters, **request.parameters}
        if "pageSize" in parameters:
            given["page_size"] = int(str(parameters["pageSize"]))
        if "pageToken" in parameters:
            given["page_token"] = parameters["pageToken"]
        method = getattr(self._session.functions(), operation.sdk)
        try:
            page = method(request=given, retry=None, timeout=READ_SECONDS)
        except Exception as error:
            if type(error).__name__ != "ParseError":
                raise
            return _json(self._session.sent_back())
        raw = _json(self._session.sent_back())
        if not isinstance(raw, dict):  # of which the SDK makes an empty answer
            return raw
        message = next(iter(page.pages)) if hasattr(page, "pages") else page
        parsed = MessageToDict(type(message).pb(message), always_print_fields_with_no_presence=False)
        return overlaid(parsed, raw)

    def _final(self, operation: GcpOperation, bucket: Bucket, refusal: Refusal, tries: int) -> bool:
        if self._stop.is_set() or refusal.off or _says_none(operation, refusal):
            return True
        if refusal.reason is GapReason.THROTTLED:
            if tries >= TRIES or bucket.given_up or (bucket.dry and tries >= _LEAST_TRIES):
                bucket.give_up()
                return True
            return False
        if refusal.reason is GapReason.SERVICE_ERROR and 0 < refusal.status < 500:
            return True
        return tries >= (_SLOW_TRIES if refusal.slow else _RETRIES.get(refusal.reason, 1))

    def _back_off(self, refusal: Refusal, tries: int) -> None:
        longest = min(8.0, 0.2 * 2 ** min(tries, 8))
        pause = random.uniform(0.05, longest)  # noqa: S311 - spreads retries, guards nothing
        self._stop.wait(max(pause, refusal.retry_after))

    def _bucket(self, name: str) -> Bucket:
        with self._lock:
            bucket = self._buckets.get(name)
            if bucket is None:
                known = quota(name)
                bucket = Bucket(known.rate * SHARE, known.burst) if self._paced else Bucket(_UNPACED, int(_UNPACED))
                self._buckets[name] = bucket
            return bucket


def address(operation: GcpOperation, names: Mapping[str, str]) -> str:
    """The path of a call. Raises ValueError for a name that would lead elsewhere."""
    for name in names.values():
        if not _NAME.fullmatch(name) or {"", ".", ".."} & set(name.split("/")):
            raise ValueError(f"{name!r} is not the name of a resource.")
    return operation.path.format_map({key: quote(name, safe="/@:") for key, name in names.items()})


def _says_none(operation: GcpOperation, refusal: Refusal) -> bool:
    return str(refusal.status) in operation.absent_codes


def _json(response: Any) -> Json:
    return None if response is None else json.loads(response.content)
