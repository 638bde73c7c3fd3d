"""Which functions' invocations a trail's event selectors record.

Invocations are data events, and writes as CloudTrail counts them (readOnly false). Source: CloudTrail User Guide,
"Logging data events" and "Advanced event selectors" (as of 2026-10).
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from auditor.model.capture import Json
from auditor.model.observed import GapReason
from auditor.model.telemetry import TrailCoverage
from providers.aws.normalize.fields import UnreadableError, items, optional_items, optional_texts, record, text, texts

_FUNCTION = "AWS::Lambda::Function"
_INVOKE = "Invoke"
_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "Equals": lambda value, given: value == given,
    "StartsWith": lambda value, given: value.startswith(given),
    "EndsWith": lambda value, given: value.endswith(given),
    "NotEquals": lambda value, given: value == given,
    "NotStartsWith": lambda value, given: value.startswith(given),
    "NotEndsWith": lambda value, given: value.endswith(given),
}
_FIXED = {
    "eventCategory": "Data",
    "resources.type": _FUNCTION,
    "readOnly": "false",
    "eventName": _INVOKE,
    "eventSource": "lambda.amazonaws.com",
}
"""What an invocation carries in the fields that selectors may ask for."""


class Recorded(NamedTuple):
    """How many functions are recorded, and which where it is only some (patterns may end in ``*``)."""

    coverage: TrailCoverage
    functions: tuple[str, ...]


NOTHING = Recorded(TrailCoverage.NONE, ())
EVERYTHING = Recorded(TrailCoverage.ALL, ())


def recorded(body: Json, functions: Iterable[str]) -> Recorded:
    """What GetEventSelectors says; ``functions`` are the ARNs of the location's functions."""
    answer = record(body)
    if "EventSelectors" not in answer and "AdvancedEventSelectors" not in answer:
        raise UnreadableError("the answer holds no event selectors")
    found = [_basic(selector) for selector in optional_items(answer, "EventSelectors")]
    known = tuple(functions)
    unclear: UnreadableError | None = None
    for selector in optional_items(answer, "AdvancedEventSelectors"):
        try:
            found.append(_advanced(selector, known))
        except UnreadableError as error:
            unclear = unclear or error
    if EVERYTHING in found:
        return EVERYTHING
    if unclear is not None:
        raise unclear
    some = tuple(dict.fromkeys(name for part in found for name in part.functions))
    return Recorded(TrailCoverage.SOME, some) if some else NOTHING


def _basic(selector: Json) -> Recorded:
    if text(selector, "ReadWriteType") not in {"All", "WriteOnly"}:
        return NOTHING
    named: list[str] = []
    for resource in optional_items(selector, "DataResources"):  # absent: management events only
        if text(resource, "Type") == _FUNCTION:
            named.extend(optional_texts(resource, "Values"))
    if any(_every_function(value) for value in named):
        return EVERYTHING
    return Recorded(TrailCoverage.SOME, tuple(named)) if named else NOTHING


def _every_function(value: str) -> bool:
    """``arn:aws:lambda`` stands for all functions of all regions."""
    parts = value.rstrip(":").split(":")
    return len(parts) == 3 and parts[0] == "arn" and parts[2] == "lambda"


def _advanced(selector: Json, functions: tuple[str, ...]) -> Recorded:
    asked: list[dict[str, Any]] = []
    for field in items(selector, "FieldSelectors"):
        name = text(field, "Field")
        if name == "resources.ARN":
            asked.append(record(field))
        elif name not in _FIXED:
            reason = GapReason.UNRECOGNISED
            raise UnreadableError(f"a selector asks for {name}, which may leave invocations out", reason)
        elif not _matches(field, _FIXED[name]):
            return NOTHING
    if not any(text(field, "Field") == "resources.type" for field in items(selector, "FieldSelectors")):
        return NOTHING  # a selector without a resource type records management events
    return _by_arn(asked, functions) if asked else EVERYTHING


def _by_arn(asked: list[dict[str, Any]], functions: tuple[str, ...]) -> Recorded:
    if len(asked) == 1 and asked[0].keys() <= {"Field", "Equals", "StartsWith"}:
        starts = optional_texts(asked[0], "StartsWith")
        if any(_every_function(start) for start in starts):
            return EVERYTHING
        named = (*optional_texts(asked[0], "Equals"), *(f"{start}*" for start in starts))
        return Recorded(TrailCoverage.SOME, named) if named else NOTHING
    named = tuple(arn for arn in functions if all(_matches(field, arn) for field in asked))
    return Recorded(TrailCoverage.SOME, named) if named else NOTHING


def _matches(field: Json, value: str) -> bool:
    """Whether a value passes one field selector: any positive operator and every negative one."""
    given = record(field)
    unknown = given.keys() - _OPERATORS.keys() - {"Field"}
    if unknown:
        raise UnreadableError(f"a selector uses {min(unknown)}", GapReason.UNRECOGNISED)
    positive: list[bool] = []
    for operator, holds in _OPERATORS.items():
        if operator not in given:
            continue
        hit = any(holds(value, wanted) for wanted in texts(given, operator))
        if operator.startswith("Not"):
            if hit:
                return False
        else:
            positive.append(hit)
    return any(positive) if positive else True
