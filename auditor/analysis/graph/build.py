"""Builds the graph of an inventory. Pure."""

from collections.abc import Iterator
from dataclasses import replace

from auditor.analysis.graph.model import INTERNET, Edge, EdgeKind, Graph, Node, NodeKind, Unread
from auditor.analysis.graph.nodes import (
    OBJECTS,
    bound_node,
    bound_resource,
    objects_of,
    resource_node,
    source_kind,
    unnamed_node,
)
from auditor.analysis.triggers import of_outsiders
from auditor.model.asynchronous import Target
from auditor.model.exposure import AuthMode
from auditor.model.function import Function
from auditor.model.gateway import SourceRoute
from auditor.model.handler import Direction
from auditor.model.ids import Cloud
from auditor.model.inventory import Inventory, Location
from auditor.model.observed import GapReason, Known, Unknown
from auditor.model.resource_names import arn_parts, written_to
from auditor.model.trigger import Certainty, Trigger, TriggerKind, TriggerVia

_ANYONE = Node(INTERNET, NodeKind.INTERNET, "Internet", "")


class _Parts:
    """What has been found so far; each node and each edge once."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self.edges: dict[Edge, None] = {}
        self.unread: dict[Unread, None] = {}

    def join(self, source: Node, target: Node, edge: Edge) -> None:
        for node in (source, target):
            self.nodes.setdefault(node.id, node)
        self.edges[edge] = None


def build(inventory: Inventory) -> Graph:
    """Every way in and out of the inventory's functions, and between their sources."""
    parts = _Parts()
    for function in inventory.functions:
        own = function_node(function)
        parts.nodes[own.id] = own
    for function in inventory.functions:
        own = parts.nodes[function.id]
        _ways_in(parts, function, own)
        _front_ends(parts, function, own)
        _ways_out(parts, function, own)
    for function in inventory.functions:
        _own_log(parts, function)
        _outputs(parts, function, parts.nodes[function.id])
    _writers(parts, inventory.functions)
    for location in inventory.locations:
        if not isinstance(location.functions, Known) or location.functions.value:
            _flows(parts, location)
    return Graph(tuple(sorted(parts.nodes.values())), tuple(sorted(parts.edges)), tuple(parts.unread))


def function_node(function: Function) -> Node:
    """The node of a function."""
    return Node(function.id, NodeKind.FUNCTION, function.name, "", function.scope.partition("/")[2])


def trigger_node(function: Function, trigger: Trigger) -> Node:
    """The node of a trigger's source."""
    if not trigger.source or trigger.source == "*":
        return unnamed_node(function.cloud, trigger.service, trigger.kind, trigger.account)
    if trigger.via is TriggerVia.BINDING and (resource := _bound(function, trigger)):
        return replace(bound_node(resource), account=trigger.account)
    return resource_node(trigger.source, trigger.service, source_kind(trigger.kind), trigger.account)


def _bound(function: Function, trigger: Trigger) -> str | None:
    """What the binding means that starts the function, as its handler tells it."""
    if trigger.resource or not isinstance(function.handlers, Known):
        return trigger.resource
    starts = (handler.trigger for handler in function.handlers.value if handler.name == trigger.handler)
    return next((bound_resource(function.id, binding) for binding in starts if binding and binding.target), None)


def _ways_in(parts: _Parts, function: Function, own: Node) -> None:
    for gap in of_outsiders(function):
        if gap.reason is not GapReason.NOT_OFFERED:
            parts.unread[Unread(function.id, "in", gap)] = None
    for group in function.triggers:
        for trigger in group.value if isinstance(group, Known) else ():
            if trigger.service == "lambda" and trigger.via is TriggerVia.SOURCE:
                continue  # a destination of another function, and told as a way out of that one
            source = trigger_node(function, trigger)
            parts.join(source, own, _invokes(function, source, trigger))
            _open_source(parts, trigger, source, own)
    endpoints = function.endpoints.value if isinstance(function.endpoints, Known) else ()
    for endpoint in endpoints:
        if isinstance(endpoint.reach, Known) and endpoint.reach.value.public:
            door = resource_node(endpoint.url, "lambda-url", NodeKind.URL, own.account)
            edge = Edge(INTERNET, door.id, EdgeKind.CALLS, Certainty.BOTH_ENDS, endpoint.source)
            parts.join(_ANYONE, door, edge)
    _open_gateways(parts, function, own)


def _open_source(parts: _Parts, trigger: Trigger, source: Node, own: Node) -> None:
    """Everyone writes to the source, or to the bus that feeds it."""
    grants = trigger.source_grants.value if isinstance(trigger.source_grants, Known) else ()
    holder = written_to(trigger.source) or source.id
    for grant in grants:
        if grant.reach.public:
            door = source if holder == source.id else resource_node(holder, trigger.service, account=own.account)
            detail = grant.sid or f"statement {grant.index + 1}"
            edge = Edge(INTERNET, door.id, EdgeKind.CALLS, Certainty.BOTH_ENDS, trigger.source_grants.source, detail)
            parts.join(_ANYONE, door, edge)
    for fact in trigger.written_by:
        if isinstance(fact, Known):
            door = source if holder == source.id else resource_node(holder, trigger.service, account=own.account)
            _route_to_source(parts, fact, door, own)


def _route_to_source(parts: _Parts, fact: Known[SourceRoute], source: Node, own: Node) -> None:
    """A route of an API that writes to a source, and who may call it without identity."""
    way = fact.value
    api = replace(resource_node(way.gateway, "apigateway", NodeKind.API, own.account), name=way.name)
    detail = f"{way.route.method} {way.route.path}"
    feeds = Edge(api.id, source.id, EdgeKind.FEEDS, Certainty.SOURCE_ONLY, fact.source, detail)
    parts.join(api, source, feeds)
    if way.route.auth is AuthMode.NONE and isinstance(way.public, Known) and way.public.value:
        parts.join(_ANYONE, api, Edge(INTERNET, api.id, EdgeKind.CALLS, Certainty.BOTH_ENDS, fact.source, detail))


def _invokes(function: Function, source: Node, trigger: Trigger) -> Edge:
    return Edge(
        source=source.id,
        target=function.id,
        kind=EdgeKind.INVOKES,
        certainty=trigger.certainty,
        via=trigger.via.value,
        detail=trigger.qualifier or trigger.handler or "",
        enabled=trigger.enabled,
        asynchronous=trigger.asynchronous,
        filters=_selects(trigger),
        entry=trigger.handler or "",
    )


def _selects(trigger: Trigger) -> tuple[str, ...]:
    blobs = trigger.via is TriggerVia.BINDING and trigger.kind is TriggerKind.STORAGE and trigger.source
    return (f"{OBJECTS}{objects_of(trigger.source or '')}",) if blobs else trigger.filters


def _outputs(parts: _Parts, function: Function, own: Node) -> None:
    """What the bindings of an app send its results to."""
    for handler in function.handlers.value if isinstance(function.handlers, Known) else ():
        for binding in handler.bindings if handler.enabled else ():
            if binding.direction is not Direction.OUT or not binding.target:
                continue
            node = bound_node(bound_resource(function.id, binding))
            edge = Edge(
                own.id,
                node.id,
                EdgeKind.DELIVERS,
                Certainty.FUNCTION_ONLY,
                function.handlers.source,
                f"{handler.name}/{binding.type}",
                filters=(objects_of(binding.target),) if binding.type == "blob" else (),
                entry=handler.name,
            )
            parts.join(own, node, edge)


def _writers(parts: _Parts, functions: tuple[Function, ...]) -> None:
    """Which functions of Google Cloud may write to what sets functions off: its own policy names their accounts.

    A role on the project or above would join every function with every source, and say nothing: of such a role only
    the sources of the function itself are kept.
    """
    by_account: dict[str, list[Function]] = {}
    for function in functions:
        if function.cloud is Cloud.GCP and isinstance(function.identity, Known) and function.identity.value:
            by_account.setdefault(function.identity.value.id.lower(), []).append(function)
    for function in functions if by_account else ():
        if function.cloud is not Cloud.GCP:
            continue
        for group in function.triggers:
            for trigger in group.value if isinstance(group, Known) else ():
                source = trigger_node(function, trigger)
                if isinstance(trigger.writes_back, Known) and trigger.writes_back.value:
                    _may_write(parts, function, source, trigger.writes_back.source)
                if isinstance(trigger.writers, Known):
                    for account in trigger.writers.value:
                        for other in by_account.get(account.lower(), ()):
                            _may_write(parts, other, source, trigger.writers.source)
                elif trigger.writers.gap.reason is not GapReason.NOT_OFFERED:
                    parts.unread[Unread(source.id, "in", trigger.writers.gap)] = None


def _may_write(parts: _Parts, function: Function, source: Node, via: str) -> None:
    edge = Edge(function.id, source.id, EdgeKind.WRITES, Certainty.PERMITTED, via, "its account may write")
    parts.join(parts.nodes[function.id], source, edge)


def _open_gateways(parts: _Parts, function: Function, own: Node) -> None:
    for gateway in function.gateways.value if isinstance(function.gateways, Known) else ():
        known = resource_node(gateway.id, gateway.kind, NodeKind.API, own.account)
        parts.nodes[known.id] = replace(known, name=gateway.name)
        if not (isinstance(gateway.public, Known) and gateway.public.value):
            continue
        door = resource_node(gateway.id, gateway.kind, NodeKind.API, own.account)
        for route in gateway.routes:
            if route.auth is AuthMode.NONE:
                detail = f"{route.method} {route.path}"
                edge = Edge(INTERNET, door.id, EdgeKind.CALLS, Certainty.BOTH_ENDS, function.gateways.source, detail)
                parts.join(_ANYONE, door, edge)


def _front_ends(parts: _Parts, function: Function, own: Node) -> None:
    """Gateways, front doors and load balancers of Azure and Google Cloud, which only the front end's side names."""
    fronts = function.ingress.then(lambda ingress: ingress.front_ends)
    if isinstance(fronts, Unknown):
        if function.cloud is not Cloud.AWS and fronts.gap.reason is not GapReason.NOT_OFFERED:
            parts.unread[Unread(function.id, "in", fronts.gap)] = None
        return
    for front in fronts.value:
        kind = NodeKind.API if front.kind == "api-gateway" else NodeKind.LOAD_BALANCER
        node = replace(resource_node(front.id, front.kind, kind, own.account), name=front.id.rpartition("/")[2])
        via, detail = fronts.source, front.kind
        parts.join(node, own, Edge(node.id, own.id, EdgeKind.INVOKES, Certainty.SOURCE_ONLY, via, detail))


def _flows(parts: _Parts, location: Location) -> None:
    for group in location.flows:
        if isinstance(group, Unknown):
            if group.gap.reason is not GapReason.NOT_OFFERED:
                parts.unread[Unread(location.id, "between", group.gap)] = None
            continue
        for flow in group.value:
            source, target = resource_node(flow.source, flow.service), resource_node(flow.target, "")
            edge = Edge(
                source.id, target.id, EdgeKind.FEEDS, Certainty.SOURCE_ONLY, flow.operation, filters=flow.filters
            )
            parts.join(source, target, edge)


def _ways_out(parts: _Parts, function: Function, own: Node) -> None:
    failures = function.failures
    if isinstance(failures.dead_letter, Known) and failures.dead_letter.value is not None:
        _sent(parts, own, failures.dead_letter.value, EdgeKind.DEAD_LETTER, failures.dead_letter.source, "")
    if isinstance(failures.settings, Known):
        for setting in failures.settings.value:
            for outcome, target in (("on-failure", setting.on_failure), ("on-success", setting.on_success)):
                if target is not None:
                    detail = f"{setting.qualifier}/{outcome}" if setting.qualifier else outcome
                    _sent(parts, own, target, EdgeKind.DELIVERS, failures.settings.source, detail)
    for gap in _gaps(function):
        parts.unread[gap] = None


def _own_log(parts: _Parts, function: Function) -> None:
    """Every run writes to the function's log group: an edge where that group sends what is written to something."""
    arn = arn_parts(function.id)
    if arn is None or not isinstance(function.logging, Known) or not function.logging.value.group_name:
        return
    head = function.id.removesuffix(arn[2]).replace(":lambda:", ":logs:", 1)
    group = parts.nodes.get(f"{head}log-group:{function.logging.value.group_name}")
    if group is not None:
        own = parts.nodes[function.id]
        detail = "each run writes to its log group"
        edge = Edge(own.id, group.id, EdgeKind.WRITES, Certainty.BOTH_ENDS, function.logging.source, detail)
        parts.join(own, group, edge)


def _gaps(function: Function) -> Iterator[Unread]:
    for fact in (function.failures.dead_letter, function.failures.settings):
        if isinstance(fact, Unknown) and fact.gap.reason is not GapReason.NOT_OFFERED:
            yield Unread(function.id, "out", fact.gap)


def _sent(parts: _Parts, own: Node, target: Target, kind: EdgeKind, via: str, detail: str) -> None:
    node = resource_node(target.id, target.kind, account=target.account)
    certainty = (
        Certainty.SOURCE_GONE
        if isinstance(target.exists, Known) and not target.exists.value
        else Certainty.FUNCTION_ONLY
    )
    parts.join(own, node, Edge(own.id, node.id, kind, certainty, via, detail, asynchronous=True))
