"""How and on what a function runs: the kind of hosting, its plan, its state, the switches of its host."""

from enum import StrEnum

from auditor.model.base import frozen
from auditor.model.observed import UNFILLED, Observed


class HostingKind(StrEnum):
    """How the cloud runs the function."""

    MANAGED = "managed"
    CONSUMPTION = "consumption"
    FLEX_CONSUMPTION = "flex-consumption"
    PREMIUM = "premium"
    DEDICATED = "dedicated"
    CONTAINER_APPS = "container-apps"
    KUBERNETES = "kubernetes"
    FIRST_GENERATION = "first-generation"
    SECOND_GENERATION = "second-generation"
    SERVICE = "service"
    """A container service deployed from a function, unknown to the functions API."""
    UNRECOGNISED = "unrecognised"


class ServiceState(StrEnum):
    """Whether it can run at all."""

    ACTIVE = "active"
    STOPPED = "stopped"
    DEPLOYING = "deploying"
    FAILED = "failed"
    UNRECOGNISED = "unrecognised"


@frozen
class Plan:
    """The compute plan of a function app."""

    id: str
    """Resource id of the plan."""
    name: str
    """Name of the plan."""
    tier: str
    """Pricing tier."""
    sku: str
    """Size."""
    capacity: Observed[int]
    """Number of workers."""
    zone_redundant: Observed[bool]
    """Spread over availability zones."""
    functions: Observed[int]
    """Number of apps on it."""
    max_workers: Observed[int | None] = UNFILLED
    """Most workers that it scales out to; null: not set."""


@frozen
class ContainerHost:
    """The container platform an app is hosted on."""

    id: str
    """Resource id of the container app."""
    external: Observed[bool]
    """Its ingress answers the internet."""
    allow_insecure: Observed[bool]
    """It answers plain HTTP."""
    restricted: Observed[bool]
    """It has source restrictions."""
    public_environment: Observed[bool]
    """The environment around it is public."""
    environment: Observed[str]
    """Resource id of the environment."""
    plain_secrets: Observed[tuple[str, ...]]
    """Names of variables whose plain value is a credential."""
    authentication: Observed[bool]
    """It authenticates callers."""


@frozen
class Hosting:
    """How and on what the function runs."""

    kind: HostingKind
    """Kind of hosting."""
    system: str | None
    """`linux` or `windows`; null: not told."""
    container: bool
    """It runs a custom container image."""
    slot: str | None = None
    """Deployment slot this function is; null: the production app."""
    parent: str | None = None
    """Id of the app it is a slot of; null: none."""
    slots: Observed[tuple[str, ...]] = UNFILLED
    """Names of its deployment slots."""
    plan: Observed[Plan | None] = UNFILLED
    """Compute plan; null: none."""
    state: Observed[ServiceState] = UNFILLED
    """Whether it can run."""
    state_reason: str = ""
    """Why it is not active; empty: it is."""
    host_version: Observed[str | None] = UNFILLED
    """Configured host version; null: not set."""
    worker: Observed[str | None] = UNFILLED
    """Configured language worker; null: not set."""
    in_process: Observed[bool] = UNFILLED
    """Code shares the host's process (.NET)."""
    framework: Observed[str | None] = UNFILLED
    """Framework version of a Windows app; null: not set."""
    always_on: Observed[bool] = UNFILLED
    """An instance is always running."""
    session_affinity: Observed[bool] = UNFILLED
    """Callers are bound to one instance by a cookie."""
    health_probe: Observed[str | None] = UNFILLED
    """Path or kind of health probe; null: none."""
    self_healing: Observed[bool] = UNFILLED
    """The platform restarts it by rules."""
    worker_32bit: Observed[bool] = UNFILLED
    """The worker process is 32-bit."""
    web_sockets: Observed[bool] = UNFILLED
    """Web sockets are enabled."""
    interactive_shell: Observed[bool] = UNFILLED
    """SSH into the container is enabled."""
    remote_debugging: Observed[bool] = UNFILLED
    """Remote debugging is enabled."""
    startup_command: Observed[str] = UNFILLED
    """Command that starts it; empty: none."""
    bundled_database: Observed[bool] = UNFILLED
    """The bundled local database is enabled."""
    shares_host_id: Observed[tuple[str, ...]] = UNFILLED
    """Ids of functions that use the same host id."""
    first_sandbox: Observed[bool] = UNFILLED
    """It runs in the first-generation sandbox."""
    cpu_always: Observed[bool] = UNFILLED
    """CPU is allocated while idle."""
    upgrade: Observed[str | None] = UNFILLED
    """State of an unfinished move between generations; null: none."""
    extensions: Observed[tuple[str, ...]] = UNFILLED
    """Site extensions installed beside the code."""
    proxies: Observed[bool] = UNFILLED
    """The host serves legacy proxies."""
    locked: Observed[bool] = UNFILLED
    """A resource lock protects it from deletion."""
    backup: Observed[bool] = UNFILLED
    """Backups are configured."""
    hybrid: Observed[tuple[str, ...]] = UNFILLED
    """Names of on-premises hosts it reaches through a relay."""
    unique_hostname: Observed[bool] = UNFILLED
    """Its default host name cannot be taken over after a deletion."""
    audiences: Observed[tuple[str, ...]] = UNFILLED
    """Custom token audiences it accepts."""
    container_host: Observed[ContainerHost | None] = UNFILLED
    """Container platform it is hosted on; null: none."""
