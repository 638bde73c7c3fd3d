"""The adapter between declared calls and the AWS SDK: sends one call, turns pages and errors into envelopes."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from botocore import xform_name

from auditor.model.capture import Json, Outcome
from auditor.model.ids import Cloud
from providers.answers.answers import GLOBAL
from providers.answers.promise import breach
from providers.aws.classify import classify
from providers.aws.operations import BY_ID, AwsOperation, quota
from providers.aws.parsers import checked
from providers.aws.session import Session
from providers.calls.caller import AnswerKey, Call, Sent
from providers.calls.gateway import UNPACED, CloudGateway
from providers.calls.health import Endpoint
from providers.calls.paging import pages
from providers.calls.rate_limit import SHARE, Bucket
from providers.calls.reply import Refusal, Reply

_BURST: Final = 0.7
"""How much of one second's worth may start at once. The cloud's bucket is assumed to hold one second's worth;
what is left absorbs calls that were spaced here and arrive together."""

_NO_FUNCTION: Final = ("Function not found", "Cannot find alias", "Cannot find version")


class Gateway(CloudGateway[Session, AwsOperation]):
    """All calls of one account. ``scope`` is the account, ``home`` the region that answers for the whole of it."""

    cloud = Cloud.AWS

    scope = ""
    home = ""

    def says_none(self, operation: AwsOperation, refusal: Refusal) -> bool:
        """Whether AWS says there is none; where the function itself is gone, it does not."""
        if refusal.code not in operation.absent_codes:
            return False
        return not any(text in refusal.message for text in _NO_FUNCTION)

    def call(
        self,
        operation_id: str,
        region: str,
        subject: str = "",
        *,
        anew: bool = False,
        shaped: Callable[[Json], Json] = lambda body: body,
        **parameters: Any,
    ) -> Reply:
        """Makes one call and records what came of it. ``region`` may be ``global``.

        ``anew``: what an earlier run was told does not do, unless that run was cut off. ``shaped``: what is recorded.
        """
        operation = BY_ID[operation_id]
        for kept in self.carrying.taken(operation, AnswerKey(self.scope, region, subject), anew=anew):
            return Reply(kept.outcome, kept.body)
        answer = self.ask(operation, region, **parameters)
        return self.keep(operation, AnswerKey(self.scope, region, subject), answer, shaped)

    def listing(
        self,
        operation_id: str,
        region: str,
        subject: str = "",
        *,
        each: Callable[[Json], None] | None = None,
        first: int | None = None,
        aged: bool = False,
        **parameters: Any,
    ) -> tuple[bool, int]:
        """Reads a paged list, giving every page to ``each`` as it comes. ``first`` numbers the pages of a batch.

        ``aged``: what an earlier run was told stands until it is too old, though its subject has another revision.

        Returns whether the list is complete, and the number of the next page (for a list asked in batches).
        """
        operation = BY_ID[operation_id]
        where = AnswerKey(self.scope, region, subject)
        kept = self.carrying.taken(operation, where, aged=aged) if first is None else ()
        if kept:
            for envelope in kept:
                if each is not None and envelope.outcome is Outcome.OK:
                    each(envelope.body)
            return True, len(kept)
        asks_for, answers_with = operation.token

        def ask(token: str) -> Json | Refusal:
            return self.ask(operation, region, **parameters, **({asks_for: token} if token else {}))

        answers = pages(ask, lambda body: body.get(answers_with))
        ended, page = self.keep_all(
            answers, lambda page, answer: self.record(operation, region, subject, page, answer), each, first or 0
        )
        return ended is None or ended.outcome is Outcome.ABSENT, page

    def told_before(
        self, operation_id: str, region: str, subject: str, body: Json, asked_at: str, revision: str
    ) -> Reply | None:
        """Records what another source was told of a resource; None where that is not a whole answer."""
        operation = BY_ID[operation_id]
        if breach(operation, body) is not None:
            return None
        try:
            kept = self._recorder.answered_before(operation, self.scope, region, subject, body, asked_at, revision)
        except Exception:  # noqa: BLE001 - one odd answer must not end a run; it is asked for instead
            return None
        return Reply(Outcome.OK, kept)

    def record(self, operation: AwsOperation, region: str, subject: str, page: int, answer: Json | Refusal) -> Reply:
        """Records an answer of :meth:`ask`; several subjects may share one answer."""
        return self.keep(operation, AnswerKey(self.scope, region, subject, page), answer)

    def ask(self, operation: AwsOperation, region: str, **parameters: Any) -> Json | Refusal:
        """Makes one call, waiting its turn and trying again where that helps; records nothing."""
        where = self.home if region == GLOBAL else region
        parameters = self._recorder.restore(parameters)
        return self._caller.ask(
            Call(
                operation,
                Endpoint(f"{operation.client}.{where}", where),
                self._bucket(operation.bucket, where),
                send=lambda: self._send(operation, where, parameters),
                refusal_of=lambda error: classify(error, about_one=operation.per_subject),
                says_none=lambda refusal: self.says_none(operation, refusal),
            )
        )

    def _send(self, operation: AwsOperation, region: str, parameters: Mapping[str, Any]) -> Sent:
        client = self.session.client(operation.client, region)
        raw: Mapping[str, Any] = getattr(client, xform_name(operation.method))(**parameters)
        return Sent({key: _plain(value) for key, value in raw.items() if key != "ResponseMetadata"})

    def _bucket(self, name: str, region: str) -> Bucket:
        rate = quota(name).rate if self._paced else UNPACED
        return self._caller.bucket((name, region), rate * SHARE, int(rate * _BURST))


def _plain(value: Any) -> Json:
    """JSON of a parsed answer: times as RFC 3339 UTC, bytes left out. Raises AnswerError for numbers out of range."""
    if isinstance(value, str) or value is None:
        return value
    if isinstance(value, int | float):
        return checked(value)
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items() if not isinstance(item, bytes)}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value if not isinstance(item, bytes)]
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return None
