"""What a report says of a control."""

from enum import StrEnum


class ControlStatus(StrEnum):
    """What became of a control, in the order in which one cloud's outranks another's."""

    FAILED = "failed"
    """A check that decides it found a defect that is not waived."""
    UNKNOWN = "unknown"
    """Something that decides it could not be read."""
    WAIVED = "waived"
    """All defects that decide it are accepted until a day."""
    NOT_ASSESSED = "not-assessed"
    """Nothing that would decide it was judged: the rest is for a person."""
    NO_FAILURE_SEEN = "no-failure-seen"
    """What was judged passed, but does not prove the whole control."""
    SATISFIED = "satisfied"
    """The control's own test passed, every linked check ran and reached its verdicts, and none failed."""
    NOT_APPLICABLE = "not-applicable"
    """The question makes no sense for any function here."""
