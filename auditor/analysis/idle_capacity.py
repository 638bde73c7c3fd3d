"""What is kept ready for calls that do not come."""

from auditor.model.observed import GapReason, Known, Observed


def optional_count(fact: Observed[int]) -> Observed[int]:
    """A number of instances; none where this kind of hosting keeps none ready."""
    if isinstance(fact, Known) or fact.gap.reason is not GapReason.NOT_OFFERED:
        return fact
    return Known(0, fact.gap.operation)
