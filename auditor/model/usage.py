"""What is measured of a function, and where its records go."""

from auditor.model.base import frozen
from auditor.model.observed import UNFILLED, Observed


@frozen
class Insights:
    """The application monitor the function reports to."""

    id: str | None
    """Resource id; null: connected, but the resource was not found."""
    local_auth: Observed[bool]
    """It accepts telemetry without an identity."""
    public: Observed[bool]
    """It accepts telemetry from any network."""


@frozen
class DiagnosticSetting:
    """Where a resource's logs are sent."""

    name: str
    """Name of the setting."""
    categories: tuple[str, ...]
    """Log categories that are on."""
    target: str
    """Where they are sent."""
    retention_days: Observed[int | None]
    """Retention of the target in days; null: not limited."""


@frozen
class Usage:
    """Counts from the cloud's metrics."""

    executions_30_days: Observed[int]
    """Executions in the last 30 days."""
    executions_90_days: Observed[int]
    """Executions in the last 90 days."""
    failed: Observed[float | None]
    """Share of executions that failed, from 0 to 1, in the last 30 days or in all `days` where these are fewer; null:
    nothing ran."""
    recent_per_day: Observed[float]
    """Executions a day in the last seven days."""
    executions_before: Observed[float]
    """Executions a day in the seven days before."""
    days: int
    """Days before the run that the metrics were read over."""
    executions: Observed[int]
    """Executions in those days."""
    idle_days: Observed[int | None]
    """Days since the last execution; null: none in those days."""
    peak_memory: Observed[float | None] = UNFILLED
    """Highest share of its memory used, from 0 to 1; null: nothing ran."""
    throttled: Observed[int] = UNFILLED
    """Calls in those days that were refused because no instance was free."""
    average_ms: Observed[float | None] = UNFILLED
    """Milliseconds that an execution took on average; null: nothing ran."""
    longest_ms: Observed[float | None] = UNFILLED
    """Milliseconds that the longest execution took; null: nothing ran."""


@frozen
class Monitoring:
    """Metrics, logs and threat detection."""

    insights: Observed[Insights | None] = UNFILLED
    """Application monitor; null: not connected."""
    insights_key_only: Observed[bool] = UNFILLED
    """Connected with the retired instrumentation key alone."""
    insights_linked: Observed[bool] = UNFILLED
    """A tag of the portal links a monitor."""
    diagnostics: Observed[tuple[DiagnosticSetting, ...]] = UNFILLED
    """Diagnostic settings."""
    http_logs: Observed[bool] = UNFILLED
    """HTTP logs of the host are on."""
    detailed_errors: Observed[bool] = UNFILLED
    """Detailed error pages of the host are on."""
    usage: Observed[Usage] = UNFILLED
    """Counts from metrics."""
    threat_detection: Observed[bool] = UNFILLED
    """Threat detection covers the function."""
