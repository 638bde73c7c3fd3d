"""Whether what a check yields can be reported. A stranger's check may yield anything."""

from collections.abc import Iterable, Iterator, Mapping
from types import NoneType
from typing import Final

from auditor.check import Evidence, Hit
from auditor.model.severity import Confidence, Severity

_FIELDS: Final[Mapping[str, tuple[type, ...]]] = {
    "message": (str,),
    "evidence": (tuple,),
    "locus": (str,),
    "severity": (Severity, NoneType),
    "confidence": (Confidence, NoneType),
    "resource_id": (str, NoneType),
    "values": (Mapping,),
    "command": (str, NoneType),
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
        if (hit.locus, hit.resource_id) in places:
            raise BadHitError("it yielded two hits at one place: give each hit its own locus")
        places.add((hit.locus, hit.resource_id))
        yield hit
