"""Whether an answer holds what its operation promises. A status of 200 proves nothing: the body has to."""

from collections.abc import Mapping
from typing import Any, Final

from auditor.model.capture import Json
from auditor.provider import AnswerShape, Operation

_TYPES: Final[Mapping[type, str]] = {
    dict: "an object",
    list: "a list",
    str: "text",
    bool: "true or false",
    int: "a number",
}
_REDACTED: Final = ("$redacted", "$variable")
"""What redaction puts in place of a value: a recorded answer is judged like one that has just come."""

_MISSING: Final = object()
_ERROR: Final = "error"
"""Where the clouds put an error into a body. No answer of ours has a member of that name."""


def breach(operation: Operation, body: Json) -> str | None:
    """What keeps a body from being a whole answer of an operation, as a sentence; None where it is one.

    Judges a body as it came and one that was recorded alike. What is inside a member is not judged here, but by
    who reads it.
    """
    shape = operation.answer
    if not isinstance(body, Mapping):
        return "The answer is no JSON object."
    if body.get(_ERROR) is not None:
        return "The answer is an error in spite of its status."
    return _missing(shape, body) or _mistyped(shape, body) or _unidentified(shape, body)


def _missing(shape: AnswerShape, body: Mapping[str, Any]) -> str | None:
    lost = [path for path in shape.required if _absent(shape, _at(body, path))]
    return f"The answer holds no {lost[0]}." if lost else None


def _mistyped(shape: AnswerShape, body: Mapping[str, Any]) -> str | None:
    for path, kind in {**shape.required, **shape.identifying, **shape.optional}.items():
        value = _at(body, path)
        if not _absent(shape, value) and not _is(value, kind):
            return f"The answer holds a {path} that is not {_TYPES[kind]}."
    return None


def _unidentified(shape: AnswerShape, body: Mapping[str, Any]) -> str | None:
    if shape.required or any(not _absent(shape, _at(body, path)) for path in shape.identifying):
        return None
    if not body:
        return None if shape.empty else "The answer is empty."
    if shape.identifying:
        return f"The answer holds no {' or '.join(shape.identifying)}."
    known = {path.partition(".")[0] for path in shape.optional}
    return None if not shape.optional or known & body.keys() else "The answer holds nothing known."


def _at(body: Json, path: str) -> Any:
    for step in path.split("."):
        if not isinstance(body, Mapping):
            return _MISSING
        body = body.get(step, _MISSING)
    return body


def _absent(shape: AnswerShape, value: Any) -> bool:
    return value is _MISSING or (value is None and shape.nulls)


def _is(value: Any, kind: type) -> bool:
    placeholder = isinstance(value, Mapping) and len(value) == 1 and next(iter(value)) in _REDACTED
    if placeholder:
        return kind in (str, int, bool)
    if kind is int:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, Mapping if kind is dict else kind)
