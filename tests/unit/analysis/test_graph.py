"""The trigger graph: what is joined, under which ids, and what is said of what could not be read."""

from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree as ET

from auditor.analysis.graph.build import build
from auditor.analysis.graph.export import graphml, rows
from auditor.analysis.graph.model import INTERNET, EdgeKind, Graph, NodeKind
from auditor.analysis.graph.nodes import resource_node
from auditor.model.asynchronous import FailureHandling, Target
from auditor.model.exposure import AuthMode, Reach
from auditor.model.function import Function
from auditor.model.gateway import Gateway, Route
from auditor.model.inventory import Inventory
from auditor.model.observed import Known
from auditor.model.trigger import Certainty, Flow, Trigger, TriggerKind, TriggerVia
from tests.unit.checks.build import arn, endpoint, failures, location, make, statement, unknown

STREAM = arn("dynamodb", "table/orders/stream/2026-11-01T00:00:00.000")
POLICY = "lambda:GetPolicy"


def started_by(service: str, source: str | None, kind: TriggerKind, via: TriggerVia = TriggerVia.POLICY) -> Trigger:
    return Trigger(
        kind=kind,
        service=service,
        source=source,
        account=None,
        via=via,
        enabled=True,
        asynchronous=False,
        qualifier=None,
    )


def graph_of(*functions: Function, flows: tuple[Flow, ...] = ()) -> Graph:
    place = location(flows=(Known(flows, "sns:ListSubscriptions"), unknown("events:ListRules")))
    return build(Inventory(scopes=(), locations=(place,), functions=functions))


def test_a_stream_belongs_to_its_table_and_an_unnamed_source_to_its_service() -> None:
    triggers = (
        started_by("dynamodb", STREAM, TriggerKind.DATABASE, TriggerVia.MAPPING),
        started_by("events", None, TriggerKind.EVENT_BUS),
    )
    function = make("orders", triggers=(Known(triggers, POLICY), unknown("sns:ListSubscriptions")))
    graph = graph_of(function)
    assert {(edge.source, edge.kind, edge.certainty) for edge in graph.into(function.id)} == {
        (arn("dynamodb", "table/orders"), EdgeKind.INVOKES, Certainty.FUNCTION_ONLY),
        ("aws:events:*", EdgeKind.INVOKES, Certainty.FUNCTION_ONLY),
    }
    nodes = {node.id: (node.kind, node.name, node.unnamed) for node in graph.nodes}
    assert nodes[arn("dynamodb", "table/orders")] == (NodeKind.TABLE, "orders", False)
    assert nodes["aws:events:*"] == (NodeKind.EVENT_RULE, "any events", True)
    unread = {(each.subject, each.direction, each.gap.operation) for each in graph.unread}
    assert (function.id, "in", "sns:ListSubscriptions") in unread


def test_ways_out_name_the_outcome_and_what_is_gone() -> None:
    queue = Target(id=arn("sqs", "dead"), kind="sqs", account=None, exists=Known(False, "sqs:ListQueues"))
    function = make("mailer", failures=FailureHandling(dead_letter=Known(queue, "x"), settings=unknown("settings")))
    graph = graph_of(function)
    out = [(edge.target, edge.kind, edge.certainty) for edge in graph.out_of(function.id)]
    assert out == [(arn("sqs", "dead"), EdgeKind.DEAD_LETTER, Certainty.SOURCE_GONE)]
    assert (function.id, "out", "settings") in {
        (each.subject, each.direction, each.gap.operation) for each in graph.unread
    }


def test_the_internet_reaches_open_urls_and_open_routes_of_public_gateways_only() -> None:
    routes = (
        Route(method="GET", path="/orders", auth=AuthMode.NONE, authorizer=None),
        Route(method="PUT", path="/orders", auth=AuthMode.IAM, authorizer=None),
    )
    doors = tuple(
        Gateway(id=arn("execute-api", name), name=name, kind="http", public=public, routes=routes)
        for name, public in (("open", Known(True, "g")), ("closed", Known(False, "g")), ("dark", unknown("g")))
    )
    url = endpoint(auth=AuthMode.NONE, reach=Known(Reach.ANONYMOUS, "url"))
    function = make("shop", endpoints=Known((url,), "url"), gateways=Known(doors, "apigatewayv2:GetRoutes"))
    called = {(edge.target, edge.detail) for edge in graph_of(function).out_of(INTERNET)}
    assert called == {(url.url, ""), (arn("execute-api", "open"), "GET /orders")}


def test_the_internet_writes_to_sources_whose_policies_let_everyone() -> None:
    rule, queue, closed = arn("events", "rule/partners/orders"), arn("sqs", "open"), arn("sqs", "closed")
    given = {rule: Reach.ANY_PRINCIPAL, queue: Reach.ANONYMOUS, closed: Reach.CROSS_ACCOUNT}
    fed = tuple(
        replace(
            started_by(source.split(":")[2], source, TriggerKind.QUEUE),
            source_grants=Known((statement(reach, sid="all"),), "policy"),
        )
        for source, reach in given.items()
    )
    graph = graph_of(make("intake", triggers=(Known(fed, POLICY),)))
    called = {(edge.target, edge.kind, edge.via, edge.detail) for edge in graph.out_of(INTERNET)}
    bus = arn("events", "event-bus/partners")
    assert called == {(queue, EdgeKind.CALLS, "policy", "all"), (bus, EdgeKind.CALLS, "policy", "all")}
    assert [(node.id, node.kind) for node in graph.nodes if node.id == bus] == [(bus, NodeKind.EVENT_BUS)]


def test_sources_feed_one_another_and_a_refused_list_is_said() -> None:
    flow = Flow(
        source=arn("sns", "orders"), target=arn("sqs", "orders"), service="sns", operation="sns:ListSubscriptions"
    )
    graph = graph_of(flows=(flow,))
    assert [(edge.source, edge.target, edge.kind) for edge in graph.edges] == [
        (arn("sns", "orders"), arn("sqs", "orders"), EdgeKind.FEEDS)
    ]
    assert [(each.direction, each.gap.operation) for each in graph.unread] == [("between", "events:ListRules")]


def test_one_resource_is_one_node_however_it_is_spelt() -> None:
    spelt = {
        "arn:aws:execute-api:eu-west-1:111122223333:a1b2/*/GET/orders": "arn:aws:execute-api:eu-west-1:111122223333:a1b2",
        "arn:aws:logs:eu-west-1:111122223333:log-group:/app:*": "arn:aws:logs:eu-west-1:111122223333:log-group:/app",
        "arn:aws:lambda:eu-west-1:111122223333:function:f:live": "arn:aws:lambda:eu-west-1:111122223333:function:f",
        "arn:aws:s3:::uploads/in/": "arn:aws:s3:::uploads",
        "https://sqs.example/queue": "https://sqs.example/queue",
    }
    assert {text: resource_node(text, "").id for text in spelt} == spelt


def test_graphml_is_read_back_whole() -> None:
    function = make(
        "orders\x00",
        failures=failures(dead_letter=unknown(), settings=unknown()),
        triggers=(Known((started_by("s3", "arn:aws:s3:::up", TriggerKind.STORAGE),), POLICY),),
    )
    found = rows(graph_of(function))
    stream = BytesIO()
    graphml(found).write(stream, encoding="utf-8", xml_declaration=True)
    space = {"g": "http://graphml.graphdrawing.org/xmlns"}
    root = ET.fromstring(stream.getvalue())  # noqa: S314 - our own file
    names = {
        node.get("id"): node.findtext("g:data[@key='node-kind']", None, space)
        for node in root.findall(".//g:node", space)
    }
    assert names == {function.id.replace("\x00", "\ufffd"): "function", "arn:aws:s3:::up": "bucket"}
    edges = [
        (edge.get("source"), edge.findtext("g:data[@key='edge-kind']", None, space))
        for edge in root.findall(".//g:edge", space)
    ]
    assert edges == [("arn:aws:s3:::up", "invokes")]
