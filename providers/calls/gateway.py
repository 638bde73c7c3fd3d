"""What every gateway is: the calls of one run, made by one :class:`Caller` and recorded where they belong."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from threading import Event
from typing import Any, ClassVar, Final, Generic, Self, TypeVar

from auditor.model.capture import Json, Outcome
from auditor.model.ids import Cloud
from auditor.provider import Earlier, Operation, Progress, Recorder
from providers.calls.caller import AnswerKey, Caller
from providers.calls.carrying import Carrying
from providers.calls.clock import Clock
from providers.calls.health import DEAD_AFTER, Health
from providers.calls.reply import Refusal, Reply

S = TypeVar("S")
O_contra = TypeVar("O_contra", bound=Operation, contravariant=True)

UNPACED: Final = 2000
"""Calls a second where there is no quota: an emulator of our own."""


class CloudGateway(ABC, Generic[S, O_contra]):
    """All calls of one run. Thread-safe; calls wait here for their turn.

    A cloud adds how its calls are named and sent. ``paced`` False is for emulators, which have no quotas.
    """

    cloud: ClassVar[Cloud]

    dead_after: ClassVar[int] = DEAD_AFTER
    """Failures in a row that are taken for the silence of a host."""

    def __init__(
        self,
        session: S,
        recorder: Recorder,
        progress: Progress,
        stop: Event,
        max_workers: int = 16,
        *,
        paced: bool = True,
        clock: Clock | None = None,
        earlier: Earlier | None = None,
    ) -> None:
        self.carrying = Carrying(self.cloud, earlier, recorder)
        self._earlier = earlier
        self.session = session
        self._recorder = recorder
        self._progress = progress
        self._stop = stop
        self._width = max_workers
        self._clock = clock
        self._paced = paced
        self._caller = Caller(recorder, progress, stop, width=max_workers, health=Health(self.dead_after), clock=clock)

    def for_session(self, session: S) -> Self:
        """The gateway of the same run to another account: with quotas, slots and a health of its own."""
        kind, told = type(self), (self._recorder, self._progress, self._stop, self._width)
        return kind(session, *told, paced=self._paced, clock=self._clock, earlier=self._earlier)

    @property
    def stopped(self) -> bool:
        """Whether the run is to end."""
        return self._caller.stopped

    def waiting(self, jobs: int) -> None:
        """So many more jobs wait to ask; fewer where the number is below 0."""
        self._caller.waiting(jobs)

    @abstractmethod
    def says_none(self, operation: O_contra, refusal: Refusal) -> bool:
        """Whether a refusal is the cloud's word that there is none."""

    def keep(
        self,
        operation: O_contra,
        key: AnswerKey,
        answer: Json | Refusal,
        shaped: Callable[[Json], Json] = lambda body: body,
    ) -> Reply:
        """Records an answer where it belongs; ``shaped`` is what is recorded of it."""
        none = isinstance(answer, Refusal) and self.says_none(operation, answer)
        return self._caller.record(operation, key, answer, none=none, shaped=shaped)

    @staticmethod
    def keep_all(
        answers: Iterable[Json | Refusal],
        record: Callable[[int, Json | Refusal], Reply],
        each: Callable[[Json], Any] | None = None,
        first: int = 0,
    ) -> tuple[Reply | None, int]:
        """Records the pages of a list as they come, from the number ``first``, giving each that is one to ``each``.

        Returns the reply that ended it early, if one did, and the number of the next page.
        """
        page = first
        for answer in answers:
            reply = record(page, answer)
            page += 1
            if reply.outcome is not Outcome.OK:
                return reply, page
            if each is not None:
                each(reply.body)
        return None, page
