"""What bounds the bill on Azure and Google Cloud."""

from typing import Any

from auditor.model.exposure import AuthMode, Reach
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.handler import HandlerAuth
from auditor.model.hosting import HostingKind
from auditor.model.observed import Known, not_offered
from auditor.model.severity import Severity
from auditor.model.trigger import Trigger, TriggerKind
from checks.denial_of_wallet.daily_quota_unset import daily_quota_unset
from checks.denial_of_wallet.gpu_or_large_cpu_public import gpu_or_large_cpu_public
from checks.denial_of_wallet.http_concurrency_unset import http_concurrency_unset
from checks.denial_of_wallet.invocation_spike import invocation_spike
from checks.denial_of_wallet.max_instances_high import max_instances_high
from checks.denial_of_wallet.max_instances_unset import max_instances_unset
from checks.denial_of_wallet.memory_max import memory_max
from checks.denial_of_wallet.public_and_unreserved import public_and_unreserved
from checks.denial_of_wallet.recursion_allowed import recursion_allowed
from checks.denial_of_wallet.retry_without_dead_letter import retry_without_dead_letter
from checks.denial_of_wallet.timeout_max import timeout_max
from checks.denial_of_wallet.timeout_over_threshold import timeout_over_threshold
from checks.denial_of_wallet.timer_run_on_startup import timer_run_on_startup
from tests.unit.checks import azure, gcp
from tests.unit.checks.azure import AROUND, CONFIG, FUNCTIONS, SETTINGS, SITES, handler, http, make_azure, make_public
from tests.unit.checks.build import found, only, unknown, verdicts
from tests.unit.checks.gcp import LISTED, POLICIES, SERVICE, make_gcp, make_gen1, make_run
from tests.unit.checks.repairs import repairs

FAIL, PASS, UNKNOWN, OUTSIDE = Status.FAIL, Status.PASS, Status.UNKNOWN, Status.NOT_APPLICABLE
ANYONE = http("webhook", HandlerAuth.ANONYMOUS)


def app(**changes: Any) -> Function:
    return make_azure(limits=azure.limits(**changes))


def bounded(**changes: Any) -> Function:
    return make_gcp(limits=gcp.limits(**changes))


def test_max_instances_unset_and_high() -> None:
    subjects = {
        "app-unset": app(max_instances=Known(None, CONFIG)),
        "app": make_azure(),
        "app-dedicated": app(max_instances=not_offered(SITES, "it has as many workers as it was given")),
        "app-null": app(max_instances=unknown(CONFIG)),
        "unset": bounded(max_instances=Known(None, LISTED)),
        "hundred": bounded(max_instances=Known(100, LISTED)),
        "thousand": bounded(max_instances=Known(1000, LISTED)),
        "denied": make_run(limits=gcp.limits(max_instances=unknown(SERVICE))),
    }
    assert verdicts(max_instances_unset, subjects) == {
        "app-unset": FAIL,
        "app": PASS,
        "app-dedicated": OUTSIDE,
        "app-null": UNKNOWN,
        "unset": FAIL,
        "hundred": PASS,
        "thousand": PASS,
        "denied": UNKNOWN,
    }
    assert verdicts(max_instances_high, subjects) == {
        "app-unset": PASS,
        "app": PASS,
        "app-dedicated": OUTSIDE,
        "app-null": UNKNOWN,
        "unset": PASS,
        "hundred": PASS,
        "thousand": FAIL,
        "denied": UNKNOWN,
    }
    assert verdicts(max_instances_high, {"hundred": subjects["hundred"]}, gcp.around(max_instances=50)) == {
        "hundred": FAIL
    }
    assert repairs(max_instances_unset, subjects["app-unset"])
    assert repairs(max_instances_unset, subjects["unset"])
    assert repairs(max_instances_high, subjects["thousand"])


def test_timeouts_at_the_limit_of_their_kind() -> None:
    requests: dict[str, Any] = {"triggers": (Known((), LISTED),)}
    consumption = Known(azure.hosting(HostingKind.CONSUMPTION), SITES)

    def service(seconds: int) -> Function:
        return make_run(limits=gcp.limits(timeout_seconds=Known(seconds, SERVICE)), **requests)

    subjects = {
        "app-unlimited": app(timeout_seconds=Known(0, SETTINGS)),
        "app-default-of-premium": app(timeout_seconds=Known(1800, SETTINGS)),
        "consumption": make_azure(hosting=consumption, limits=azure.limits(timeout_seconds=Known(600, SETTINGS))),
        "app-600": app(timeout_seconds=Known(600, SETTINGS)),
        "app-short": make_azure(),
        "app-in-package": app(timeout_seconds=unknown(SITES)),
        "gen1": make_gen1(limits=gcp.limits(timeout_seconds=Known(540, LISTED))),
        "gen2-event": bounded(timeout_seconds=Known(540, LISTED)),
        "service-540": service(540),
        "service-3600": service(3600),
        "denied": bounded(timeout_seconds=unknown(LISTED)),
    }
    assert verdicts(timeout_max, subjects) == {
        "app-unlimited": FAIL,
        "app-default-of-premium": FAIL,
        "consumption": FAIL,
        "app-600": PASS,
        "app-short": PASS,
        "app-in-package": UNKNOWN,
        "gen1": FAIL,
        "gen2-event": FAIL,
        "service-540": PASS,
        "service-3600": FAIL,
        "denied": UNKNOWN,
    }
    assert only(timeout_max, subjects["app-unlimited"]).message == "Timeout of function orders is unlimited"
    assert only(timeout_max, subjects["app-unlimited"]).severity is Severity.MEDIUM
    assert only(timeout_max, subjects["consumption"]).message == (
        "Timeout of function orders is 600 seconds, the service maximum"
    )
    assert only(timeout_max, subjects["app-default-of-premium"]).message == (
        "Timeout of function orders is 1800 seconds, at least the default of its plan"
    )
    assert only(timeout_max, subjects["gen1"]).severity is None
    assert verdicts(timeout_over_threshold, subjects) == {
        "app-unlimited": FAIL,
        "app-default-of-premium": FAIL,
        "consumption": FAIL,
        "app-600": FAIL,
        "app-short": PASS,
        "app-in-package": UNKNOWN,
        "gen1": FAIL,
        "gen2-event": FAIL,
        "service-540": FAIL,
        "service-3600": FAIL,
        "denied": UNKNOWN,
    }
    assert only(timeout_over_threshold, subjects["service-540"]).severity is None
    assert only(timeout_over_threshold, subjects["app-unlimited"]).severity is Severity.INFORMATIONAL
    for check in (timeout_max, timeout_over_threshold):
        assert repairs(check, subjects["app-unlimited"])
        assert repairs(check, subjects["service-3600"])


def test_memory_max_of_each_kind() -> None:
    flex = Known(azure.hosting(HostingKind.FLEX_CONSUMPTION), SITES)
    most: dict[str, Any] = {"limits": azure.limits(memory_mb=Known(4096, SITES))}
    subjects = {
        "flex": make_azure(hosting=flex, **most),
        "flex-small": make_azure(hosting=flex, limits=azure.limits(memory_mb=Known(2048, SITES))),
        "premium": make_azure(**most),
        "flex-denied": make_azure(hosting=flex, limits=azure.limits(memory_mb=unknown(SITES))),
        "hosting-denied": make_azure(hosting=unknown(SITES), **most),
        "gen1": make_gen1(limits=gcp.limits(memory_mb=Known(8192, LISTED))),
        "gen2-8": bounded(memory_mb=Known(8192, LISTED)),
        "gen2-32": bounded(memory_mb=Known(32768, LISTED)),
        "denied": bounded(memory_mb=unknown(LISTED)),
    }
    assert verdicts(memory_max, subjects) == {
        "flex": FAIL,
        "flex-small": PASS,
        "premium": OUTSIDE,
        "flex-denied": UNKNOWN,
        "hosting-denied": UNKNOWN,
        "gen1": FAIL,
        "gen2-8": PASS,
        "gen2-32": FAIL,
        "denied": UNKNOWN,
    }
    assert repairs(memory_max, subjects["flex"])
    assert repairs(memory_max, subjects["gen1"])


def test_daily_quota_unset_is_about_public_consumption_apps() -> None:
    consumption: dict[str, Any] = {"hosting": Known(azure.hosting(HostingKind.CONSUMPTION), SITES)}
    unset: dict[str, Any] = {**consumption, "limits": azure.limits(daily_quota=Known(None, SITES))}
    subjects = {
        "unset": make_public(**unset),
        "set": make_public(**consumption),
        "premium": make_public(limits=azure.limits(daily_quota=not_offered(SITES, "no quota"))),
        "closed": make_azure(**unset),
        "no-http": make_public(handler("take_order", "queuetrigger"), **unset),
        "denied": make_public(**consumption, limits=azure.limits(daily_quota=unknown(SITES))),
        "network-denied": make_public(**unset, ingress=unknown(SITES)),
        "hosting-denied": make_public(hosting=unknown(SITES)),
    }
    assert verdicts(daily_quota_unset, subjects, AROUND) == {
        "unset": FAIL,
        "set": PASS,
        "premium": OUTSIDE,
        "closed": PASS,
        "no-http": PASS,
        "denied": UNKNOWN,
        "network-denied": UNKNOWN,
        "hosting-denied": UNKNOWN,
    }
    assert repairs(daily_quota_unset, subjects["unset"])


def test_http_concurrency_unset() -> None:
    unset: dict[str, Any] = {"limits": azure.limits(per_instance=Known(None, SITES))}
    subjects = {
        "unset": make_azure(**unset),
        "set": make_azure(handlers=unknown(FUNCTIONS)),
        "no-http": make_azure(handlers=Known((handler("nightly", "timertrigger"),), FUNCTIONS), **unset),
        "handlers-denied": make_azure(handlers=unknown(FUNCTIONS), **unset),
        "in-package": app(per_instance=unknown(SITES)),
    }
    assert verdicts(http_concurrency_unset, subjects, AROUND) == {
        "unset": FAIL,
        "set": PASS,
        "no-http": OUTSIDE,
        "handlers-denied": UNKNOWN,
        "in-package": UNKNOWN,
    }
    assert repairs(http_concurrency_unset, subjects["unset"])


def test_timer_run_on_startup() -> None:
    eager = handler("nightly", "timertrigger", run_on_startup=True)
    off = handler("nightly", "timertrigger", run_on_startup=True, enabled=False)
    subjects = {
        "eager": make_azure(handlers=Known((eager,), FUNCTIONS)),
        "disabled": make_azure(handlers=Known((off,), FUNCTIONS)),
        "sound": make_azure(),
        "denied": make_azure(handlers=unknown(FUNCTIONS)),
    }
    assert verdicts(timer_run_on_startup, subjects, AROUND) == {
        "eager": FAIL,
        "disabled": PASS,
        "sound": PASS,
        "denied": UNKNOWN,
    }
    assert only(timer_run_on_startup, subjects["eager"]).locus == "nightly"
    assert any("from the binding of nightly" in form for form in repairs(timer_run_on_startup, subjects["eager"]))


def test_invocation_spike_compares_the_last_week_with_the_one_before() -> None:
    read = "insights:GetMetrics"

    def ran(recent: float, before: float) -> Function:
        counted = azure.usage(recent_per_day=Known(recent, read), executions_before=Known(before, read))
        return make_azure(monitoring=Known(azure.monitoring(usage=Known(counted, read)), SITES))

    busy = gcp.usage(recent_per_day=Known(90000.0, "m"), executions_before=Known(300.0, "m"))
    subjects = {
        "spike": ran(12000, 2000),
        "growth": ran(9000, 2000),
        "small": ran(900, 10),
        "new": ran(5000, 0),
        "steady": make_azure(),
        "denied": make_azure(monitoring=Known(azure.monitoring(usage=unknown(read)), SITES)),
        "gcp-spike": make_gcp(monitoring=Known(gcp.monitoring(usage=Known(busy, "m")), SERVICE)),
    }
    assert verdicts(invocation_spike, subjects) == {
        "spike": FAIL,
        "growth": PASS,
        "small": PASS,
        "new": PASS,
        "steady": PASS,
        "denied": UNKNOWN,
        "gcp-spike": FAIL,
    }
    assert only(invocation_spike, subjects["spike"]).message.startswith(
        "Function orders had 12000 executions a day in the last week and 2000"
    )
    assert repairs(invocation_spike, subjects["spike"])
    assert repairs(invocation_spike, subjects["gcp-spike"])


def started(*triggers: Trigger, **changes: Any) -> Function:
    return make_gcp(triggers=(Known(triggers, LISTED),), **changes)


def test_retry_without_dead_letter() -> None:
    endless = gcp.trigger(dead_letter=Known(False, "pubsub:ListSubscriptions"))
    hidden = gcp.trigger(source="hidden", dead_letter=unknown("pubsub:ListSubscriptions"))
    bare = gcp.trigger(source="service", retry=not_offered(LISTED, "no switch"))
    subjects = {
        "endless": started(endless),
        "endless-and-unread": started(hidden, endless),
        "set-aside": make_gcp(),
        "not-retried": started(gcp.trigger(retry=Known(False, LISTED), dead_letter=unknown("p"))),
        "service-trigger": started(bare),
        "service-trigger-and-unread": started(bare, hidden),
        "switched-off": started(gcp.trigger(enabled=False, dead_letter=Known(False, "p"))),
        "dead-letter-denied": started(hidden),
        "denied": make_run(triggers=(unknown("eventarc:ListTriggers"),)),
    }
    assert verdicts(retry_without_dead_letter, subjects, gcp.AROUND) == {
        "endless": FAIL,
        "endless-and-unread": FAIL,
        "set-aside": PASS,
        "not-retried": PASS,
        "service-trigger": PASS,
        "service-trigger-and-unread": UNKNOWN,
        "switched-off": PASS,
        "dead-letter-denied": UNKNOWN,
        "denied": UNKNOWN,
    }
    assert only(retry_without_dead_letter, subjects["endless"]).locus == f"projects/{gcp.PROJECT}/topics/orders-in"
    assert repairs(retry_without_dead_letter, subjects["endless"])


def test_recursion_allowed_where_the_identity_may_write_to_its_own_source() -> None:
    loop = gcp.trigger(writes_back=Known(True, POLICIES))
    blob = azure.trigger(TriggerKind.STORAGE, source="invoices-in", writes_back=Known(True, FUNCTIONS))
    subjects = {
        "loop": started(loop),
        "sound": make_gcp(),
        "neither-topic-nor-bucket": started(gcp.trigger(writes_back=not_offered(LISTED, "neither"))),
        "denied": started(gcp.trigger(writes_back=unknown(POLICIES))),
        "loop-and-group-denied": make_gcp(triggers=(unknown("eventarc:ListTriggers"), Known((loop,), LISTED))),
        "app-loop": make_azure(triggers=(Known((blob,), FUNCTIONS),)),
        "app": make_azure(),
        "app-denied": make_azure(triggers=(unknown(FUNCTIONS),)),
    }
    assert verdicts(recursion_allowed, subjects) == {
        "loop": FAIL,
        "sound": PASS,
        "neither-topic-nor-bucket": PASS,
        "denied": UNKNOWN,
        "loop-and-group-denied": FAIL,
        "app-loop": FAIL,
        "app": PASS,
        "app-denied": UNKNOWN,
    }
    assert only(recursion_allowed, subjects["loop"]).severity is Severity.HIGH
    assert repairs(recursion_allowed, subjects["loop"])
    assert repairs(recursion_allowed, subjects["app-loop"])


def open_service(**limits: Any) -> Function:
    told = gcp.endpoint(AuthMode.IAM, reach=Known(Reach.ANONYMOUS, POLICIES), reach_reason="allUsers may invoke it")
    return make_run(
        endpoints=Known((told,), SERVICE), ingress=Known(gcp.public(), SERVICE), limits=gcp.limits(**limits)
    )


def test_gpu_or_large_cpu_public() -> None:
    gpu, eight = {"gpus": Known(1, SERVICE)}, {"cpus": Known(8.0, SERVICE)}
    subjects = {
        "gpu": open_service(**gpu),
        "eight-processors": open_service(**eight),
        "four-processors": open_service(cpus=Known(4.0, SERVICE)),
        "small-and-doors-denied": make_run(endpoints=unknown(SERVICE), ingress=Known(gcp.public(), SERVICE)),
        "gpu-internal": make_run(limits=gcp.limits(**gpu)),
        "gpu-doors-denied": make_run(
            endpoints=unknown(SERVICE), ingress=Known(gcp.public(), SERVICE), limits=gcp.limits(**gpu)
        ),
        "hardware-denied": open_service(gpus=unknown(SERVICE)),
        "gen1": make_gen1(),
    }
    assert verdicts(gpu_or_large_cpu_public, subjects, gcp.AROUND) == {
        "gpu": FAIL,
        "eight-processors": FAIL,
        "four-processors": PASS,
        "small-and-doors-denied": PASS,
        "gpu-internal": PASS,
        "gpu-doors-denied": UNKNOWN,
        "hardware-denied": UNKNOWN,
        "gen1": PASS,
    }
    assert repairs(gpu_or_large_cpu_public, subjects["gpu"])


def test_public_and_unreserved_without_a_maximum() -> None:
    free: dict[str, Any] = {"limits": azure.limits(max_instances=Known(None, CONFIG))}
    subjects = {
        "app": make_public(ANYONE, **free),
        "app-key": make_public(http(), **free),
        "app-capped": make_public(ANYONE, handlers=unknown(FUNCTIONS)),
        "app-cap-denied": make_public(ANYONE, limits=azure.limits(max_instances=unknown(CONFIG))),
        "app-closed-cap-denied": make_azure(limits=azure.limits(max_instances=unknown(CONFIG))),
        "service": open_service(max_instances=Known(None, SERVICE)),
        "service-capped": open_service(),
    }
    assert verdicts(public_and_unreserved, subjects) == {
        "app": FAIL,
        "app-key": PASS,
        "app-capped": PASS,
        "app-cap-denied": UNKNOWN,
        "app-closed-cap-denied": PASS,
        "service": FAIL,
        "service-capped": PASS,
    }
    assert len(found(public_and_unreserved, subjects["app"])) == 1
    assert repairs(public_and_unreserved, subjects["app"])
    assert repairs(public_and_unreserved, subjects["service"])
