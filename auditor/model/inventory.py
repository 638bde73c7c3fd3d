"""Everything an audit knows: scopes, locations, functions. Recomputed from a capture, never stored."""

from auditor.model.base import frozen
from auditor.model.compute import ComputeList
from auditor.model.exposure import AccessGrant
from auditor.model.function import Function
from auditor.model.guardrails import Guardrails
from auditor.model.ids import Cloud
from auditor.model.observed import UNFILLED, Observed
from auditor.model.principals import Principal
from auditor.model.role_holders import CustomRole, Denial, RoleHolder, Workload
from auditor.model.telemetry import LogGroup, Trail
from auditor.model.trigger import Flow


@frozen
class Scope:
    """An account, subscription or project."""

    id: str
    """`<cloud>/<name>`."""
    cloud: Cloud
    """The cloud."""
    name: str
    """Account, subscription or project id."""
    locations: tuple[str, ...]
    """Regions that were asked."""
    guardrails: Observed[Guardrails] = UNFILLED
    """What holds for the whole of it."""
    principals: Observed[tuple[Principal, ...]] = UNFILLED
    """Its roles, users and groups."""
    compute: tuple[ComputeList, ...] = ()
    """Compute besides functions that some principal may act on and that a role could be reached by, kind by kind."""
    role_holders: tuple[Observed[tuple[RoleHolder, ...]], ...] = (UNFILLED,)
    """Who holds roles on it, above it and in it: what was read, and why there may be more."""
    workloads: tuple[Observed[tuple[Workload, ...]], ...] = (UNFILLED,)
    """Its identities, and what besides functions runs as them: what was read, and why there may be more."""
    custom_roles: Observed[tuple[CustomRole, ...]] = UNFILLED
    """Its custom roles, assigned or not."""
    denials: tuple[Observed[tuple[Denial, ...]], ...] = (UNFILLED,)
    """What is denied whatever roles allow: what was read, and why there may be more."""
    spend_alerts: Observed[tuple[str, ...]] = UNFILLED
    """Budgets and monitors of anomalies that watch its costs."""
    above: tuple[str, ...] = ()
    """Management groups, folders and organisation whose roles hold on it."""
    number: str = ""
    """Number by which the cloud names it in its own accounts; empty: none."""


@frozen
class Location:
    """One region of an account, with the settings that hold for every function there."""

    id: str
    """`<scope>/<location>`."""
    cloud: Cloud
    """The cloud."""
    scope: str
    """Id of its scope."""
    location: str
    """Region."""
    functions: Observed[int]
    """Number of functions there."""
    threat_detection: Observed[bool]
    """The cloud's threat detection covers functions."""
    package_scanning: Observed[bool]
    """The vulnerability scanner covers packages."""
    code_scanning: Observed[bool]
    """The vulnerability scanner covers code."""
    recording: Observed[bool]
    """Configuration changes of functions are recorded."""
    access_analysis: Observed[tuple[str, ...] | None]
    """Ids of resources with active findings of the access analyser; null: there is no analyser."""
    trace_key: Observed[bool]
    """Traces are encrypted with a customer-managed key."""
    trails: Observed[tuple[Trail, ...]]
    """Audit trails."""
    unreserved_concurrency: Observed[int]
    """Concurrent executions that unreserved functions share."""
    orphaned_logs: Observed[tuple[LogGroup, ...]]
    """Log groups of functions that no longer exist."""
    log_policies: Observed[tuple[AccessGrant, ...]]
    """Resource policies of the log service."""
    concurrency_limit: Observed[int] = UNFILLED
    """Concurrent executions of the account there, reserved or not."""
    code_stored: Observed[int] = UNFILLED
    """Bytes of code that its functions and layers store."""
    code_limit: Observed[int] = UNFILLED
    """Bytes of code that they may store."""
    flows: tuple[Observed[tuple[Flow, ...]], ...] = ()
    """Events that sources forward to one another, one group for each answer that names them."""


@frozen
class Inventory:
    """What one provider made of one capture."""

    scopes: tuple[Scope, ...]
    """Accounts, subscriptions or projects."""
    locations: tuple[Location, ...]
    """Their regions."""
    functions: tuple[Function, ...]
    """Their functions."""
