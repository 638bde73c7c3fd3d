"""What holds for a whole subscription or project: detection plans, audit logs, sinks, alerts, organisation policies."""

from auditor.model.base import frozen
from auditor.model.observed import UNFILLED, Observed


@frozen
class LogSink:
    """An export of a project's logs."""

    name: str
    """Name of the sink."""
    destination: str
    """Where logs are sent."""
    covers_functions: bool
    """Its filter lets functions' logs through."""
    disabled: bool
    """It is switched off."""


@frozen
class AuditLogs:
    """Data-access audit logs."""

    services: tuple[str, ...]
    """Services they record; `allServices` for all."""
    exempted: tuple[str, ...]
    """Members whose access is not recorded."""


@frozen
class OrgPolicy:
    """One organisation constraint in force."""

    constraint: str
    """Name of the constraint."""
    enforced: Observed[bool]
    """It restricts something; False: not set, or it allows everything."""
    detail: Observed[str]
    """Its values in a few words."""


@frozen
class Caller:
    """A job or subscription that calls functions by URL."""

    id: str
    """Resource id of the job or subscription."""
    kind: str
    """Kind of caller."""
    target: str
    """Host and path it calls; never the query."""
    function: str | None
    """Id of the function it calls; null: none that was read."""
    identified: bool
    """It sends a token of its own identity."""
    key_in_url: bool
    """Its URL carries a key."""


@frozen
class DnsRecord:
    """A name that points at another."""

    name: str
    """The name."""
    target: str
    """Host name it points at."""
    id: str
    """Resource id of the record."""


@frozen
class Guardrails:
    """What holds for a whole account, subscription or project."""

    detection_plans: Observed[tuple[tuple[str, bool], ...]] = UNFILLED
    """The cloud's threat protection plans and whether each is on."""
    serverless_posture: Observed[bool] = UNFILLED
    """Posture management covers serverless functions."""
    alerts: Observed[tuple[str, ...]] = UNFILLED
    """Operations that raise an alert."""
    audit_logs: Observed[AuditLogs] = UNFILLED
    """Data-access audit logs."""
    sinks: Observed[tuple[LogSink, ...]] = UNFILLED
    """Exports of logs."""
    log_exclusions: Observed[tuple[str, ...]] = UNFILLED
    """Filters that discard logs."""
    log_retention_days: Observed[tuple[tuple[str, int], ...]] = UNFILLED
    """Log buckets and their retention in days."""
    asset_inventory: Observed[bool] = UNFILLED
    """The asset inventory service is on."""
    policies: Observed[tuple[OrgPolicy, ...]] = UNFILLED
    """Organisation constraints in force."""
    empty_plans: Observed[tuple[str, ...]] = UNFILLED
    """Compute plans that host nothing."""
    dangling_names: Observed[tuple[DnsRecord, ...]] = UNFILLED
    """DNS records that point at unclaimed function host names."""
    source_readers: Observed[tuple[str, ...]] = UNFILLED
    """Who can download the source of functions."""
    workflows: Observed[tuple[str, ...]] = UNFILLED
    """Apps that are workflows, not functions."""
    channel_keys: Observed[tuple[tuple[str, bool], ...]] = UNFILLED
    """Event channels and whether a customer's key encrypts them."""
    basic_roles: Observed[tuple[tuple[str, str], ...]] = UNFILLED
    """Who holds the basic roles owner, editor and viewer on the project itself, ``(role, member)``."""
