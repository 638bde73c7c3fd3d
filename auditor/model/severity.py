"""How bad a finding is, and how sure we are of it."""

from enum import StrEnum


class Severity(StrEnum):
    """How bad: ordered from `CRITICAL` (most urgent) to `INFORMATIONAL`."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFORMATIONAL = "informational"

    @property
    def rank(self) -> int:
        """Return 4 for critical down to 0 for informational: higher is worse."""
        return _SEVERITY_RANK[self]

    def at_least(self, other: "Severity") -> bool:
        """Say whether this severity is as bad as `other`, or worse."""
        return self.rank >= other.rank


FAIL_ON = (*(severity.value for severity in Severity if severity is not Severity.INFORMATIONAL), "none")
"""What a gate may be set to: the least severity that fails it, or none."""

NEW = "new:"
"""Before a severity: only findings count that the baseline does not have."""

GATES = (*FAIL_ON, *(f"{NEW}{level}" for level in FAIL_ON[:-1]))
"""What ``--fail-on`` takes."""


class Confidence(StrEnum):
    """How sure: `HIGH` (the shape alone proves it) to `LOW` (worth a look)."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """Return 2 for high down to 0 for low: higher is surer."""
        return _CONFIDENCE_RANK[self]


_SEVERITY_RANK = {severity: 4 - place for place, severity in enumerate(Severity)}
_CONFIDENCE_RANK = {confidence: 2 - place for place, confidence in enumerate(Confidence)}
