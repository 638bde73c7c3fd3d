"""Routes of APIs that write to an event source by themselves."""

from typing import Any

from auditor.analysis.cost.outsiders import open_ways
from auditor.analysis.graph.model import INTERNET, EdgeKind
from auditor.analysis.public_ways import Way, ways_in
from auditor.analysis.trigger_reach import TriggerReach, trigger_reach
from auditor.model.exposure import AuthMode
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.gateway import SourceRoute
from auditor.model.observed import Known, Observed
from checks.event_injection.trigger_source_open import trigger_source_open
from tests.unit.analysis.test_graph import graph_of
from tests.unit.checks.build import arn, make, only, route, trigger, triggers, unknown, verdicts
from tests.unit.checks.repairs import repairs

API, QUEUE = arn("execute-api", "a1b2"), arn("sqs", "orders-in")
RESOURCES = "apigateway:GetResources"


def way(
    auth: AuthMode = AuthMode.NONE, public: Observed[bool] | None = None, kind: str = "rest", **changes: Any
) -> Known[SourceRoute]:
    """A route of a public REST API."""
    written = SourceRoute(
        gateway=API,
        name="shop",
        kind=kind,
        public=Known(True, "apigateway:GetRestApis") if public is None else public,
        route=route("POST", "/in", auth, id="r1", **changes),
    )
    return Known(written, RESOURCES)


def fed(*ways: Observed[SourceRoute], **changes: Any) -> Function:
    return make(triggers=triggers(trigger(written_by=ways, **changes)))


def test_an_open_route_that_writes_to_the_source_opens_it() -> None:
    subjects = {
        "open": fed(way()),
        "signed": fed(way(AuthMode.IAM)),
        "keyed": fed(way(AuthMode.KEY)),
        "private": fed(way(public=Known(False, "apigateway:GetRestApis"))),
        "none": fed(),
        "public or not": fed(way(public=unknown("apigateway:GetRestApis"))),
        "asks in a new way": fed(way(AuthMode.UNRECOGNISED)),
        "unread": fed(unknown(RESOURCES)),
        "unread and open": fed(unknown(RESOURCES), way()),
        "policy unread and open": fed(way(), source_grants=unknown("sqs:GetQueueAttributes")),
        "switched off": fed(way(), enabled=False),
    }
    assert verdicts(trigger_source_open, subjects) == {
        "open": Status.FAIL,
        "signed": Status.PASS,
        "keyed": Status.PASS,
        "private": Status.PASS,
        "none": Status.PASS,
        "public or not": Status.UNKNOWN,
        "asks in a new way": Status.UNKNOWN,
        "unread": Status.UNKNOWN,
        "unread and open": Status.FAIL,
        "policy unread and open": Status.FAIL,
        "switched off": Status.PASS,
    }
    hit = only(trigger_source_open, subjects["open"])
    assert hit.severity is None  # the check's own: high
    assert hit.message == (
        "POST /in of API shop writes what anyone sends, without credentials, to SQS queue orders-in, an event source of"
        " orders"
    )
    assert hit.site == f"{API} POST /in"
    assert [evidence.source for evidence in hit.evidence] == [
        RESOURCES,
        "apigateway:GetRestApis",
        "lambda:ListEventSourceMappings",
    ]
    told = "\n".join(repairs(trigger_source_open, subjects["open"]))
    assert "--rest-api-id a1b2 --resource-id r1 --http-method POST" in told
    assert 'route_key          = "POST /in"' in told
    chat = only(trigger_source_open, fed(way(kind="websocket")))
    assert chat.site == f"authentication of {API}"


def test_such_a_route_is_a_way_in_and_an_edge_of_the_graph() -> None:
    function = fed(way(), way(AuthMode.IAM))
    assert ways_in(function, Way.SOURCE) == (f"{API} POST /in",)
    assert [each.what for each in open_ways(function)] == [
        "POST /in of API shop writes what anyone sends to SQS queue orders-in"
    ]
    assert trigger_reach(function, trigger(written_by=(way(),))) is TriggerReach.PUBLIC
    assert trigger_reach(function, trigger(written_by=(way(AuthMode.IAM),))) is TriggerReach.INTERNAL
    graph = graph_of(function)
    assert {(edge.target, edge.kind) for edge in graph.out_of(API)} == {(QUEUE, EdgeKind.FEEDS)}
    assert [(edge.target, edge.detail) for edge in graph.out_of(INTERNET)] == [(API, "POST /in")]
