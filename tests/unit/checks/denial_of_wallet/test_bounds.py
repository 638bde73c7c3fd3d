from dataclasses import replace
from typing import Any

from auditor.check import ProfileLevel
from auditor.model.exposure import AuthMode, Reach
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.observed import Known
from auditor.model.severity import Severity
from auditor.model.trigger import Trigger, TriggerKind, TriggerVia
from checks.denial_of_wallet.concurrency_unreserved import concurrency_unreserved
from checks.denial_of_wallet.memory_max import memory_max
from checks.denial_of_wallet.public_and_unreserved import public_and_unreserved
from checks.denial_of_wallet.recursion_allowed import recursion_allowed
from checks.denial_of_wallet.timeout_max import timeout_max
from checks.denial_of_wallet.timeout_over_api_gateway import timeout_over_api_gateway
from checks.denial_of_wallet.timeout_over_threshold import timeout_over_threshold
from tests.unit.checks.build import (
    LISTED,
    endpoint,
    limits,
    make,
    only,
    policies,
    settings,
    statement,
    trigger,
    triggers,
    unknown,
    verdicts,
)
from tests.unit.checks.repairs import repairs

UNRESERVED = Known(None, "lambda:GetFunction")
URLS = "lambda:ListFunctionUrlConfigs"


def bound(**changes: Any) -> Function:
    return make(limits=limits(**changes))


def seconds(value: int) -> Function:
    return bound(timeout_seconds=Known(value, LISTED))


def test_timeout_max() -> None:
    subjects = {"longest": seconds(900), "modest": seconds(899), "denied": bound(timeout_seconds=unknown())}
    assert verdicts(timeout_max, subjects) == {"longest": Status.FAIL, "modest": Status.PASS, "denied": Status.UNKNOWN}
    assert only(timeout_max, subjects["longest"]).evidence[0].detail == "Timeout = 900"
    assert repairs(timeout_max, subjects["longest"])


def test_timeout_over_threshold_uses_the_operators_threshold() -> None:
    subjects = {
        "long": seconds(61),
        "longest": seconds(900),
        "modest": seconds(60),
        "denied": bound(timeout_seconds=unknown()),
    }
    assert verdicts(timeout_over_threshold, subjects) == {
        "long": Status.FAIL,
        "longest": Status.FAIL,
        "modest": Status.PASS,
        "denied": Status.UNKNOWN,
    }
    assert verdicts(timeout_over_threshold, {"long": subjects["long"]}, settings(timeout_seconds=120)) == {
        "long": Status.PASS
    }
    assert only(timeout_over_threshold, subjects["long"]).message == (
        "Timeout of function orders is 61 seconds; the threshold is 60"
    )
    assert only(timeout_over_threshold, subjects["longest"]).severity is Severity.INFORMATIONAL
    assert repairs(timeout_over_threshold, subjects["long"])


DURABLE = bound(timeout_seconds=Known(900, LISTED), durable=Known(True, LISTED))


def test_a_durable_function_is_not_asked_for_a_short_timeout() -> None:
    for check in (timeout_max, timeout_over_threshold, timeout_over_api_gateway):
        assert verdicts(check, {"durable": DURABLE}) == {"durable": Status.NOT_APPLICABLE}


def test_the_timeouts_are_opinions_but_for_the_one_behind_api_gateway() -> None:
    levels = {
        check.id: check.profile_level for check in (timeout_max, timeout_over_threshold, timeout_over_api_gateway)
    }
    assert levels == {
        "timeout-max": ProfileLevel.STRICT,
        "timeout-over-threshold": ProfileLevel.STRICT,
        "timeout-over-api-gateway": ProfileLevel.DEFAULT,
    }


def behind(seconds: int, *others: Trigger, service: str = "apigateway") -> Function:
    api = trigger(
        TriggerKind.HTTP,
        service=service,
        via=TriggerVia.POLICY,
        source="arn:aws:execute-api:us-east-1:111122223333:a1b2c3d4e5/*/GET/search",
    )
    return make(triggers=triggers(api, *others), limits=limits(timeout_seconds=Known(seconds, LISTED)))


def test_timeout_over_api_gateway() -> None:
    unread = replace(behind(60), triggers=(*behind(60).triggers, unknown("lambda:GetPolicy")))
    subjects = {
        "longer": behind(30),
        "as-long": behind(29),
        "a-queue-may-need-the-time": behind(300, trigger()),
        "a-balancer": behind(300, service="elasticloadbalancing"),
        "started-by-nothing": make(limits=limits(timeout_seconds=Known(300, LISTED))),
        "triggers-denied": unread,
    }
    assert verdicts(timeout_over_api_gateway, subjects) == {
        "longer": Status.FAIL,
        "as-long": Status.PASS,
        "a-queue-may-need-the-time": Status.NOT_APPLICABLE,
        "a-balancer": Status.NOT_APPLICABLE,
        "started-by-nothing": Status.NOT_APPLICABLE,
        "triggers-denied": Status.UNKNOWN,
    }
    hit = only(timeout_over_api_gateway, subjects["longer"])
    assert hit.message == "Timeout of function orders is 30 seconds, but API Gateway times out after 29"
    assert "--timeout 29" in "\n".join(repairs(timeout_over_api_gateway, subjects["longer"]))


def test_memory_max() -> None:
    subjects = {
        "most": bound(memory_mb=Known(10240, LISTED)),
        "less": bound(memory_mb=Known(10239, LISTED)),
        "denied": bound(memory_mb=unknown()),
    }
    assert verdicts(memory_max, subjects) == {"most": Status.FAIL, "less": Status.PASS, "denied": Status.UNKNOWN}
    assert "10240 MB" in only(memory_max, subjects["most"]).message
    assert repairs(memory_max, subjects["most"])


def test_concurrency_unreserved() -> None:
    subjects = {
        "unreserved": bound(reserved_concurrency=UNRESERVED),
        "reserved": make(),
        "switched-off": bound(reserved_concurrency=Known(0, "lambda:GetFunction")),
        "denied": bound(reserved_concurrency=unknown("lambda:GetFunction")),
    }
    assert verdicts(concurrency_unreserved, subjects) == {
        "unreserved": Status.FAIL,
        "reserved": Status.PASS,
        "switched-off": Status.PASS,
        "denied": Status.UNKNOWN,
    }
    assert only(concurrency_unreserved, subjects["unreserved"]).evidence[0].source == "lambda:GetFunction"
    assert repairs(concurrency_unreserved, subjects["unreserved"])


def test_public_and_unreserved_needs_both() -> None:
    anyone = statement(Reach.ANY_PRINCIPAL, sid="Open", principals=("*",), accounts=())
    dormant = replace(anyone, endpoint_only=True, through_endpoint=AuthMode.NONE)
    url = endpoint(AuthMode.NONE, reach=Known(Reach.ANONYMOUS, "lambda:GetPolicy"))
    hidden = endpoint(AuthMode.NONE, reach=unknown("lambda:GetPolicy"))
    free: dict[str, Any] = {"limits": limits(reserved_concurrency=UNRESERVED)}
    denied: dict[str, Any] = {"limits": limits(reserved_concurrency=unknown("lambda:GetFunction"))}
    subjects = {
        "open-url": make(endpoints=Known((url,), URLS), **free),
        "open-policy": make(policies=policies(anyone), **free),
        "dormant-grant": make(policies=policies(dormant), **free),
        "private": make(**free),
        "open-but-reserved": make(endpoints=Known((url,), URLS)),
        "open-and-concurrency-denied": make(endpoints=Known((url,), URLS), **denied),
        "private-and-concurrency-denied": make(**denied),
        "url-policy-denied": make(endpoints=Known((hidden,), URLS), **free),
        "urls-denied": make(endpoints=unknown(URLS), **free),
        "urls-denied-but-reserved": make(endpoints=unknown(URLS)),
        "open-policy-and-urls-denied": make(policies=policies(anyone), endpoints=unknown(URLS), **free),
        "newer-element": make(policies=policies(statement(Reach.UNRECOGNISED)), **free),
    }
    assert verdicts(public_and_unreserved, subjects) == {
        "open-url": Status.FAIL,
        "open-policy": Status.FAIL,
        "dormant-grant": Status.PASS,
        "private": Status.PASS,
        "open-but-reserved": Status.PASS,
        "open-and-concurrency-denied": Status.UNKNOWN,
        "private-and-concurrency-denied": Status.PASS,
        "url-policy-denied": Status.UNKNOWN,
        "urls-denied": Status.UNKNOWN,
        "urls-denied-but-reserved": Status.PASS,
        "open-policy-and-urls-denied": Status.FAIL,
        "newer-element": Status.UNKNOWN,
    }
    hit = only(public_and_unreserved, subjects["open-url"])
    assert [e.source for e in hit.evidence] == ["lambda:GetPolicy", "lambda:GetFunction"]
    assert hit.message == (
        f"Public function orders has no reserved concurrency: {url.url} allows unauthenticated access"
    )
    assert repairs(public_and_unreserved, subjects["open-url"])


def test_recursion_allowed_is_worse_without_a_cap() -> None:
    allowed = Known(True, "lambda:GetFunctionRecursionConfig")
    subjects = {
        "capped": bound(recursion_allowed=allowed),
        "uncapped": bound(recursion_allowed=allowed, reserved_concurrency=UNRESERVED),
        "terminates": make(),
        "denied": bound(recursion_allowed=unknown("lambda:GetFunctionRecursionConfig")),
    }
    assert verdicts(recursion_allowed, subjects) == {
        "capped": Status.FAIL,
        "uncapped": Status.FAIL,
        "terminates": Status.PASS,
        "denied": Status.UNKNOWN,
    }
    assert only(recursion_allowed, subjects["capped"]).severity is None
    assert only(recursion_allowed, subjects["uncapped"]).severity is Severity.HIGH
    assert only(recursion_allowed, subjects["capped"]).evidence[0].detail == "RecursiveLoop = Allow"
    assert repairs(recursion_allowed, subjects["capped"])
