"""How grave an advisory is: by its CVSS vector, raised where it is exploited."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from cvss import CVSS2, CVSS3, CVSS4
from cvss.exceptions import CVSSError

from auditor.model.severity import Severity

LIKELY: Final = 0.5
"""EPSS from which exploitation within 30 days counts as likely: more probable than not."""

_WORDS: Final = {
    "critical": Severity.CRITICAL,
    "high": Severity.HIGH,
    "moderate": Severity.MEDIUM,
    "medium": Severity.MEDIUM,
    "low": Severity.LOW,
}
_BOUNDS: Final = ((9.0, Severity.CRITICAL), (7.0, Severity.HIGH), (4.0, Severity.MEDIUM), (0.1, Severity.LOW))
_NEWEST: Final = ("CVSS_V4", "CVSS_V3", "CVSS_V2")


def of_word(word: object) -> Severity | None:
    """The severity of a scanner's or a database's word; None for one that is none."""
    return _WORDS.get(str(word).lower())


def of_score(score: float) -> Severity:
    """The rating of a CVSS score, by the bands of CVSS 3 and 4."""
    return next((severity for least, severity in _BOUNDS if score >= least), Severity.INFORMATIONAL)


def base_score(record: Mapping[str, Any]) -> float | None:
    """The CVSS base score by the newest version the record has a vector of; None where it has none that is whole."""
    vectors = dict(_vectors(record))
    for kind in _NEWEST:
        score = _scored(vectors.get(kind, ""))
        if score is not None:
            return score
    said = record.get("database_specific")
    score = said.get("cvss_v3") if isinstance(said, Mapping) else None
    return float(score) if isinstance(score, int | float) and not isinstance(score, bool) else None


def _vectors(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for place in (record, *(record.get("affected") or ())):
        for each in (place.get("severity") or ()) if isinstance(place, Mapping) else ():
            if isinstance(each, Mapping):
                yield str(each.get("type")), str(each.get("score"))


@lru_cache(maxsize=16_384)
def _scored(vector: str) -> float | None:
    try:
        if vector.startswith("CVSS:4"):
            return float(CVSS4(vector).base_score)
        if vector.startswith("CVSS:3"):
            return float(CVSS3(vector).base_score)
        return float(CVSS2(vector).base_score) if vector else None
    except (CVSSError, ValueError):
        return None


def severity_of(record: Mapping[str, Any], *, exploited: bool, epss: float | None) -> Severity:
    """The severity of a record; medium where it says none, one level more where it is exploited or likely to be."""
    if is_malicious(record):
        return Severity.CRITICAL
    score = base_score(record)
    rated = _worded(record) or Severity.MEDIUM if score is None else of_score(score)
    if exploited or (epss is not None and epss >= LIKELY):
        rated = list(Severity)[max(list(Severity).index(rated) - 1, 0)]
    return rated


def _worded(record: Mapping[str, Any]) -> Severity | None:
    said = record.get("database_specific")
    return of_word(said.get("severity")) if isinstance(said, Mapping) else None


def is_malicious(record: Mapping[str, Any]) -> bool:
    """Whether a record says that the package itself is malicious."""
    return str(record.get("id", "")).startswith("MAL-")
