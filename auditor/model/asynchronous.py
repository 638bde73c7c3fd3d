"""What becomes of an event that fails."""

from auditor.model.base import frozen
from auditor.model.observed import Observed


@frozen
class Target:
    """Where failed or finished events are sent."""

    id: str
    """Resource id of the queue, topic, bucket, event bus or function."""
    kind: str
    """Service that receives the events, such as `sqs` or `sns`."""
    account: str | None
    """Account that owns it; null where its id names none."""
    exists: Observed[bool]
    """False: it was deleted."""


@frozen
class AsyncSettings:
    """Asynchronous invocation settings of one qualifier."""

    qualifier: str | None
    """Alias or version; null for the function itself."""
    max_retries: int | None
    """Retries after the first attempt; null: the platform's default."""
    max_age_seconds: int | None
    """Seconds an event may wait; null: the platform's default."""
    on_failure: Target | None
    """Destination of failed events; null: none."""
    on_success: Target | None
    """Destination of finished events; null: none."""


@frozen
class FailureHandling:
    """What becomes of an event that fails."""

    dead_letter: Observed[Target | None]
    """The dead-letter queue or topic; null: none is configured."""
    settings: Observed[tuple[AsyncSettings, ...]]
    """One entry for each qualifier that has settings."""
