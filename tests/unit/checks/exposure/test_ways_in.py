"""What is there by an open way in alone is one cause with it, and goes with the last of several."""

from dataclasses import replace

import pytest

from auditor.engine.causes import Cause, group
from auditor.engine.evaluate import Results, evaluate
from auditor.engine.plan import gains, plan
from auditor.engine.score import Scorer
from auditor.model.exposure import AuthMode, Cors, Reach
from auditor.model.function import Function
from auditor.model.gateway import Gateway, Route, Stage
from auditor.model.inventory import Inventory
from auditor.model.observed import Known
from auditor.model.trigger import TriggerKind, TriggerVia
from checks.denial_of_wallet.spend_ceiling_high import spend_ceiling_high
from checks.event_injection.api_route_unvalidated import api_route_unvalidated
from checks.exposure.api_route_unauthenticated import api_route_unauthenticated
from checks.exposure.exposure_path import exposure_path
from checks.exposure.url_auth_none import url_auth_none
from checks.exposure.url_cors_any_origin import url_cors_any_origin
from tests.unit.analysis.permissions.lab import account, allow
from tests.unit.checks.build import endpoint, limits, location, make, settings, trigger, triggers

CHECKS = (
    api_route_unauthenticated,
    api_route_unvalidated,
    exposure_path,
    spend_ceiling_high,
    url_auth_none,
    url_cors_any_origin,
)
SOURCE = "apigateway:GetResources"
URL = endpoint(auth=AuthMode.NONE, reach=Known(Reach.ANONYMOUS, "lambda:GetPolicy"))

_SERVICE = {
    **dict.fromkeys(("rest", "http", "websocket"), "apigateway"),
    "load-balancer": "elasticloadbalancing",
}


def route(path: str = "/orders", method: str = "ANY") -> Route:
    return Route(method=method, path=path, auth=AuthMode.NONE, authorizer=None, validated=Known(False, SOURCE))


def api(kind: str, *routes: Route) -> Gateway:
    return Gateway(
        id=f"arn:aws:execute-api:us-east-1:111122223333:{kind}",
        name="shop",
        kind=kind,
        public=Known(True, SOURCE),
        routes=routes,
        stages=Known((Stage(name="prod", rate=10000, burst=5000),), SOURCE),
    )


def behind(*gateways: Gateway, url: bool = False, name: str = "orders") -> Function:
    """A function that reads every table, behind these gateways and perhaps a URL."""
    inventory = account(allow("dynamodb:*"))
    found = next(each for each in inventory.functions if each.name == "attacked")
    return replace(
        make(name),
        effective_permissions=found.effective_permissions,
        gateways=Known(gateways, SOURCE),
        limits=limits(reserved_concurrency=Known(500, "lambda:GetFunction")),
        triggers=triggers(
            *(trigger(TriggerKind.HTTP, service=_SERVICE[each.kind], source=each.id) for each in gateways),
            *(trigger(TriggerKind.HTTP, service="lambda-url", via=TriggerVia.ENDPOINT, source=URL.url),) * url,
        ),
        endpoints=Known((URL,) if url else (), "lambda:ListFunctionUrlConfigs"),
    )


def judged(*functions: Function) -> tuple[Inventory, Results, tuple[Cause, ...]]:
    inventory = Inventory(scopes=(), locations=(location(),), functions=functions)
    results = evaluate(inventory, CHECKS, settings(spend_per_hour=1))
    return inventory, results, group(results.findings)


def told(*functions: Function) -> list[list[str]]:
    _, _, causes = judged(*functions)
    return [[finding.check.id for finding in cause.findings] for cause in causes]


@pytest.mark.parametrize("kind", ["rest", "http", "websocket", "load-balancer"])
def test_an_open_route_is_one_cause_with_all_that_is_there_by_it(kind: str) -> None:
    (cause,) = told(behind(api(kind, route())))
    assert cause[0] == "api-route-unauthenticated"
    assert {"exposure-path", "spend-ceiling-high"} <= set(cause)
    assert ("api-route-unvalidated" in cause) is (kind == "rest")


def test_a_websocket_api_asks_its_callers_once_for_all_functions_behind_it() -> None:
    (cause,) = judged(
        behind(api("websocket", route("$connect")), name="connect"),
        behind(api("websocket", route("$default"), route("send")), name="messages"),
    )[2]
    assert len(cause.functions) == 2
    assert cause.check is api_route_unauthenticated


def test_two_ways_are_two_causes_and_what_needs_either_goes_with_the_last() -> None:
    inventory, results, causes = judged(behind(api("http", route("/a"), route("/b"))))
    by_lead = sorted(cause.check.id for cause in causes)
    assert by_lead == ["api-route-unauthenticated", "api-route-unauthenticated", "exposure-path", "spend-ceiling-high"]
    scorer = Scorer(inventory, results, causes)
    routes = [cause for cause in causes if cause.check is api_route_unauthenticated]
    assert (scorer.closed(routes).high or 0) == pytest.approx(100.0)
    assert (scorer.closed(routes[:1]).high or 0) < 100.0
    changes = plan(causes, scorer, gains(causes, scorer))
    marks = {each.fingerprint: each.check.id for each in results.findings}
    closed = [marks[mark] for change in changes for mark in change.closes]
    assert sorted(closed) == sorted(marks.values())


def test_the_origins_of_a_url_matter_less_once_it_asks_for_signatures() -> None:
    cors = Cors(origins=("*",), methods=(), headers=(), credentials=False)
    subject = behind(url=True)
    open_url = replace(subject, endpoints=Known((replace(URL, cors=cors),), subject.endpoints.source))
    signed = replace(URL, cors=cors, auth=AuthMode.IAM, reach=Known(Reach.NONE, "lambda:GetPolicy"))
    closed_url = replace(subject, endpoints=Known((signed,), subject.endpoints.source))
    inventory, results, causes = judged(open_url)
    scorer = Scorer(inventory, results, causes)
    first = plan(causes, scorer, gains(causes, scorer))[0]
    assert first.cause.check is url_auth_none
    (eased,) = first.eases
    assert next(each.check for each in results.findings if each.fingerprint == eased) is url_cors_any_origin
    after = Scorer(*judged(closed_url)).account()
    assert first.after.high == pytest.approx(after.high)
