"""The function: everything a check may ask of it."""

from auditor.model.access import EffectivePermissions
from auditor.model.alarm import Alarm, Detection
from auditor.model.asynchronous import FailureHandling
from auditor.model.authentication import Authentication
from auditor.model.base import frozen
from auditor.model.code import Code
from auditor.model.deployment import Deployment
from auditor.model.environment import EncryptionKey, Environment
from auditor.model.exposure import Endpoint, QualifiedPolicy
from auditor.model.gateway import Gateway
from auditor.model.guardrails import Caller
from auditor.model.handler import Handler
from auditor.model.hosting import Hosting
from auditor.model.identity import Identity
from auditor.model.ids import Cloud
from auditor.model.ingress import Ingress
from auditor.model.lifecycle import Support
from auditor.model.limits import Limits
from auditor.model.network import Network
from auditor.model.observed import UNFILLED, Observed
from auditor.model.storage import Storage
from auditor.model.tags import Tags
from auditor.model.telemetry import Logging
from auditor.model.transport import Transport
from auditor.model.trigger import Trigger
from auditor.model.usage import Monitoring


@frozen
class Alias:
    """A named pointer at a version."""

    name: str
    """Name of the alias."""
    version: str
    """Version it points at."""
    weights: tuple[tuple[str, float], ...]
    """Other versions that take part of the traffic, each with its share from 0 to 1."""


@frozen
class ServedVersion:
    """A published version that is invoked: by an alias, a trigger or a URL. It keeps what it was published with."""

    version: str
    """Number of the version."""
    through: tuple[str, ...]
    """Aliases that point at it; empty: it is invoked by its number."""
    runtime: Observed[str | None]
    """Runtime it was published with; null: a container image brings its own."""
    identity: Observed[Identity]
    """Identity it runs as."""


@frozen
class Mount:
    """A shared file system mounted into the function."""

    id: str
    """Resource id of the access point or share."""
    path: str
    """Path it is mounted at."""
    exists: Observed[bool]
    """False: it was deleted."""
    root_directory: Observed[str]
    """Root directory of the access point."""
    posix_user: Observed[bool]
    """The access point enforces a POSIX user."""
    encrypted: Observed[bool]
    """Encrypted at rest."""
    open_policy: Observed[bool | None]
    """The file system's policy lets any principal mount it; null: no policy, identity permissions decide."""


@frozen
class Function:
    """One deployed function: everything a check may ask of it."""

    id: str
    """The id that the cloud gives it: ARN, lower-cased resource id, or full resource name."""
    name: str
    """Name of the function."""
    cloud: Cloud
    """The cloud it runs on."""
    scope: str
    """Id of its account, subscription or project, such as `aws/123456789012`."""
    location: str
    """Region."""
    source: str
    """Operation whose answer listed it."""
    tags: Observed[Tags]
    """Tags or labels by key; Azure's keys compare without case."""
    runtime: Observed[str | None]
    """Runtime as the cloud names it; null: a container image brings its own."""
    architectures: Observed[tuple[str, ...]]
    """Processor architectures."""
    identity: Observed[Identity | None]
    """Identity it runs as; null: none."""
    policies: Observed[tuple[QualifiedPolicy, ...]]
    """Resource policy of each qualifier that was asked for."""
    endpoints: Observed[tuple[Endpoint, ...]]
    """URLs it answers on."""
    triggers: tuple[Observed[tuple[Trigger, ...]], ...]
    """Event sources, one group for each answer that names them."""
    aliases: Observed[tuple[Alias, ...]]
    """Named pointers at versions."""
    environment: Observed[Environment]
    """Environment variables or app settings."""
    environment_key: Observed[EncryptionKey | None]
    """Customer-managed key of the variables; null: the provider-managed key."""
    network: Observed[Network | None]
    """Private network it is attached to; null: none."""
    code: Code
    """What it runs."""
    limits: Limits
    """Timeout, memory and concurrency limits."""
    failures: FailureHandling
    """What becomes of events that fail."""
    logging: Observed[Logging]
    """Where it logs."""
    tracing: Observed[bool]
    """Traces are recorded."""
    mounts: Observed[tuple[Mount, ...]]
    """Shared file systems."""
    attached: Observed[tuple[Identity, ...]] = UNFILLED
    """Further identities the code can act as."""
    support: Observed[Support | None] = UNFILLED
    """Support dates of the runtime as the cloud gives them; null: it gives none."""
    hosting: Observed[Hosting] = UNFILLED
    """How and on what it runs."""
    handlers: Observed[tuple[Handler, ...]] = UNFILLED
    """Entry points inside an app."""
    transport: Observed[Transport] = UNFILLED
    """How traffic to it is encrypted."""
    ingress: Observed[Ingress] = UNFILLED
    """Which networks can reach it, and where its own traffic goes."""
    authentication: Observed[Authentication] = UNFILLED
    """The platform's authentication in front of it."""
    deployment: Observed[Deployment] = UNFILLED
    """How code reaches it."""
    storage: Observed[Storage] = UNFILLED
    """Host storage account, vault references and encryption key."""
    monitoring: Observed[Monitoring] = UNFILLED
    """Metrics, logs and threat detection."""
    gateways: Observed[tuple[Gateway, ...]] = UNFILLED
    """Gateways and load balancers with routes that end at it."""
    gateways_listed: Observed[bool] = UNFILLED
    """Every gateway that may have a route to it was read."""
    alarms: Observed[tuple[Alarm, ...]] = UNFILLED
    """Alarms on its metrics."""
    detections: Observed[tuple[Detection, ...]] = UNFILLED
    """Active findings of threat detection about it."""
    callers: Observed[tuple[Caller, ...]] = UNFILLED
    """Jobs and subscriptions that call it by URL."""
    served: Observed[tuple[ServedVersion, ...]] = UNFILLED
    """Published versions that are invoked, with what they were published with; what the code of the function itself
    is and may do tells nothing of them."""
    effective_permissions: Observed[EffectivePermissions] = UNFILLED
    """What its identity can do, whom it can become, and who can take it over."""
