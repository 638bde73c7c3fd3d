"""What outsiders may spend: the threshold, the gaps, the cap that the message and the command name."""

from dataclasses import replace
from typing import Any

import pytest

from auditor.model.exposure import AuthMode, Reach
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.gateway import Stage
from auditor.model.hosting import HostingKind
from auditor.model.ingress import IngressScope
from auditor.model.observed import Known
from auditor.model.severity import Severity
from auditor.model.trigger import Trigger, TriggerKind, TriggerVia
from checks.denial_of_wallet.spend_ceiling_high import spend_ceiling_high
from tests.unit.checks import azure, gcp
from tests.unit.checks.build import (
    LISTED,
    arn,
    behind,
    endpoint,
    gateway,
    limits,
    make,
    only,
    route,
    settings,
    statement,
    trigger,
    triggers,
    unknown,
    verdicts,
)
from tests.unit.checks.repairs import repairs

MAPPED, QUEUES = "lambda:ListEventSourceMappings", "sqs:GetQueueAttributes"
URLS = "lambda:ListFunctionUrlConfigs"
OPEN = Known((endpoint(AuthMode.NONE, reach=Known(Reach.ANONYMOUS, "lambda:GetPolicy")),), URLS)


def url() -> Trigger:
    return trigger(TriggerKind.HTTP, service="lambda-url", via=TriggerVia.ENDPOINT, source="https://a.on.aws")


def reserving(number: int | None, **changes: Any) -> Function:
    bounds = limits(reserved_concurrency=Known(number, "lambda:GetFunction"))
    given: dict[str, Any] = {"limits": bounds, "endpoints": OPEN, "triggers": triggers(url())}
    return make(**(given | changes))


def test_spend_ceiling_high() -> None:
    denied = limits(reserved_concurrency=unknown("lambda:GetFunction"))
    subjects = {
        "open": reserving(500),
        "open-and-small": reserving(20),
        "closed": reserving(500, endpoints=Known((endpoint(),), URLS)),
        "closed-or-open": reserving(500, endpoints=unknown(URLS)),
        "limit-denied": reserving(None, limits=denied),
        "limit-denied-and-closed": reserving(None, limits=denied, endpoints=Known((endpoint(),), URLS)),
    }
    assert verdicts(spend_ceiling_high, subjects) == {
        "open": Status.FAIL,
        "open-and-small": Status.PASS,
        "closed": Status.PASS,
        "closed-or-open": Status.UNKNOWN,
        "limit-denied": Status.UNKNOWN,
        "limit-denied-and-closed": Status.PASS,
    }


def test_a_queue_to_which_everyone_may_send_is_a_way_in() -> None:
    bounds: dict[str, Any] = {"max_concurrency": Known(None, MAPPED), "batch_size": Known(10, MAPPED)}

    def fed(reserved: int, grants: Any) -> Function:
        by_queue = trigger(source_grants=grants, **bounds)
        return reserving(reserved, endpoints=Known((endpoint(),), URLS), triggers=triggers(by_queue))

    def known(reach: Reach) -> Any:
        return Known((statement(reach, sid="all", text="{}"),), QUEUES)

    subjects = {
        "everyone": fed(500, known(Reach.ANONYMOUS)),
        "partner": fed(500, known(Reach.CROSS_ACCOUNT)),
        "unread": fed(500, unknown(QUEUES)),
        "small": fed(20, unknown(QUEUES)),
    }
    assert verdicts(spend_ceiling_high, subjects) == {
        "everyone": Status.FAIL,
        "partner": Status.PASS,
        "unread": Status.UNKNOWN,
        "small": Status.PASS,
    }
    hit = only(spend_ceiling_high, subjects["everyone"])
    assert "Statement “all” lets any principal write to SQS queue orders-in" in hit.message
    assert hit.site == f"all in the policy of {arn('sqs', 'orders-in')}"
    assert only(spend_ceiling_high, replace(subjects["everyone"], endpoints=OPEN)).site == ""  # two ways, two changes


def test_the_message_names_the_ceiling_the_cap_and_the_ceiling_after_it() -> None:
    hit = only(spend_ceiling_high, reserving(500))
    # arm64: 250 GB-s 12.00006 + 5,000 requests a second 3.60 + logs 4.50; one unit costs 0.04020012 an hour
    assert "can cost up to $20.10, a day up to $482.40" in hit.message
    assert "with at most 248 at a time, an hour costs $9.97" in hit.message
    assert hit.severity is None
    assert any("--reserved-concurrent-executions 248" in form for form in repairs(spend_ceiling_high, reserving(500)))
    assert only(spend_ceiling_high, reserving(500), context=settings(spend_per_hour=2)).severity is Severity.HIGH
    assert verdicts(spend_ceiling_high, {"open": reserving(500)}, settings(spend_per_hour=24)) == {"open": Status.PASS}


@pytest.mark.parametrize("kind", ["rest", "http"])
def test_where_calls_are_billed_in_front_of_it_a_throttle_is_named_that_suffices(kind: str) -> None:
    stages = Known((Stage(name="live", rate=None, burst=None),), "apigateway:GetStages")
    made = gateway(route(auth=AuthMode.NONE), kind=kind, stages=stages)
    open_api = trigger(TriggerKind.HTTP, service="apigateway", source=f"{made.id}/live/GET/orders")
    function = reserving(1, endpoints=Known((), URLS), triggers=triggers(open_api), gateways=behind(made))
    hit = only(spend_ceiling_high, function)
    assert "calls are billed in front of it: with at most " in hit.message
    rate = int(hit.values["rate"])
    (command, *_) = [form for form in repairs(spend_ceiling_high, function) if form.startswith("aws ")]
    assert ("apigateway update-stage" in command, "apigatewayv2 update-stage" in command) == (
        kind == "rest",
        kind != "rest",
    )
    assert f"value={rate}" in command if kind == "rest" else f"ThrottlingRateLimit={rate}," in command

    def throttled(most: int) -> Function:
        limited = Known((Stage(name="live", rate=float(most), burst=most),), "apigateway:GetStages")
        return replace(function, gateways=behind(replace(made, stages=limited)))

    assert verdicts(spend_ceiling_high, {"as told": throttled(rate), "one more": throttled(rate + 1)}) == {
        "as told": Status.PASS,
        "one more": Status.FAIL,
    }


def test_azure_and_google_cloud_name_a_limit_of_instances() -> None:
    flood = gcp.make_gcp(
        endpoints=Known((gcp.endpoint(AuthMode.NONE, reach=Known(Reach.ANONYMOUS, "run:GetIamPolicy")),), gcp.SERVICE),
        limits=gcp.limits(max_instances=Known(100, LISTED)),
        ingress=Known(gcp.ingress(scope=Known(IngressScope.ALL, gcp.SERVICE)), gcp.SERVICE),
    )
    assert verdicts(spend_ceiling_high, {"open": flood, "sound": gcp.make_gcp()}, gcp.AROUND) == {
        "open": Status.FAIL,
        "sound": Status.PASS,
    }
    assert any("--max-instances=" in form for form in repairs(spend_ceiling_high, flood, context=gcp.AROUND))
    sound = {"sound": azure.make_azure(hosting=Known(azure.hosting(HostingKind.CONSUMPTION), azure.SITES))}
    assert verdicts(spend_ceiling_high, sound, azure.around(spend_per_hour=1)) == {"sound": Status.PASS}
