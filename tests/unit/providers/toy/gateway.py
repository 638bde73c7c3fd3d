"""The adapter between declared calls and requests: sends one call, names what it came to."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from auditor.model.capture import Json
from providers.answers.answers import GLOBAL
from providers.calls.caller import AnswerKey, Call, Sent
from providers.calls.failure import reason_of_status, refusal_of, retry_after
from providers.calls.gateway import UNPACED, CloudGateway
from providers.calls.health import Endpoint
from providers.calls.json_reader import read_json
from providers.calls.paging import pages
from providers.calls.reply import Refusal, Reply
from tests.unit.providers.toy.normalize import CLOUD
from tests.unit.providers.toy.operations import ToyOperation
from tests.unit.providers.toy.session import Session

SCOPE = "toys"


class Gateway(CloudGateway[Session, ToyOperation]):
    """All calls of a run."""

    cloud = CLOUD

    def says_none(self, operation: ToyOperation, refusal: Refusal) -> bool:
        return refusal.code in operation.absent_codes

    def call(self, operation: ToyOperation, name: str = "") -> Reply:
        return self.keep(operation, AnswerKey(SCOPE, GLOBAL, name), self.ask(operation, name))

    def listing(self, operation: ToyOperation, each: Callable[[Json], None]) -> Reply | None:
        """Reads a list, giving each page to ``each``; returns what ended it early, if anything."""
        answers = pages(lambda page: self.ask(operation, page=page), lambda body: body.get("next"))
        return self.keep_all(
            answers, lambda page, answer: self.keep(operation, AnswerKey(SCOPE, GLOBAL, "", page), answer), each
        )[0]

    def ask(self, operation: ToyOperation, name: str = "", page: str = "") -> Json | Refusal:
        name, page = self._recorder.restore((name, page))
        path = operation.path.format(name=quote(name, safe=""))
        return self._caller.ask(
            Call(
                operation,
                Endpoint(self.session.url),
                self._caller.bucket(operation.bucket, rate=100.0 if self._paced else UNPACED, burst=20),
                send=lambda: self._send(operation, path, page),
                refusal_of=lambda error: refusal_of(error, {}),
                says_none=lambda refusal: self.says_none(operation, refusal),
            )
        )

    def _send(self, operation: ToyOperation, path: str, page: str) -> Sent:
        response = self.session.get(path, page)
        if response.status_code != 200:
            return Sent(_refused(response, about_one=operation.per_subject))
        return Sent(read_json(response.content))


def _refused(response: Any, *, about_one: bool) -> Refusal:
    status = response.status_code
    code = str(read_json(response.content).get("code"))
    reason = reason_of_status(status, about_one=about_one)
    return Refusal(reason, f"{code} ({status})", code, status, retry_after(response.headers))
