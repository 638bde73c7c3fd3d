"""Variables as they were judged at collection: their values are not in an answer any more."""

from auditor.model.capture import Json
from auditor.model.environment import Variable
from auditor.model.observed import GapReason
from auditor.model.redacted import JudgedValue, UndecodableError, decode
from providers.answers.fields import UnreadableError


def judged_value(name: str, body: Json) -> JudgedValue:
    """What is kept of a value. Raises UnreadableError, also for a value that was never judged."""
    try:
        return decode(name, body)
    except UndecodableError as error:
        reason = GapReason.UNRECOGNISED if error.newer else GapReason.MALFORMED
        raise UnreadableError(str(error), reason) from error


def variable(name: str, body: Json) -> Variable:
    """One judged variable. Raises UnreadableError like :func:`judged_value`."""
    return judged_value(name, body).variable
