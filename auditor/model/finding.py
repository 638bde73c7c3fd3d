"""The verdicts an audit reaches."""

from enum import StrEnum

from auditor.model.base import frozen
from auditor.model.severity import Severity


class Status(StrEnum):
    """What became of one check on one subject.

    FAIL outranks UNKNOWN: a defect proved before a gap stays proved. NOT_EXAMINED was not asked at this depth and
    stays outside totals, score and completeness. ERROR is a crash of ours: the run finishes and is incomplete.
    """

    PASS = "PASS"  # noqa: S105 - a verdict
    FAIL = "FAIL"
    UNKNOWN = "UNKNOWN"
    NOT_APPLICABLE = "NOT_APPLICABLE"
    NOT_EXAMINED = "NOT_EXAMINED"
    ERROR = "ERROR"


@frozen
class Dependence:
    """What becomes of a defect once something else is mended. Of several, each holds by itself."""

    sites: tuple[str, ...]
    """What else has to be mended, all of it: sites of causes."""
    leads: tuple[str, ...] = ()
    """Ids of the checks that lead a cause which, mended, mends its site; none: any does."""
    then: Severity | None = None
    """How grave it is from then on; None: it is gone."""
