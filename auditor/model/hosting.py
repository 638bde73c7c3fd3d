"""How and on what a function runs: the kind of hosting, its plan, its state, the switches of its host."""

from enum import StrEnum

from auditor.model.base import noun
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


@noun
class Plan:
    """The compute plan of a function. ``capacity`` counts workers, ``functions`` the apps on it."""

    id: str
    name: str
    tier: str
    sku: str
    capacity: Observed[int]
    zone_redundant: Observed[bool]
    functions: Observed[int]


@noun
class ContainerHost:
    """The container platform an app is hosted on.

    ``external``: its ingress answers the internet; ``allow_insecure``: plain HTTP too; ``restricted``: it has
    source restrictions; ``public_environment``: the environment around it is public; ``plain_secrets``: names of
    variables whose plain value was judged a credential; ``login``: it asks callers to sign in.
    """

    id: str
    external: Observed[bool]
    allow_insecure: Observed[bool]
    restricted: Observed[bool]
    public_environment: Observed[bool]
    plain_secrets: Observed[tuple[str, ...]]
    login: Observed[bool]


@noun
class Hosting:
    """What runs the function.

    ``system`` linux or windows (None: not told). ``slot`` names the deployment slot this function is (None: the
    production app), ``parent`` the id of the app it is a slot of, ``slots`` the names of an app's slots.
    ``state_reason`` explains a state that is not ACTIVE. ``host_version`` and ``worker`` are the host's version
    and language worker as configured (Known(None): not set). ``in_process``: code shares the host's process
    (.NET). ``framework`` the framework version of a Windows app. ``health_probe`` the path or kind of probe
    (Known(None): none). ``startup_command`` Known("") where none. ``shares_host_id`` names the other functions
    that keep their locks under the same host id. ``first_sandbox``: the older execution sandbox. ``cpu_always``:
    CPU is paid for while idle. ``upgrade`` the state of a half-done move between generations (Known(None): none).
    ``extensions`` names what is installed into the host; ``proxies`` whether its host was told to serve legacy proxies.
    ``locked``: a resource lock guards it. ``backup``: backups are configured. ``hybrid``: names of on-premises
    hosts it reaches through a relay. ``unique_hostname``: its default host name cannot be taken over after a
    deletion. ``audiences`` are custom token audiences it accepts.
    """

    kind: HostingKind
    system: str | None
    container: bool
    slot: str | None = None
    parent: str | None = None
    slots: Observed[tuple[str, ...]] = UNFILLED
    plan: Observed[Plan | None] = UNFILLED
    state: Observed[ServiceState] = UNFILLED
    state_reason: str = ""
    host_version: Observed[str | None] = UNFILLED
    worker: Observed[str | None] = UNFILLED
    in_process: Observed[bool] = UNFILLED
    framework: Observed[str | None] = UNFILLED
    always_on: Observed[bool] = UNFILLED
    session_affinity: Observed[bool] = UNFILLED
    health_probe: Observed[str | None] = UNFILLED
    self_healing: Observed[bool] = UNFILLED
    worker_32bit: Observed[bool] = UNFILLED
    web_sockets: Observed[bool] = UNFILLED
    interactive_shell: Observed[bool] = UNFILLED
    remote_debugging: Observed[bool] = UNFILLED
    startup_command: Observed[str] = UNFILLED
    bundled_database: Observed[bool] = UNFILLED
    shares_host_id: Observed[tuple[str, ...]] = UNFILLED
    first_sandbox: Observed[bool] = UNFILLED
    cpu_always: Observed[bool] = UNFILLED
    upgrade: Observed[str | None] = UNFILLED
    extensions: Observed[tuple[str, ...]] = UNFILLED
    proxies: Observed[bool] = UNFILLED
    locked: Observed[bool] = UNFILLED
    backup: Observed[bool] = UNFILLED
    hybrid: Observed[tuple[str, ...]] = UNFILLED
    unique_hostname: Observed[bool] = UNFILLED
    audiences: Observed[tuple[str, ...]] = UNFILLED
    container_host: Observed[ContainerHost | None] = UNFILLED
