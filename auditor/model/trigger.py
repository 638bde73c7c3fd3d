"""What starts a function, as the function's own side tells it."""

from enum import StrEnum

from auditor.model.base import noun
from auditor.model.observed import UNFILLED, Observed


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


class TriggerLogin(StrEnum):
    """How the host signs in at the event source."""

    KEY = "key"
    IDENTITY = "identity"
    REFERENCE = "reference"
    """A key kept in a vault."""


@noun
class Trigger:
    """One event source. ``source`` is its id where named; ``asynchronous`` True where failures are retried
    by the platform and can be lost without a failure path (None: not known for this kind).

    ``handler`` names the entry point inside an app. ``login`` is how the host signs in at the source.
    ``open_to`` names strangers who may write to the source (Known(()): none). ``filters`` are patterns that select
    events, ``broad`` those of them that are wildcards. ``retry``: failures are retried without end; ``dead_letter``:
    and end in a dead-letter place. ``writes_back``: the function's own identity may write to the source.
    ``can_invoke``: the identity that delivers events is allowed to.
    """

    kind: TriggerKind
    service: str
    source: str | None
    account: str | None
    via: TriggerVia
    enabled: bool
    asynchronous: bool
    qualifier: str | None
    handler: str | None = None
    login: Observed[TriggerLogin] = UNFILLED
    open_to: Observed[tuple[str, ...]] = UNFILLED
    filters: tuple[str, ...] = ()
    broad: tuple[str, ...] = ()
    retry: Observed[bool] = UNFILLED
    dead_letter: Observed[bool] = UNFILLED
    writes_back: Observed[bool] = UNFILLED
    can_invoke: Observed[bool] = UNFILLED
