"""Which resources that set functions off a function's own identity may write to: the edges that can close a loop."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from auditor.analysis.graph.model import Edge, EdgeKind, Graph, Node, NodeKind
from auditor.analysis.roles import identities_of
from auditor.model.exposure import Effect
from auditor.model.function import Function
from auditor.model.identity import Conditions, PolicyStatement
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.trigger import Certainty
from auditor.model.wildcards import ANY, covers, overlaps

_ACTIONS: Final[Mapping[NodeKind, tuple[str, ...]]] = {
    NodeKind.BUCKET: ("s3:putobject",),
    NodeKind.QUEUE: ("sqs:sendmessage",),
    NodeKind.TOPIC: ("sns:publish",),
    NodeKind.TABLE: ("dynamodb:putitem", "dynamodb:updateitem", "dynamodb:batchwriteitem"),
    NodeKind.STREAM: ("kinesis:putrecord", "kinesis:putrecords"),
    NodeKind.EVENT_BUS: ("events:putevents",),
    NodeKind.FUNCTION: ("lambda:invokefunction",),
    NodeKind.WORKFLOW: ("states:startexecution",),
}
"""What writes to a resource, by its kind, in lower case."""


def with_writes(graph: Graph, functions: Iterable[Function]) -> Graph:
    """The graph with an edge for each write that a function's identity may do to something that sets functions off.

    A permission on everything would join every function with every source, and say nothing: of such a permission only
    the sources of the function itself are kept.
    """
    targets = sorted(
        (node.id, node)
        for node in graph.nodes
        if node.kind in _ACTIONS and not node.unnamed and (graph.out_of(node.id) or node.kind is NodeKind.FUNCTION)
    )
    names = [name for name, _ in targets]
    found: dict[Edge, None] = {}
    for function in functions:
        if function.cloud is Cloud.AWS:
            found |= dict.fromkeys(_written(graph, function, names, targets))
    return Graph(graph.nodes, tuple(sorted({*graph.edges, *found}, key=_order)), graph.unread)


def writes(function: Function) -> bool:
    """Whether any statement that could be read allows the function to write to something that sets functions off."""
    actions = {action for named in _ACTIONS.values() for action in named}
    return any(
        statement.effect is Effect.ALLOW
        and statement.conditions is not Conditions.NEVER
        and any(_names(statement, action) for action in actions)
        for _, statement in _statements(function)
    )


def _order(edge: Edge) -> tuple[str, ...]:
    return (edge.source, edge.target, edge.kind, edge.detail, edge.via)


def _written(graph: Graph, function: Function, names: list[str], targets: list[tuple[str, Node]]) -> Iterator[Edge]:
    statements = tuple(_statements(function))
    denies = [each for _, each in statements if each.effect is Effect.DENY and each.conditions is Conditions.VACUOUS]
    for source, statement in statements:
        if statement.effect is not Effect.ALLOW or statement.conditions is Conditions.NEVER:
            continue
        for pattern in statement.resources:
            for node in _meant(graph, function, pattern, names, targets):
                asked = _asked(node)
                if _meets(pattern, asked) and _allowed(statement, denies, node, asked):
                    kept = (_objects(pattern, node),) if node.kind is NodeKind.BUCKET else ()
                    detail = f"{statement.policy}/{statement.statement}"
                    yield Edge(function.id, node.id, EdgeKind.WRITES, Certainty.PERMITTED, source, detail, filters=kept)


def _statements(function: Function) -> Iterator[tuple[str, PolicyStatement]]:
    for identity in identities_of(function):
        for group in identity.statements:
            if isinstance(group, Known):
                yield from ((group.source, statement) for statement in group.value)


def _meant(
    graph: Graph, function: Function, pattern: str, names: list[str], targets: list[tuple[str, Node]]
) -> Iterator[Node]:
    """The resources that a pattern may mean; of one that names none, only the function's own sources."""
    stem = pattern.partition(ANY)[0].partition("?")[0].partition("${")[0]
    if stem.count(":") < 5 or stem.endswith((":", ":::", "function:", "table/", "stream/", "event-bus/")):
        yield from _own(graph, function)
        return
    if stem.startswith("arn:") and ":s3:::" in stem and "/" in stem:
        stem = stem.partition("/")[0]  # the pattern means objects, the node is their bucket
    for place in range(bisect_left(names, stem), len(names)):
        if not names[place].startswith(stem):
            return
        yield targets[place][1]


def _own(graph: Graph, function: Function) -> Iterator[Node]:
    for edge in graph.into(function.id):
        for name in (edge.source, *(each.source for each in graph.into(edge.source) if each.kind is EdgeKind.FEEDS)):
            node = graph.node(name)
            if node is not None and node.kind in _ACTIONS and not node.unnamed:
                yield node


def _meets(pattern: str, asked: str) -> bool:
    """Whether the pattern means it or a part of it; most patterns are plain names, and those are only compared."""
    if pattern == asked or not any(letter in pattern + asked for letter in "*?"):
        return pattern == asked
    return overlaps(pattern, asked)


def _asked(node: Node) -> str:
    """The resource that a write names: of a bucket, its objects."""
    return f"{node.id}/*" if node.kind is NodeKind.BUCKET else node.id


def _objects(pattern: str, node: Node) -> str:
    """Which names of objects the pattern means."""
    head = f"{node.id}/"
    return pattern.removeprefix(head) if pattern.startswith(head) else ANY


def _allowed(statement: PolicyStatement, denies: Iterable[PolicyStatement], node: Node, asked: str) -> bool:
    return any(
        _names(statement, action)
        and not any(_names(deny, action) and any(covers(each, asked) for each in deny.resources) for deny in denies)
        for action in _ACTIONS[node.kind]
    )


def _names(statement: PolicyStatement, action: str) -> bool:
    if statement.not_actions:
        return not any(covers(each.lower(), action) for each in statement.not_actions)
    return any(covers(each.lower(), action) for each in statement.actions)
