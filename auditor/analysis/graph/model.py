"""The nodes and edges of the trigger graph."""

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from auditor.model.observed import Gap
from auditor.model.trigger import Certainty

INTERNET = "internet"
"""The node of callers whom nothing identifies."""


class NodeKind(StrEnum):
    """What a node is, the same words on every cloud."""

    INTERNET = "internet"
    FUNCTION = "function"
    API = "api"
    URL = "url"
    LOAD_BALANCER = "load-balancer"
    QUEUE = "queue"
    TOPIC = "topic"
    BUCKET = "bucket"
    TABLE = "table"
    STREAM = "stream"
    EVENT_BUS = "event-bus"
    EVENT_RULE = "event-rule"
    SCHEDULE = "schedule"
    USER_POOL = "user-pool"
    DEVICE_RULE = "device-rule"
    LOG_GROUP = "log-group"
    EMAIL = "email"
    WORKFLOW = "workflow"
    SECRET = "secret"  # noqa: S105 - a kind of resource
    OTHER = "other"


class EdgeKind(StrEnum):
    """What an edge says."""

    CALLS = "calls"
    """Callers reach the target without identifying themselves."""
    INVOKES = "invokes"
    """An event of the source starts the function."""
    DELIVERS = "delivers"
    """The outcome of an invocation is sent there."""
    DEAD_LETTER = "dead-letter"
    """Events that failed are sent there."""
    FEEDS = "feeds"
    """One source forwards its events to another."""
    WRITES = "writes"
    """The function's identity may write there."""


@dataclass(frozen=True, slots=True, order=True)
class Node:
    """One function or resource. ``account`` is None where its id names none; ``unnamed`` stands for any of its kind."""

    id: str
    kind: NodeKind
    name: str
    service: str
    account: str | None = None
    unnamed: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """One way an event goes.

    ``via`` is where it was read, ``detail`` tells edges between the same two nodes apart (a qualifier, an event, a
    method with its path), ``filters`` select which events take it.
    """

    source: str
    target: str
    kind: EdgeKind
    certainty: Certainty
    via: str = ""
    detail: str = ""
    enabled: bool = True
    asynchronous: bool = False
    filters: tuple[str, ...] = ()
    entry: str = ""
    """The entry point of an app that the edge starts, or leaves; empty: the function has one, or any of its own."""


@dataclass(frozen=True, slots=True)
class Unread:
    """Edges that may exist and could not be read.

    ``subject`` is a function's id, with ``direction`` ``in`` or ``out``; a source's, with ``in``: which functions may
    write to it; or a location's, with ``between``: what its sources forward to one another.
    """

    subject: str
    direction: str
    gap: Gap


@dataclass(frozen=True)
class Graph:
    """Every way in and out that is known, sorted, and what is not known of them."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    unread: tuple[Unread, ...] = ()

    @cached_property
    def _by_id(self) -> dict[str, Node]:
        return {node.id: node for node in self.nodes}

    @cached_property
    def _outgoing(self) -> dict[str, tuple[Edge, ...]]:
        return _grouped(self.edges, "source")

    @cached_property
    def _incoming(self) -> dict[str, tuple[Edge, ...]]:
        return _grouped(self.edges, "target")

    def node(self, node_id: str) -> Node | None:
        """The node with this id."""
        return self._by_id.get(node_id)

    def out_of(self, node_id: str) -> tuple[Edge, ...]:
        """The edges that leave a node."""
        return self._outgoing.get(node_id, ())

    def into(self, node_id: str) -> tuple[Edge, ...]:
        """The edges that end at a node."""
        return self._incoming.get(node_id, ())


def _grouped(edges: tuple[Edge, ...], end: str) -> dict[str, tuple[Edge, ...]]:
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for edge in edges:
        found[getattr(edge, end)].append(edge)
    return {node: tuple(several) for node, several in found.items()}
