"""What bounds a function's appetite."""

from auditor.model.base import frozen
from auditor.model.observed import UNFILLED, Observed


@frozen
class Limits:
    """Timeout, memory and concurrency limits."""

    timeout_seconds: Observed[int]
    """Seconds one invocation may last."""
    memory_mb: Observed[int]
    """Memory of one instance, in MiB."""
    ephemeral_mb: Observed[int]
    """Ephemeral storage, in MiB."""
    reserved_concurrency: Observed[int | None]
    """Reserved concurrent executions; null: unreserved."""
    recursion_allowed: Observed[bool]
    """The platform's recursion detection is off."""
    durable: Observed[bool] = UNFILLED
    """One run may go on through many invocations; ``timeout_seconds`` bounds each of them."""
    max_instances: Observed[int | None] = UNFILLED
    """Most instances; null: only the platform's limit."""
    min_instances: Observed[int] = UNFILLED
    """Instances that always run."""
    prewarmed: Observed[int] = UNFILLED
    """Idle instances kept ready beyond the minimum."""
    per_instance: Observed[int | None] = UNFILLED
    """Concurrent requests of one instance; null: not limited."""
    daily_quota: Observed[int | None] = UNFILLED
    """Daily memory-time quota, in GB-seconds; null: none."""
    cpus: Observed[float | None] = UNFILLED
    """CPUs of one instance; null: the platform's default."""
    gpus: Observed[int] = UNFILLED
    """GPUs of one instance."""
