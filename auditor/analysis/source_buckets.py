"""Who may use the buckets that a function's source lies in."""

from collections.abc import Iterator

from auditor.analysis.policy_statements import Stated, judged
from auditor.model.deployment import SourceBucket
from auditor.model.function import Function
from auditor.model.observed import Gap, Unanswered, graver

ACCESS_LIST = "defaultObjectAcl"
"""The statement id of a grant that new objects receive by their bucket's default access list."""


def of_source(function: Function) -> Iterator[tuple[SourceBucket, Stated]]:
    """Every grant on every source bucket; then Unanswered for the first place that could not be read."""
    gap: Gap | None = None
    for bucket in function.deployment.then(lambda deployment: deployment.build.source_buckets).need():
        try:
            yield from ((bucket, stated) for stated in judged(bucket.access))
        except Unanswered as unanswered:
            gap = graver(gap, unanswered.gap)
    if gap is not None:
        raise Unanswered(gap)
