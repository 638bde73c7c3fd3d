"""Whether what a check yields can be reported. A stranger's check may yield anything."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import NoneType
from typing import Final

from auditor.check import Check, Evidence, Hit, cite
from auditor.model.finding import Dependence
from auditor.model.function import Function
from auditor.model.hosting import ServiceState
from auditor.model.inventory import Location, Scope
from auditor.model.observed import Known
from auditor.model.severity import Confidence, Severity

_FIELDS: Final[Mapping[str, tuple[type, ...]]] = {
    "message": (str,),
    "evidence": (tuple,),
    "locus": (str,),
    "site": (str,),
    "severity": (Severity, NoneType),
    "confidence": (Confidence, NoneType),
    "resource_id": (str, NoneType),
    "values": (Mapping,),
    "command": (str, NoneType),
    "terraform": (str, NoneType),
    "depends": (tuple,),
}


class BadHitError(Exception):
    """A check yielded what is no hit, or one that another hit of it cannot be told from. Names types, never values."""


def sound(yielded: Iterable[object]) -> Iterator[Hit]:
    """The hits of one check on one subject. Raises BadHitError at the first that cannot be reported."""
    places: set[tuple[str, str | None]] = set()
    for hit in yielded:
        if not isinstance(hit, Hit):
            raise BadHitError(f"it yielded a {type(hit).__name__} where a Hit is wanted")
        for name, kinds in _FIELDS.items():
            value = getattr(hit, name)
            if not isinstance(value, kinds):
                raise BadHitError(f"it yielded a Hit whose {name} is a {type(value).__name__}")
        if not all(isinstance(item, Evidence) for item in hit.evidence):
            raise BadHitError("it yielded a Hit whose evidence holds something else than Evidence")
        if not all(isinstance(item, Dependence) for item in hit.depends):
            raise BadHitError("it yielded a Hit whose depends holds something else than Dependence")
        if (hit.locus, hit.resource_id) in places:
            raise BadHitError("it yielded two hits at one place: give each hit its own locus")
        places.add((hit.locus, hit.resource_id))
        yield hit


def latent_if_stopped(check: Check, subject: Function | Location | Scope, hit: Hit) -> Hit:
    """The hit, or where it does harm only while the function runs, and that is stopped, the same as a latent one: low,
    with the state in its message and its evidence.
    """
    if not check.while_running or not isinstance(subject, Function):
        return hit
    hosting = subject.hosting.value if isinstance(subject.hosting, Known) else None
    if hosting is None or not isinstance(hosting.state, Known) or hosting.state.value is not ServiceState.STOPPED:
        return hit
    why = f" ({hosting.state_reason})" if hosting.state_reason else ""
    severity = hit.severity or check.severity
    return replace(
        hit,
        message=f"{hit.message.rstrip('.')}. The function is stopped{why}: this holds as soon as it is started again",
        evidence=(*hit.evidence, cite(hosting.state, f"stopped{why}")),
        severity=min(severity, Severity.LOW, key=lambda level: level.rank),
    )
