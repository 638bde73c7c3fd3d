"""What is measured of a function, and where its records go."""

from auditor.model.base import noun
from auditor.model.observed import UNFILLED, Observed


@noun
class Insights:
    """The application monitor a function reports to. ``id`` None: connected, but the resource could not be told.

    ``local_auth``: it accepts telemetry without an identity; ``public``: from any network.
    """

    id: str | None
    local_auth: Observed[bool]
    public: Observed[bool]


@noun
class DiagnosticSetting:
    """Where a resource's logs are sent. ``categories`` that are on; ``retention_days`` of its target."""

    name: str
    categories: tuple[str, ...]
    target: str
    retention_days: Observed[int | None]


@noun
class Usage:
    """Counts of the last days, from the cloud's metrics. ``failed`` is a share from 0 to 1 (Known(None): nothing ran).

    ``executions_before``: of the equally long time before the last seven days, for comparison (per day).
    """

    executions_30_days: Observed[int]
    executions_90_days: Observed[int]
    failed: Observed[float | None]
    recent_per_day: Observed[float]
    executions_before: Observed[float]
    peak_memory: Observed[float | None] = UNFILLED
    """Highest share of its memory used, from 0 to 1."""


@noun
class Monitoring:
    """``insights`` Known(None): not connected. ``insights_key_only``: with the retired instrumentation key.

    ``insights_linked``: a tag of the portal links one. ``http_logs`` / ``detailed_errors``: the host's own logs.
    """

    insights: Observed[Insights | None] = UNFILLED
    insights_key_only: Observed[bool] = UNFILLED
    insights_linked: Observed[bool] = UNFILLED
    diagnostics: Observed[tuple[DiagnosticSetting, ...]] = UNFILLED
    http_logs: Observed[bool] = UNFILLED
    detailed_errors: Observed[bool] = UNFILLED
    usage: Observed[Usage] = UNFILLED
    threat_detection: Observed[bool] = UNFILLED
