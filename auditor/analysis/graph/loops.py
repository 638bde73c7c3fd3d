"""Loops of the graph: events that come back to the function that caused them."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from auditor.analysis.graph.model import Edge, EdgeKind, Graph, Node, NodeKind
from auditor.analysis.graph.nodes import OBJECTS
from auditor.model.observed import Gap
from auditor.model.trigger import Certainty
from auditor.model.wildcards import overlaps

_CARRY: Final = frozenset({EdgeKind.INVOKES, EdgeKind.DELIVERS, EdgeKind.DEAD_LETTER, EdgeKind.FEEDS, EdgeKind.WRITES})
_NAMING: Final = frozenset({EdgeKind.WRITES, EdgeKind.DELIVERS})
"""Kinds of edges whose filters say which objects are written."""
_CREATED: Final = "s3:ObjectCreated"


@dataclass(frozen=True, slots=True)
class Loop:
    """The edges of one loop, in their order, and the nodes that they leave."""

    edges: tuple[Edge, ...]
    nodes: tuple[Node, ...]

    @property
    def proved(self) -> bool:
        """Whether every edge is configured, so that nothing but the code decides whether it goes round."""
        return all(edge.certainty is not Certainty.PERMITTED for edge in self.edges)

    @property
    def functions(self) -> tuple[str, ...]:
        """The ids of its functions."""
        return tuple(node.id for node in self.nodes if node.kind is NodeKind.FUNCTION)

    def __str__(self) -> str:
        """Such as ``function thumbnails → bucket photos → function thumbnails``."""
        return " → ".join(f"{node.kind.value} {node.name}" for node in (*self.nodes, self.nodes[0]))


def loops(graph: Graph) -> tuple[Loop, ...]:
    """A shortest loop through each function that is on one, each loop once."""
    steps = _Steps(graph)
    functions = {node.id for node in graph.nodes if node.kind is NodeKind.FUNCTION}
    found: dict[frozenset[Edge], Loop] = {}
    for component in _components(steps):
        inside = frozenset(component)
        covered: set[str] = set()
        for start in sorted(name for name in inside if name.partition(_ENTRY)[0] in functions):
            if start in covered:
                continue
            edges = steps.back_to(start, inside)
            covered.update(step_of(edge) for edge in edges)
            nodes = (graph.node(edge.source) for edge in edges)
            found.setdefault(frozenset(edges), Loop(edges, tuple(node for node in nodes if node is not None)))
    return tuple(sorted(found.values(), key=lambda loop: (len(loop.edges), loop.edges)))


def doubts(graph: Graph) -> dict[str, Gap]:
    """Why a function may be on a loop that was not found: it can be reached from a source whose writers are not known,
    and any function that it reaches may be one of them.
    """
    steps = _Steps(graph)
    found: dict[str, Gap] = {}
    reached: set[str] = set()
    for unread in graph.unread:
        node = graph.node(unread.subject)
        if node is None or node.kind is NodeKind.FUNCTION or unread.subject in reached:
            continue
        waiting = [unread.subject]
        while waiting:
            here = waiting.pop()
            if here not in reached:
                reached.add(here)
                found[here.partition(_ENTRY)[0]] = unread.gap
                waiting.extend(steps.of(here))
    return found


_ENTRY: Final = "\0\0"


def step_of(edge: Edge) -> str:
    """What an event leaves: of an app with several entry points, the one whose output it is."""
    return f"{edge.source}{_ENTRY}{edge.entry}" if edge.entry and edge.kind is not EdgeKind.INVOKES else edge.source


def _reached(edge: Edge) -> str:
    """What an event arrives at, alike."""
    return f"{edge.target}{_ENTRY}{edge.entry}" if edge.entry and edge.kind is EdgeKind.INVOKES else edge.target


class _Steps:
    """The edges along which an event can go on. A bucket that filters events has a copy for each kind of write, an app
    one for each of its entry points.
    """

    def __init__(self, graph: Graph) -> None:
        self._out: dict[str, dict[str, Edge]] = {}
        copies: dict[tuple[Edge, ...], str] = {}
        for edge in graph.edges:
            if edge.kind not in _CARRY or not edge.enabled or edge.certainty is Certainty.SOURCE_GONE:
                continue
            self._out.setdefault(step_of(edge), {}).setdefault(self._target(graph, edge, copies), edge)
        for onward, name in copies.items():
            self._out[name] = {_reached(edge): edge for edge in onward}

    def _target(self, graph: Graph, edge: Edge, copies: dict[tuple[Edge, ...], str]) -> str:
        if not edge.filters or edge.kind not in _NAMING:
            return _reached(edge)
        every = graph.out_of(edge.target)
        onward = tuple(each for each in every if each.enabled and each.kind in _CARRY and _meets(edge, each))
        return edge.target if len(onward) == len(every) else copies.setdefault(onward, f"{edge.target}\0{len(copies)}")

    def of(self, node: str) -> Mapping[str, Edge]:
        """Where an event goes from here."""
        return self._out.get(node, {})

    @property
    def starts(self) -> Iterable[str]:
        """All that an event leaves."""
        return self._out

    def back_to(self, start: str, inside: frozenset[str]) -> tuple[Edge, ...]:
        """The edges of a shortest way from a node back to itself, within its component."""
        came: dict[str, tuple[str, Edge]] = {}
        waiting = deque([start])
        while waiting:
            here = waiting.popleft()
            if start in self.of(here):  # asked before a node with thousands of targets is walked through
                return tuple(reversed([self.of(here)[start], *_trail(came, here, start)]))
            for target, edge in self.of(here).items():
                if target in inside and target not in came:
                    came[target] = (here, edge)
                    waiting.append(target)
        return ()


def _trail(came: Mapping[str, tuple[str, Edge]], here: str, start: str) -> Iterator[Edge]:
    while here != start:
        here, edge = came[here]
        yield edge


def _meets(write: Edge, onward: Edge) -> bool:
    """Whether what is written can be what the source sends on: an object whose name its filters let through."""
    events = [each for each in onward.filters if each.startswith("s3:")]
    if events and not any(each.startswith(_CREATED) for each in events):
        return False
    prefix = next((each.partition("=")[2] for each in onward.filters if each.lower().startswith("prefix=")), "")
    suffix = next((each.partition("=")[2] for each in onward.filters if each.lower().startswith("suffix=")), "")
    meant = [each.removeprefix(OBJECTS) for each in onward.filters if each.startswith(OBJECTS)]
    wanted = meant or [f"{prefix}*{suffix}"]
    return any(overlaps(objects, each) for objects in write.filters for each in wanted)


def _components(steps: _Steps) -> Iterator[list[str]]:
    """The strongly connected components with a loop in them (Tarjan, without recursion: chains may be long)."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    waiting: list[str] = []
    inside: set[str] = set()
    for root in tuple(steps.starts):
        if root in order:
            continue
        work = [(root, iter(steps.of(root)))]
        order[root] = lowest[root] = len(order)
        waiting.append(root)
        inside.add(root)
        while work:
            node, onward = work[-1]
            target = next(onward, None)
            if target is None:
                work.pop()
                if work:
                    lowest[work[-1][0]] = min(lowest[work[-1][0]], lowest[node])
                if lowest[node] == order[node]:
                    yield from _closed(node, waiting, inside, steps)
            elif target not in order:
                order[target] = lowest[target] = len(order)
                waiting.append(target)
                inside.add(target)
                work.append((target, iter(steps.of(target))))
            elif target in inside:
                lowest[node] = min(lowest[node], order[target])


def _closed(node: str, waiting: list[str], inside: set[str], steps: _Steps) -> Iterator[list[str]]:
    """Takes a finished component off the stack; yields it where something in it leads back to itself."""
    component = list[str]()
    while not component or component[-1] != node:
        component.append(waiting.pop())
        inside.discard(component[-1])
    if len(component) > 1 or node in steps.of(node):
        yield component
