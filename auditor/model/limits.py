"""What bounds a function's appetite."""

from auditor.model.base import noun
from auditor.model.observed import UNFILLED, Observed


@noun
class Limits:
    """``reserved_concurrency`` Known(None): unreserved. ``recursion_allowed``: the platform's loop breaker is off.

    ``max_instances`` Known(None): only the platform's own ceiling. ``per_instance``: requests one instance takes at
    once (Known(None): not limited). ``daily_quota`` in GB-seconds (Known(None): none). ``prewarmed`` counts idle
    instances kept ready beyond ``min_instances``.
    """

    timeout_seconds: Observed[int]
    memory_mb: Observed[int]
    ephemeral_mb: Observed[int]
    reserved_concurrency: Observed[int | None]
    recursion_allowed: Observed[bool]
    max_instances: Observed[int | None] = UNFILLED
    min_instances: Observed[int] = UNFILLED
    prewarmed: Observed[int] = UNFILLED
    per_instance: Observed[int | None] = UNFILLED
    daily_quota: Observed[int | None] = UNFILLED
    cpus: Observed[float | None] = UNFILLED
    gpus: Observed[int] = UNFILLED
