"""What starts a function, as the function's own side tells it."""

from enum import StrEnum

from auditor.model.base import noun


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


@noun
class Trigger:
    """One event source. ``source`` is its id where named; ``asynchronous`` True where failures are retried
    by the platform and can be lost without a failure path (None: not known for this kind).
    """

    kind: TriggerKind
    service: str
    source: str | None
    account: str | None
    via: TriggerVia
    enabled: bool
    asynchronous: bool
    qualifier: str | None
