"""Whether audit trails record the calls of one function."""

from collections.abc import Iterable

from auditor.model.observed import Gap, Known, Unanswered
from auditor.model.telemetry import Trail, TrailCoverage


def recorded(trails: Iterable[Trail], function: str) -> Trail | None:
    """A trail that is logging and records the function's invocations; None where certainly none does.

    Raises Unanswered where no known trail does and one that we could not read might.
    """
    gap: Gap | None = None
    for trail in trails:
        verdict = _records(trail, function)
        if isinstance(verdict, Gap):
            gap = gap or verdict
        elif verdict:
            return trail
    if gap is not None:
        raise Unanswered(gap)
    return None


def _records(trail: Trail, function: str) -> bool | Gap:
    if isinstance(trail.logging, Known) and not trail.logging.value:
        return False
    if isinstance(trail.coverage, Known):
        if trail.coverage.value is TrailCoverage.NONE:
            return False
        if trail.coverage.value is TrailCoverage.SOME and not any(_matches(p, function) for p in trail.functions):
            return False
    for fact in (trail.coverage, trail.logging):
        if not isinstance(fact, Known):
            return fact.gap
    return True


def _matches(pattern: str, function: str) -> bool:
    return function.startswith(pattern[:-1]) if pattern.endswith("*") else function == pattern
