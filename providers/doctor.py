"""``auditor doctor`` for every cloud: opens it, then tries each kind of call once and names the permission it lacks."""

# ruff: noqa: ARG002 - what keeps nothing uses no argument

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from auditor.errors import AuditorError
from auditor.model.capture import Envelope, Json
from auditor.model.observed import GapReason
from auditor.provider import Operation, Probe, Recorder, Target
from providers.calls.reply import Refusal

_T = TypeVar("_T")
_O = TypeVar("_O")

Trial = tuple[str, Operation, Json | Refusal]
"""What was tried, in words; the operation it was; and what came of it."""


class NullRecorder:
    """A recorder that keeps nothing: a doctor's calls are not a capture."""

    def answer(self, operation: Operation, scope: str, location: str, subject: str, page: int, body: Json) -> Json:
        """Hands the answer back."""
        return body

    def restore(self, asked: _T) -> _T:
        """Hands the parameters back: nothing was marked."""
        return asked

    def answered_before(
        self, operation: Operation, scope: str, location: str, subject: str, body: Json, asked_at: str, revision: str
    ) -> Json:
        """Hands the answer back."""
        return body

    def carry(self, envelope: Envelope) -> None:
        """Keeps nothing."""

    def absent(self, operation: Operation, scope: str, location: str, subject: str) -> None:
        """Keeps nothing."""

    def gap(
        self, operation: Operation, scope: str, location: str, subject: str, page: int, reason: GapReason, message: str
    ) -> None:
        """Keeps nothing."""

    def scope(self, scope: str, locations: Sequence[str]) -> None:
        """Keeps nothing."""

    def account(self, scope: str, *, name: str = "", unit: str = "", left_out: str = "") -> None:
        """Keeps nothing."""

    def error(self, sentence: str) -> None:
        """Keeps nothing."""

    def caller(self, identity: str) -> None:
        """Keeps nothing."""

    def throttled(self, operation: Operation) -> None:
        """Keeps nothing."""


class NullProgress:
    """A progress display that shows nothing."""

    def expect(self, calls: int) -> None:
        """Shows nothing."""

    def done(self, operation: str) -> None:
        """Shows nothing."""

    def waiting(self, jobs: int) -> None:
        """Shows nothing."""

    def answered(self, location: str, functions: Collection[str]) -> None:
        """Shows nothing."""


class SentenceRecorder(NullRecorder):
    """Keeps the sentences about scopes that are not read."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def error(self, sentence: str) -> None:
        self.said.append(sentence)


def aimed_at(found: Callable[[Recorder], Iterable[str]]) -> Iterator[Target]:
    """A line for each scope that ``found`` names, and one for each sentence about those that it does not."""
    recorder = SentenceRecorder()
    yield from map(Target, found(recorder))
    yield from (Target("", missing=sentence) for sentence in recorder.said)


def opened(
    subject: str, opening: Callable[[], _O | None], shown: Callable[[Any], str]
) -> tuple[_O | None, Sequence[Probe]]:
    """Opens what the trials need: what ``opening`` returned, and the lines to show.

    None where it raised AuditorError, which becomes a line, or returned nothing because the run was stopped.
    """
    try:
        found = opening()
    except AuditorError as refused:
        return None, (Probe(subject, ok=False, text=str(refused)),)
    return (found, (Probe(subject, ok=True, text=shown(found)),)) if found else (None, ())


def probes(trials: Iterable[Trial], scope: str) -> Iterator[Probe]:
    """A line for each trial in a scope (``<cloud>/<account>``). "There is none" is an answer as good as any."""
    for subject, operation, answer in trials:
        if not isinstance(answer, Refusal) or {answer.code, str(answer.status)} & operation.absent_codes:
            yield Probe(subject, ok=True, text=operation.purpose)
            continue
        permission = operation.permission if answer.reason is GapReason.DENIED else None
        yield Probe(subject, ok=False, text=f"{answer.reason}: {answer.message}", permission=permission, scope=scope)
