"""What sets functions off and where their events go."""

from typing import Literal

from pydantic import Field

from auditor.model.observed import GapReason
from auditor.model.report.row import Row


class GraphNodeRow(Row):
    """A function, or a resource that sends events to one or takes events from one."""

    id: str
    """Resource id; `internet` for callers without an identity; `<cloud>:<service>:*`: any resource of it."""
    kind: str
    """Kind of resource, the same words on every cloud."""
    name: str
    """Its name."""
    service: str
    """The cloud's name of its service; empty for functions."""
    account: str | None
    """Account that owns it; null: its id names none."""
    unnamed: bool
    """It stands for any resource of its kind."""


class GraphEdgeRow(Row):
    """One way an event goes."""

    source: str = Field(alias="from")
    """Node it comes from."""
    to: str
    """Node it goes to."""
    kind: str
    """`calls`, `invokes`, `delivers`, `dead-letter`, `feeds` or `writes`."""
    certainty: str
    """Which ends of the connection say that it exists."""
    via: str
    """Where it was read."""
    detail: str
    """What tells it apart from others between the same nodes: a qualifier, an outcome, a method with its path."""
    enabled: bool
    """Events flow."""
    asynchronous: bool
    """The platform retries failed events and can lose them."""
    filters: tuple[str, ...]
    """Patterns that select events."""


class GraphUnreadRow(Row):
    """Edges that may exist and could not be read."""

    subject: str
    """Id of a function, of a source (which functions may write to it), or of a location."""
    direction: Literal["in", "out", "between"]
    """Which edges of a function or a source; `between`: those among the sources of a location."""
    reason: GapReason
    """Why."""
    operation: str
    """The operation that would have shown them."""
    permission: str | None
    """Permission that was missing; null: none would have told it."""
    message: str
    """What was answered."""


class GraphRow(Row):
    """What sets functions off and where their events go."""

    nodes: tuple[GraphNodeRow, ...]
    """Functions and resources, by id."""
    edges: tuple[GraphEdgeRow, ...]
    """Ways in, ways out, and between resources."""
    unread: tuple[GraphUnreadRow, ...]
    """What is missing of it."""
