"""The adapter between declared calls and the Azure SDK: sends one call, turns pages and errors into envelopes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Final
from urllib.parse import quote, urlencode

from auditor.model.capture import Envelope, Json, Outcome
from auditor.model.ids import Cloud
from auditor.model.observed import GapReason
from providers.answers.answers import GLOBAL
from providers.azure.classify import classify_answer, classify_error
from providers.azure.endpoint import ENDPOINT
from providers.azure.operations import BY_ID, QUOTAS, TABLES, AzureOperation, query_of
from providers.azure.response_body import continues_at, stored, unwrapped
from providers.azure.session import Session
from providers.calls.caller import AnswerKey, Call, Sent
from providers.calls.gateway import UNPACED, CloudGateway
from providers.calls.health import Endpoint
from providers.calls.json_reader import read_json
from providers.calls.paging import pages
from providers.calls.rate_limit import Bucket
from providers.calls.reply import AnswerError, Refusal, Reply

PAGE: Final = 1000
"""Rows of a Resource Graph page, at most."""

_SHARE: Final = 0.96
"""How much of a published quota is used: its burst is large, and the order of arrival is never exact."""

_DIGITS: Final = 9
_SAFE: Final = "/-_.~()!$&'*+,;=:@"
_ELSEWHERE: Final = Refusal(GapReason.MALFORMED, "The list would go on at another host: it was not followed.")
_CUT: Final = Refusal(GapReason.MALFORMED, "Resource Graph cut the result short and does not say how it goes on.")


class Gateway(CloudGateway[Session, AzureOperation]):
    """All calls of one run."""

    cloud = Cloud.AZURE

    dead_after = 5

    def says_none(self, operation: AzureOperation, refusal: Refusal) -> bool:
        """Whether Azure says there is none; where its code is about any resource, it must be this very one."""
        if refusal.code not in operation.absent_codes:
            return False
        own = operation.path.rstrip("/").split("/")[-2]
        return refusal.code != "ResourceNotFound" or f"/{own}/" in refusal.message

    @property
    def address(self) -> tuple[str, str]:
        """Where Resource Manager is asked, and what configures that address ("": it is Azure's own)."""
        where = self.session.endpoint
        return where.url, ENDPOINT if where.own else ""

    def lane_wait(self, bucket: str, scope: str) -> float:
        """The seconds until a call on a quota could start; 0 where it would not be sent anyway."""
        return self._caller.wait_for(self._bucket(bucket, scope), self._endpoint(scope))

    def call(self, operation_id: str, scope: str, resource: str = "", *, anew: bool = False, **names: str) -> Reply:
        """Makes one call and records what came of it. ``resource`` is an id as Azure spells it.

        ``anew``: what an earlier run was told does not do, unless that run was cut off.
        """
        operation = BY_ID[operation_id]
        for kept in self._taken(operation, scope, resource, anew=anew):
            return Reply(kept.outcome, kept.body)
        answer = self.ask(operation, scope, self.url(operation, scope, resource, **names))
        return self.record(operation, scope, resource, 0, answer)

    def listing(
        self,
        operation_id: str,
        scope: str,
        resource: str = "",
        *,
        each: Callable[[Json], None] | None = None,
        anew: bool = False,
    ) -> Refusal | None:
        """Reads a paged list, giving every page to ``each`` as it comes. Returns why it is not whole, if so.

        ``anew``: what an earlier run was told does not do, unless that run was cut off.
        """
        operation = BY_ID[operation_id]
        kept = self._taken(operation, scope, resource, anew=anew)
        if kept:
            for envelope in kept:
                if each is not None and envelope.outcome is Outcome.OK:
                    each(envelope.body)
            return None
        answers = self.pages(operation, scope, resource)
        ended, _ = self.keep_all(
            answers, lambda page, answer: self.record(operation, scope, resource, page, answer), each
        )
        return ended.refusal if ended is not None and ended.outcome is Outcome.GAP else None

    def _taken(self, operation: AzureOperation, scope: str, resource: str, *, anew: bool) -> tuple[Envelope, ...]:
        """The whole answer of an earlier run about one resource.

        What is asked of a whole subscription is asked again: it tells what the caller may see by now.
        """
        where = AnswerKey(scope, GLOBAL, resource.lower())
        return self.carrying.taken(operation, where, anew=anew) if operation.per_subject else ()

    def pages(
        self, operation: AzureOperation, scope: str, resource: str = "", **names: str
    ) -> Iterator[Json | Refusal]:
        """The raw pages of a list; a Refusal, if any, is the last. Records nothing."""
        first = self.url(operation, scope, resource, **names)

        def following(answer: Json) -> str | Refusal:
            there = continues_at(answer, self.session.endpoint.url)
            return _ELSEWHERE if there is None else there

        return pages(lambda link: self.ask(operation, scope, link or first), following)

    def graph(self, table: str, within: Mapping[str, Sequence[str]]) -> Iterator[Json | Refusal]:
        """The raw pages of a table's query; ``within`` is the ``subscriptions`` or ``managementGroups`` asked.

        A Refusal, if any, is the last. Records nothing.
        """
        operation = TABLES[table][0]
        url = self.url(operation, "")

        def ask(token: str) -> Json | Refusal:
            options: dict[str, Json] = {"$top": PAGE, "resultFormat": "objectArray"}
            if token:
                options["$skipToken"] = token
            return self.ask(operation, "", url, {**within, "query": query_of(table), "options": options})

        def following(answer: Json) -> Json | Refusal:
            token = answer.get("$skipToken")
            return _CUT if not token and str(answer.get("resultTruncated")).lower() == "true" else token

        return pages(ask, following)

    def record(self, operation: AzureOperation, scope: str, resource: str, page: int, answer: Json | Refusal) -> Reply:
        """Records an answer of :meth:`ask`; several scopes may share one answer."""
        subject = resource.lower()
        declared = _on_slot(operation) if "/slots/" in subject else operation
        return self.keep(
            declared, AnswerKey(scope, GLOBAL, subject, page), answer, lambda body: stored(operation, body)
        )

    def url(self, operation: AzureOperation, scope: str, resource: str = "", **names: str) -> str:
        """Where a declared call goes. ``names`` fill what else its path and parameters leave open."""
        filled = {"subscription": scope, "id": resource.rstrip("/"), **names}
        path = quote(operation.path.format(**filled), safe=_SAFE)
        parameters = {name: value.format(**filled) for name, value in operation.parameters.items()}
        query = urlencode({"api-version": operation.api_version, **parameters}, quote_via=quote)
        return f"{self.session.endpoint.url}{path}?{query}"

    def ask(self, operation: AzureOperation, scope: str, url: str, body: Json = None) -> Json | Refusal:
        """Makes one call, waiting its turn and trying again where that helps; records nothing."""
        url, body = self._recorder.restore((url, body))
        return self._caller.ask(
            Call(
                operation,
                self._endpoint(scope),
                self._bucket(operation.bucket, scope),
                send=lambda: self._send(operation, url, body),
                refusal_of=classify_error,
                says_none=lambda refusal: self.says_none(operation, refusal),
            )
        )

    def _send(self, operation: AzureOperation, url: str, body: Json) -> Sent:
        response = self.session.send(operation.method, url, body)
        status, headers, content = response.status_code, response.headers, response.content
        left = _left(headers, QUOTAS[operation.bucket].headers) if self._paced else None
        if not 200 <= status < 300:
            return Sent(classify_answer(status, headers, _error(content), about_one=operation.per_subject), left)
        return Sent(unwrapped(operation, read_json(content)), left)

    def _endpoint(self, scope: str) -> Endpoint:
        return Endpoint(self.session.endpoint.url, self.session.endpoint.url, scope)

    def _bucket(self, name: str, scope: str) -> Bucket:
        quota = QUOTAS[name]
        burst, rate = (quota.burst, quota.rate) if self._paced else (UNPACED, UNPACED)
        return self._caller.bucket((name, "" if quota.shared else scope), rate * _SHARE, int(burst * _SHARE))


@cache
def _on_slots() -> Mapping[str, AzureOperation]:
    return {
        operation.id: replace(operation, permission=operation.slot_permission)
        for operation in BY_ID.values()
        if operation.slot_permission
    }


def _on_slot(operation: AzureOperation) -> AzureOperation:
    """The operation with the permission a slot asks for."""
    return _on_slots().get(operation.id, operation)


def _error(content: bytes) -> Json:
    """The JSON of an error's body; None where it is none: then the status says enough."""
    try:
        return read_json(content)
    except AnswerError:
        return None


def _left(headers: Mapping[str, str], names: Sequence[str]) -> int | None:
    """How many calls are left on a quota, by the first of an answer's headers that says so."""
    values = (headers.get(name) or "" for name in names)
    return min((int(value) for value in values if value.isdecimal() and len(value) <= _DIGITS), default=None)
