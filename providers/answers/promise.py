"""Whether an answer holds what its operation promises."""

from auditor.model.capture import Json
from auditor.provider import Operation


def breach(operation: Operation, body: Json) -> str | None:
    """What keeps a body from being a whole answer of an operation, as a sentence; None where it is one."""
    return operation.answer.breach(body)
