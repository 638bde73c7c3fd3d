"""The adapter between declared calls and Google's SDK: sends one call, turns answers into envelopes."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]

from auditor.model.capture import Envelope, Json, Outcome
from auditor.model.ids import Cloud
from auditor.model.observed import GapReason
from providers.answers.answers import GLOBAL
from providers.calls.caller import AnswerKey, Call, Sent
from providers.calls.gateway import UNPACED, CloudGateway
from providers.calls.health import Endpoint
from providers.calls.json_reader import read_json
from providers.calls.paging import pages
from providers.calls.rate_limit import SHARE, Bucket
from providers.calls.reply import Refusal, Reply
from providers.gcp.classify import classify, refused
from providers.gcp.operations import BY_ID, GcpOperation, quota
from providers.gcp.response_preparation import overlaid, prepared
from providers.gcp.session import READ_SECONDS, Session

GOES_ON: Final = "continues"
"""Stands for the token of a list's next page: a list that was cut off is told from one that ended."""
_NAME: Final = re.compile(r"[^\x00-\x20?#\\]+")
_LOCATION: Final = re.compile(r"(?:^|/)(?:locations|regions|zones)/([\w-]+)$|^([\w-]+)$")


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


class Gateway(CloudGateway[Session, GcpOperation]):
    """All calls of a run."""

    cloud = Cloud.GCP

    def says_none(self, operation: GcpOperation, refusal: Refusal) -> bool:
        """Whether Google says there is none, by the status."""
        return str(refusal.status) in operation.absent_codes

    def address(self, operation_id: str) -> tuple[str, str]:
        """Where an operation is asked, and what configures that address ("": it is Google's own)."""
        return self.session.base(BY_ID[operation_id].host), self.session.setting

    def taken(self, operation_id: str, target: Target) -> tuple[Envelope, ...]:
        """The whole answer about one resource of a run that was cut off, recorded as this one's.

        Of a run that ended nothing is taken: configuration comes in bulk, and it is documented nowhere that a change of
        an allow policy moves the updateTime or etag of the resource that it is of. What is asked of a whole project is
        asked again, and so is what may have left places out.
        """
        where = AnswerKey(target.scope, target.location, target.subject)
        operation = BY_ID[operation_id]
        return self.carrying.taken(operation, where) if operation.per_subject and not operation.unreachable else ()

    def call(self, operation_id: str, target: Target, request: Request) -> Reply:
        """Makes one call and records what came of it."""
        for kept in self.taken(operation_id, target):
            return Reply(kept.outcome, kept.body)
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
        carried = self.taken(operation_id, target)
        if carried:
            for envelope in carried:
                if each is not None and envelope.outcome is Outcome.OK:
                    each(envelope.body)
            return True
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
        asks_for, answers_with = BY_ID[operation_id].token

        def ask(token: str) -> Json | Refusal:
            parameters = {**request.parameters, asks_for: token} if token else request.parameters
            return self.ask(operation_id, target, Request(request.names, parameters, request.body))

        kept = True
        for page, answer in enumerate(pages(ask, lambda body: _continues(body, answers_with))):
            kept = keep(page, answer) and not isinstance(answer, Refusal)
            if not kept:
                break
        return kept

    def record(self, operation_id: str, target: Target, page: int, answer: Json | Refusal) -> Reply:
        """Records an answer of :meth:`ask`; several projects may share one answer."""
        key = AnswerKey(target.scope, target.location, target.subject, page)
        return self.keep(BY_ID[operation_id], key, answer, prepared)

    def _missed(self, operation_id: str, target: Target, answer: Json, missed: set[str]) -> None:
        """Records a gap for every place that a page says it could not ask."""
        operation = BY_ID[operation_id]
        names = answer.get(operation.unreachable) if operation.unreachable else None
        for name in names if isinstance(names, list) else ():
            found = _LOCATION.search(str(name))
            key = (found.group(1) or found.group(2)) if found else GLOBAL
            if key in missed:
                continue
            missed.add(key)
            subject = "" if key != GLOBAL else str(name)
            said = f"Google Cloud could not reach {name}: what is there is missing from the list."
            self._recorder.gap(operation, target.scope, key, subject, 0, GapReason.UNREACHABLE, said)

    def ask(self, operation_id: str, target: Target, request: Request) -> Json | Refusal:
        """Makes one call, waiting its turn and trying again where that helps; records nothing."""
        operation = BY_ID[operation_id]
        request = Request(*self._recorder.restore((request.names, request.parameters, request.body)))
        return self._caller.ask(
            Call(
                operation,
                Endpoint(operation.host, scope=target.scope),
                self._bucket(operation.bucket),
                send=lambda: self._send(operation, target, request),
                refusal_of=lambda error: classify(error, about_one=operation.per_subject, own=target.own),
                says_none=lambda refusal: self.says_none(operation, refusal),
            )
        )

    def _send(self, operation: GcpOperation, target: Target, request: Request) -> Sent:
        return Sent(self._by_sdk(operation, request) if operation.sdk else self._by_rest(operation, target, request))

    def _by_rest(self, operation: GcpOperation, target: Target, request: Request) -> Json | Refusal:
        url = f"{self.session.base(operation.host)}/{address(operation, request.names)}"
        parameters = {**operation.parameters, **request.parameters}
        body = (request.body or {}) if operation.method == "POST" else None
        response = self.session.send(operation.method, url, parameters, body)
        if response.status_code != 200:
            return refused(response, about_one=operation.per_subject, own=target.own)
        return read_json(response.content)

    def _by_sdk(self, operation: GcpOperation, request: Request) -> Json:
        """Calls the functions client. What it cannot parse or does not know is taken from the answer as it came."""
        given: dict[str, Any] = {"parent": address(operation, request.names).removeprefix("v2/").rpartition("/")[0]}
        parameters = {**operation.parameters, **request.parameters}
        if "pageSize" in parameters:
            given["page_size"] = int(str(parameters["pageSize"]))
        if "pageToken" in parameters:
            given["page_token"] = parameters["pageToken"]
        method = getattr(self.session.functions(), operation.sdk)
        try:
            page = method(request=given, retry=None, timeout=READ_SECONDS)
        except Exception:
            received = self.session.sent_back()
            if received is None or received.status_code != 200:
                raise
            return read_json(received.content)
        raw = _json(self.session.sent_back())
        if not isinstance(raw, dict):  # of which the SDK makes an empty answer
            return raw
        message = next(iter(page.pages)) if hasattr(page, "pages") else page
        parsed = MessageToDict(type(message).pb(message), always_print_fields_with_no_presence=False)
        return overlaid(parsed, raw)

    def _bucket(self, name: str) -> Bucket:
        known = quota(name)
        rate, burst = (known.rate * SHARE, known.burst) if self._paced else (UNPACED, UNPACED)
        return self._caller.bucket(name, rate, burst)


def _continues(body: Json, member: str) -> Json:
    """Where a page says that its list goes on; what stays in the page is only that it does."""
    token = body.pop(member, None)
    if token:
        body[member] = GOES_ON
    return token


def address(operation: GcpOperation, names: Mapping[str, str]) -> str:
    """The path of a call. Raises ValueError for a name that would lead elsewhere."""
    for name in names.values():
        if not _NAME.fullmatch(name) or {"", ".", ".."} & set(name.split("/")):
            raise ValueError(f"{name!r} is not the name of a resource.")
    return operation.path.format_map({key: quote(name, safe="/@:") for key, name in names.items()})


def _json(response: Any) -> Json:
    return None if response is None else read_json(response.content)
