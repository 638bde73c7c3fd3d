"""What becomes of an event that fails."""

from auditor.model.base import noun
from auditor.model.observed import Observed


@noun
class Target:
    """Where failed or finished events are sent. ``exists`` Known(False): deleted."""

    id: str
    kind: str
    account: str | None
    exists: Observed[bool]


@noun
class AsyncSettings:
    """Asynchronous invocation of one qualifier (None: the function itself); None values are the platform's defaults."""

    qualifier: str | None
    max_retries: int | None
    max_age_seconds: int | None
    on_failure: Target | None
    on_success: Target | None


@noun
class FailureHandling:
    """``dead_letter`` Known(None): none configured. ``settings``: one entry a qualifier that has any."""

    dead_letter: Observed[Target | None]
    settings: Observed[tuple[AsyncSettings, ...]]
