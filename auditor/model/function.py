"""The function: everything a check may ask of it."""

from auditor.model.asynchronous import FailureHandling
from auditor.model.base import noun
from auditor.model.code import Code
from auditor.model.deployment import Deployment
from auditor.model.environment import EncryptionKey, Environment
from auditor.model.exposure import Endpoint, QualifiedPolicy
from auditor.model.guardrails import Caller
from auditor.model.handler import Handler
from auditor.model.hosting import Hosting
from auditor.model.identity import Identity
from auditor.model.ids import Cloud
from auditor.model.ingress import Ingress
from auditor.model.lifecycle import Support
from auditor.model.limits import Limits
from auditor.model.login import Login
from auditor.model.network import Network
from auditor.model.observed import UNFILLED, Observed
from auditor.model.storage import Keeping
from auditor.model.telemetry import Logging
from auditor.model.transport import Transport
from auditor.model.trigger import Trigger
from auditor.model.usage import Monitoring


@noun
class Alias:
    """A named pointer at a version. ``weights``: other versions that take part of the traffic, with their share."""

    name: str
    version: str
    weights: tuple[tuple[str, float], ...]


@noun
class Mount:
    """A shared file system mounted into the function.

    ``root_directory``/``posix_user``: of its access point; ``encrypted``: at rest; ``open_policy``: the file
    system's policy lets anyone mount it (Known(None): no policy, so identity permissions alone decide).
    """

    id: str
    path: str
    exists: Observed[bool]
    root_directory: Observed[str]
    posix_user: Observed[bool]
    encrypted: Observed[bool]
    open_policy: Observed[bool | None]


@noun
class Function:
    """One deployed function.

    ``id`` is the cloud's own (an ARN on AWS), ``scope`` the scope id (``aws/123456789012``), ``location`` the
    region. ``runtime`` Known(None): a container image brings its own. ``policies`` holds the resource policy of
    each qualifier that was asked for; ``proved_for`` names them for the reader. ``triggers`` is one observed
    group for each place the cloud tells of triggers. ``environment_key`` is the customer's key that encrypts the
    variables (Known(None): the cloud's own); it is told even where the variables cannot be decrypted for us.
    ``source`` names the answer that listed the function.

    What follows ``mounts`` not every cloud tells. ``attached`` are further identities the code can act as;
    ``support`` the dates of its runtime as the cloud itself gives them (Known(None): it gives none); ``handlers``
    the entry points inside an app; ``callers`` the jobs and subscriptions that call it by URL.
    """

    id: str
    name: str
    cloud: Cloud
    scope: str
    location: str
    source: str
    tags: Observed[tuple[tuple[str, str], ...]]
    runtime: Observed[str | None]
    architectures: Observed[tuple[str, ...]]
    identity: Observed[Identity | None]
    policies: Observed[tuple[QualifiedPolicy, ...]]
    endpoints: Observed[tuple[Endpoint, ...]]
    triggers: tuple[Observed[tuple[Trigger, ...]], ...]
    aliases: Observed[tuple[Alias, ...]]
    environment: Observed[Environment]
    environment_key: Observed[EncryptionKey | None]
    network: Observed[Network | None]
    code: Code
    limits: Limits
    failures: FailureHandling
    logging: Observed[Logging]
    tracing: Observed[bool]
    mounts: Observed[tuple[Mount, ...]]
    attached: Observed[tuple[Identity, ...]] = UNFILLED
    support: Observed[Support | None] = UNFILLED
    hosting: Observed[Hosting] = UNFILLED
    handlers: Observed[tuple[Handler, ...]] = UNFILLED
    transport: Observed[Transport] = UNFILLED
    ingress: Observed[Ingress] = UNFILLED
    login: Observed[Login] = UNFILLED
    deployment: Observed[Deployment] = UNFILLED
    keeping: Observed[Keeping] = UNFILLED
    monitoring: Observed[Monitoring] = UNFILLED
    callers: Observed[tuple[Caller, ...]] = UNFILLED
