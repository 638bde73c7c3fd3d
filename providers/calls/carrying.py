"""Which answers of an earlier run are taken for this one's, so that they are not asked again."""

from dataclasses import replace
from datetime import datetime
from threading import Lock

from auditor.model.capture import Envelope, Json
from auditor.model.ids import Cloud
from auditor.provider import Earlier, Operation, Recorder
from providers.calls.caller import AnswerKey


class Carrying:
    """The answers of an earlier run of one scope. Thread-safe.

    Without an ``earlier`` run nothing is taken. Of a run that was cut off every whole answer is; of one that ended,
    only what is about subjects that :meth:`listed` found at the revision that they had then: what a revision covers
    whatever its age; the rest until it is too old, but for lists with something on them. Those are few, and what was
    taken off one is to be seen at once.
    """

    def __init__(self, cloud: Cloud, earlier: Earlier | None, recorder: Recorder) -> None:
        self._cloud = cloud
        self._earlier = earlier
        self._recorder = recorder
        self._lock = Lock()
        self._revisions: dict[tuple[str, str, str], str] = {}
        self._reach: dict[tuple[str, str, str], str] = {}
        """Since when it is known of a subject that it did not change, where that is not for ever."""

    @property
    def possible(self) -> bool:
        """Whether there is an earlier run."""
        return self._earlier is not None

    @property
    def began(self) -> datetime | None:
        """When the earlier run began, where that one ended and its answers go by what is known of their subjects."""
        if self._earlier is None or self._earlier.resuming:
            return None
        return datetime.fromisoformat(self._earlier.started_at)

    def pages(self, operation: str, where: AnswerKey) -> tuple[Json, ...]:
        """The pages of a list of the earlier run."""
        return tuple(self._earlier.pages(self._cloud, operation, *_place(where))) if self._earlier else ()

    def listed(self, where: AnswerKey, revision: str, before: str | None) -> None:
        """Notes the revision of a subject, and the one that it had in the earlier run (None: it was not there)."""
        if self._earlier is None:
            return
        same = revision if revision and revision == before else ""
        with self._lock:
            self._revisions[_place(where)] = same

    def proven(self, where: AnswerKey, by: str, since: str) -> None:
        """Notes that a subject did not change since a moment, and by what that is known (``… until <moment>``).

        Both moments are RFC 3339 UTC. Answers from before the first are not covered, but for those that the earlier run
        itself took over as proven until then.
        """
        self.listed(where, by, by)
        with self._lock:
            self._reach[_place(where)] = since

    def unchanged(self, where: AnswerKey) -> bool:
        """Whether a subject was noted at the revision that it had in the earlier run."""
        return bool(self._revisions.get(_place(where)))

    def moved(self, where: AnswerKey) -> None:
        """Notes that a subject has another revision than it had in the earlier run, or is new."""
        self.listed(where, "", None)

    def taken(
        self, operation: Operation, where: AnswerKey, *, anew: bool = False, aged: bool = False
    ) -> tuple[Envelope, ...]:
        """The whole answer of the earlier run, recorded as this one's; nothing where it must be asked.

        ``anew``: it must, unless that run was cut off. ``aged``: it stands until it is too old, also where the subject
        has another revision.
        """
        if self._earlier is None or (anew and not self._earlier.resuming):
            return ()
        revision = self._revision(where)
        if (revision == "" and not aged) or (revision is None and not self._earlier.resuming):
            return ()
        found = self._earlier.answers(self._cloud, operation, *_place(where))
        proven = bool(operation.revised and revision and _place(where) in self._revisions)
        reach = self._reach.get(_place(where), "")
        if proven and any(_known_until(envelope) < reach for envelope in found):
            return ()
        doubtful = () if proven or self._earlier.resuming else found
        if any(_lists(operation, envelope) or self._too_old(envelope) for envelope in doubtful):
            return ()
        carried = tuple(replace(envelope, revision=revision if proven and revision else "") for envelope in found)
        for envelope in carried:
            self._recorder.carry(envelope)
        return carried

    def _too_old(self, envelope: Envelope) -> bool:
        return self._earlier is not None and self._earlier.expired(envelope.asked_at, envelope.subject)

    def _revision(self, where: AnswerKey) -> str | None:
        """The revision that a subject still has; "" where it has another, None where none is known of it.

        A qualifier without a revision of its own has the function's.
        """
        for subject in (where.subject, where.subject.partition("#")[0]):
            known = self._revisions.get((where.scope, where.location, subject))
            if known is not None:
                return known
        return None


def _place(where: AnswerKey) -> tuple[str, str, str]:
    return where.scope, where.location, where.subject


def _known_until(envelope: Envelope) -> str:
    """Until when it was known that an answer holds: since it was asked, or since what proved it unchanged."""
    return (
        max(envelope.asked_at, envelope.revision.rpartition(" ")[2]) if " " in envelope.revision else envelope.asked_at
    )


def _lists(operation: Operation, envelope: Envelope) -> bool:
    """Whether an answer is a page of a list with something on it."""
    return bool(operation.pages and envelope.body and envelope.body.get(operation.pages))
