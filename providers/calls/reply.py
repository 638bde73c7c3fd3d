"""What a call came to."""

from dataclasses import dataclass
from typing import Final

from auditor.model.capture import Json, Outcome
from auditor.model.observed import GapReason


class AnswerError(Exception):
    """An answer that cannot be read as one; the message is a sentence for the report.

    ``final``: asking again would bring the same, at the same cost.
    """

    def __init__(self, sentence: str, *, final: bool = False) -> None:
        super().__init__(sentence)
        self.final = final


class DeadlineError(Exception):
    """A call took longer than a call may take."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no answer.

    ``code`` is the cloud's error code ("" where no answer came) and ``status`` the HTTP status (0 likewise);
    ``retry_after`` the seconds it asked to wait (0: it named none). ``slow``: a whole timeout was spent on it.
    ``final``: asking again would bring the same. ``own_limit``: what is throttled is this one operation, not the
    quota it shares with others. ``off``: the service is switched off in the project.
    """

    reason: GapReason
    message: str
    code: str = ""
    status: int = 0
    retry_after: float = 0.0
    slow: bool = False
    final: bool = False
    own_limit: bool = False
    off: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """What was recorded of a call; ``body`` is redacted, and None unless the outcome is OK."""

    outcome: Outcome
    body: Json = None
    refusal: Refusal | None = None


INTERRUPTED: Final = Refusal(GapReason.INTERRUPTED, "The run was stopped before this was asked.")
