"""What starts a function, as the function's own side tells it."""

from enum import StrEnum

from auditor.model.asynchronous import Target
from auditor.model.base import frozen
from auditor.model.event_source import SourceSettings
from auditor.model.exposure import AccessGrant
from auditor.model.gateway import SourceRoute
from auditor.model.observed import UNFILLED, Observed
from auditor.model.workflow import Workflow


class TriggerKind(StrEnum):
    """Kinds of event source, the same words on every cloud."""

    HTTP = "http"
    QUEUE = "queue"
    STREAM = "stream"
    STORAGE = "storage"
    DATABASE = "database"
    SCHEDULE = "schedule"
    EVENT_BUS = "event-bus"
    TOPIC = "topic"
    IDENTITY = "identity"
    DEVICE = "device"
    EMAIL = "email"
    LOGS = "logs"
    WORKFLOW = "workflow"
    OTHER = "other"


class TriggerVia(StrEnum):
    """Where we learned of it."""

    MAPPING = "event-source-mapping"
    POLICY = "resource-policy"
    ENDPOINT = "endpoint"
    BINDING = "binding"
    EVENT_TRIGGER = "event-trigger"
    SOURCE = "source-configuration"


class Certainty(StrEnum):
    """Which ends of a connection say that it exists."""

    BOTH_ENDS = "both-ends"
    """The function admits the source, and the source sends to it."""
    SOURCE_ONLY = "source-only"
    """The source sends to the function; no statement that admits it was found."""
    FUNCTION_ONLY = "function-only"
    """The function admits the source; whether the source sends was not read, or it does not."""
    SOURCE_GONE = "source-gone"
    """The cloud says that the other end does not exist."""
    PERMITTED = "permitted"
    """A permission allows it; nothing says that it is used."""


class TriggerAuthentication(StrEnum):
    """How the host signs in at the event source."""

    KEY = "key"
    IDENTITY = "identity"
    REFERENCE = "reference"
    """A key kept in a vault."""


@frozen
class Trigger:
    """One event source."""

    kind: TriggerKind
    """Kind of event source, the same words on every cloud."""
    service: str
    """The cloud's name of the service."""
    source: str | None
    """Resource id of the source; null: not named."""
    account: str | None
    """Account that owns the source; null: not named."""
    via: TriggerVia
    """Where it was read."""
    enabled: bool
    """It delivers events."""
    asynchronous: bool
    """Failed events are retried by the platform and can be lost without a failure destination; null: not known for this
    kind.
    """
    qualifier: str | None
    """Alias or version it starts; null: the function itself."""
    handler: str | None = None
    """Entry point inside an app; null: the function itself."""
    authentication: Observed[TriggerAuthentication] = UNFILLED
    """How the host authenticates at the source."""
    open_to: Observed[tuple[str, ...]] = UNFILLED
    """External principals that may write to the source."""
    source_grants: Observed[tuple[AccessGrant, ...]] = UNFILLED
    """Statements of the source's own policy by which others than its account may write to it."""
    written_by: tuple[Observed[SourceRoute], ...] = ()
    """Routes of APIs that write to the source by themselves; an unknown one: others may, which were not read."""
    filters: tuple[str, ...] = ()
    """Patterns that select events."""
    broad: tuple[str, ...] = ()
    """Those of the patterns that are wildcards."""
    retry: Observed[bool] = UNFILLED
    """Failures are retried without end."""
    dead_letter: Observed[bool] = UNFILLED
    """Failed events end in a dead-letter queue."""
    writes_back: Observed[bool] = UNFILLED
    """The function's own identity may write to the source."""
    can_invoke: Observed[bool] = UNFILLED
    """The identity that delivers events may invoke the function."""
    batch_size: Observed[int] = UNFILLED
    """Most messages or records that one run takes."""
    max_concurrency: Observed[int | None] = UNFILLED
    """Most runs at a time that the mapping starts; null: only the platform's limit."""
    parallelization: Observed[int] = UNFILLED
    """Runs at a time for each shard."""
    partial_batches: Observed[bool] = UNFILLED
    """A run says which records of its batch failed, so that only those come again."""
    bisects: Observed[bool] = UNFILLED
    """A batch that fails is split in two, until the record that fails is alone."""
    batch_window: Observed[int] = UNFILLED
    """Most seconds for which records are gathered before a run."""
    filtered: Observed[bool] = UNFILLED
    """The mapping starts a run for events that match a filter alone."""
    filter_key: Observed[str | None] = UNFILLED
    """The customer's key that its filter is encrypted with; null: none."""
    access: Observed[tuple[str, ...]] = UNFILLED
    """Kinds of credentials and network settings by which the mapping reaches brokers, as the cloud names them."""
    failure_target: Observed[Target | None] = UNFILLED
    """Where the mapping sends records that failed; null: nowhere."""
    exists: Observed[bool] = UNFILLED
    """The source that a mapping reads is there."""
    settings: Observed[SourceSettings] = UNFILLED
    """What its own service says about the source."""
    workflow: Observed[Workflow] = UNFILLED
    """How the state machine is set up that starts the function."""
    deliverer: Observed[str | None] = UNFILLED
    """Identity that delivers the events; null: none is set, which leaves it to the platform."""
    certainty: Certainty = Certainty.FUNCTION_ONLY
    """Which ends of the connection say that it exists."""
    resource: str | None = None
    """The source with the account or namespace that tells it from others of its name; null: not told."""
    writers: Observed[tuple[str, ...]] = UNFILLED
    """Accounts that the source's own policy lets write to it."""
    id: Observed[str] = UNFILLED
    """UUID of the event source mapping."""


@frozen
class Flow:
    """Events that one source forwards to another: a bucket to a queue, a topic to a queue, a rule to a bus."""

    source: str
    """Resource id of the source."""
    target: str
    """Resource id of what receives its events."""
    service: str
    """The cloud's name of the source's service."""
    operation: str
    """Operation whose answer names it."""
    filters: tuple[str, ...] = ()
    """Patterns that select events."""
