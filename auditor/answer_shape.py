"""What a whole answer of an operation holds. A status of 200 proves nothing: the body has to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from auditor.model.capture import Json
from auditor.model.redacted import is_replaced

_TYPES: Final[Mapping[type, str]] = {
    dict: "an object",
    list: "a list",
    str: "text",
    bool: "true or false",
    int: "a number",
}
_MISSING: Final = object()
_ERROR: Final = "error"
"""Where the clouds put an error into a body. No answer of ours has a member of that name."""


@dataclass(frozen=True, slots=True)
class AnswerShape:
    """What a whole answer holds, by the vendor's documentation. What holds less is damage, whatever its status was.

    Members are named by their path (``properties.state``), each with its JSON type: dict, list, str, bool, or int for
    any number. All of ``required`` are in every answer; at least one of ``identifying``, where any is named;
    ``optional`` ones may be missing. ``empty`` says why an answer without a single member (``{}``) is the cloud's own
    way of saying "none", and is "" where the cloud never answers so. ``nulls``: the cloud writes null for a member
    that it leaves out; elsewhere null is damage.
    """

    required: Mapping[str, type] = field(default_factory=dict)
    identifying: Mapping[str, type] = field(default_factory=dict)
    optional: Mapping[str, type] = field(default_factory=dict)
    empty: str = ""
    nulls: bool = False

    def breach(self, body: Json) -> str | None:
        """What keeps a body from being a whole answer, as a sentence; None where it is one.

        Judges a body as it came and one that was recorded alike. What is inside a member is not judged here, but by
        who reads it.
        """
        if not isinstance(body, Mapping):
            return "The answer is no JSON object."
        if body.get(_ERROR) is not None:
            return "The answer is an error in spite of its status."
        return _missing(self, body) or _mistyped(self, body) or _unidentified(self, body)


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
    if is_replaced(value):  # a recorded answer is judged like one that has just come
        return kind in (str, int, bool)
    if kind is int:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, Mapping if kind is dict else kind)
