"""What holds for a whole subscription or project: detection plans, audit logs, sinks, alerts, organisation policies."""

from auditor.model.base import noun
from auditor.model.observed import UNFILLED, Observed


@noun
class LogSink:
    """Where logs of a project are exported. ``covers_functions``: its filter lets functions' logs through."""

    name: str
    destination: str
    covers_functions: bool
    disabled: bool


@noun
class AuditLogs:
    """Data-access audit logs. ``services`` lists what they record (``allServices`` for all); ``exempted`` members."""

    services: tuple[str, ...]
    exempted: tuple[str, ...]


@noun
class OrgPolicy:
    """One organisation constraint as it is in force. ``enforced`` False: set, but it allows everything."""

    constraint: str
    enforced: bool
    detail: str


@noun
class Caller:
    """A job or subscription that calls functions by URL. ``identified``: with a token of its own identity.

    ``target`` is the host and path (never the query), ``function`` the id of the function it belongs to, if ours.
    ``key_in_url``: its URL carries a key.
    """

    id: str
    kind: str
    target: str
    function: str | None
    identified: bool
    key_in_url: bool


@noun
class Guardrails:
    """``detection_plans`` maps the cloud's protection plans to whether they are on, ``(name, on)``.

    ``serverless_posture``: posture management covers serverless. ``alerts`` names operations an alert watches.
    ``log_retention_days`` of the project's log buckets. ``asset_inventory``: the inventory service is on.
    ``policies`` are the organisation constraints in force. ``empty_plans`` are compute plans nothing runs on.
    ``dangling_names`` are DNS names that point at function hosts nobody owns. ``unscanned_slots`` stays empty by
    construction: slots are functions of their own. ``source_readers``: who can download functions' source.
    ``inherited_invokers``: who may invoke every function, granted above the function. ``workflows`` counts apps
    that are workflows, not functions.
    """

    detection_plans: Observed[tuple[tuple[str, bool], ...]] = UNFILLED
    serverless_posture: Observed[bool] = UNFILLED
    alerts: Observed[tuple[str, ...]] = UNFILLED
    audit_logs: Observed[AuditLogs] = UNFILLED
    sinks: Observed[tuple[LogSink, ...]] = UNFILLED
    log_exclusions: Observed[tuple[str, ...]] = UNFILLED
    log_retention_days: Observed[tuple[tuple[str, int], ...]] = UNFILLED
    asset_inventory: Observed[bool] = UNFILLED
    policies: Observed[tuple[OrgPolicy, ...]] = UNFILLED
    empty_plans: Observed[tuple[str, ...]] = UNFILLED
    dangling_names: Observed[tuple[str, ...]] = UNFILLED
    source_readers: Observed[tuple[str, ...]] = UNFILLED
    workflows: Observed[tuple[str, ...]] = UNFILLED
    channel_keys: Observed[tuple[tuple[str, bool], ...]] = UNFILLED
    """Event channels and whether a customer's key encrypts them."""
    basic_roles: Observed[tuple[tuple[str, str], ...]] = UNFILLED
    """Who holds the basic roles owner, editor and viewer on the project itself, ``(role, member)``."""
