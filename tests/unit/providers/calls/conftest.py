"""A cloud of one operation, whose answers a test writes."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from auditor.answer_shape import AnswerShape
from auditor.model.observed import GapReason
from auditor.provider import Operation
from providers.calls.caller import AnswerKey, Call, Caller, Sent
from providers.calls.failure import refusal_of
from providers.calls.health import Endpoint
from providers.calls.reply import Refusal, Reply
from tests.unit.providers.fake_clock import FakeClock
from tests.unit.providers.kept import Kept

OPERATION = Operation(
    "toy:GetThing",
    "toy.things.get",
    "a thing",
    "toy",
    answer=AnswerShape(optional={"a": int}, empty="a thing may be nothing"),
)


class ToyCloud:
    """Makes calls whose answers come from ``answer``: a body, a Refusal, or something it raises."""

    def __init__(self, kept: Kept, clock: FakeClock, stop: threading.Event) -> None:
        self.caller = Caller(kept, kept, stop, width=16, clock=clock)
        self.answer: Callable[[], Any] = dict
        self.sent = 0
        self._lock = threading.Lock()

    def _send(self) -> Sent:
        with self._lock:
            self.sent += 1
            answer = self.answer
        made = answer()
        return made if isinstance(made, Sent) else Sent(made)

    def call(self, host: str = "toy", operation: Operation = OPERATION, rate: float = 100.0, burst: int = 10) -> Call:
        return Call(
            operation,
            Endpoint(host, scope="scope"),
            self.caller.bucket(operation.bucket, rate, burst),
            send=self._send,
            refusal_of=lambda error: refusal_of(error, {}),
            says_none=lambda refusal: refusal.code == "NONE",
        )

    def ask(self, **given: Any) -> Any:
        return self.caller.ask(self.call(**given))

    def reply(self, **given: Any) -> Reply:
        answer = self.ask(**given)
        none = isinstance(answer, Refusal) and answer.code == "NONE"
        return self.caller.record(OPERATION, AnswerKey("scope", "global"), answer, none=none)


def sequence(*answers: Any) -> Callable[[], Any]:
    """Answers in turn, the last one for ever. Errors are raised."""
    queue: Iterator[Any] = iter(answers)

    def answer() -> Any:
        made = next(queue, answers[-1])
        if isinstance(made, Exception):
            raise made
        return made

    return answer


def throttle(wait: float = 0.0, **more: Any) -> Refusal:
    return Refusal(GapReason.THROTTLED, "slow down", "Slow", 429, wait, **more)


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def toy(kept: Kept, clock: FakeClock, stop: threading.Event) -> ToyCloud:
    return ToyCloud(kept, clock, stop)
