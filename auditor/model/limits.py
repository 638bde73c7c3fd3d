"""What bounds a function's appetite."""

from auditor.model.base import noun
from auditor.model.observed import Observed


@noun
class Limits:
    """``reserved_concurrency`` Known(None): unreserved. ``recursion_allowed``: the platform's loop breaker is off."""

    timeout_seconds: Observed[int]
    memory_mb: Observed[int]
    ephemeral_mb: Observed[int]
    reserved_concurrency: Observed[int | None]
    recursion_allowed: Observed[bool]
