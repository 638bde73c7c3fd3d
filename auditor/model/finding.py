"""The verdicts an audit reaches."""

from enum import StrEnum


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
