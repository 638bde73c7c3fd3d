"""Azure apps and Google functions that break, idle or stand in one place: named, with the verdict on each."""

from functools import partial
from typing import Any

import pytest

from auditor.check import Check
from auditor.model.finding import Status
from auditor.model.hosting import HostingKind, ServiceState
from auditor.model.limits import Limits
from auditor.model.observed import Known, Unknown, not_offered
from auditor.model.usage import Usage
from checks.resilience.always_on_off import always_on_off
from checks.resilience.backup_absent import backup_absent
from checks.resilience.concurrency_one import concurrency_one
from checks.resilience.connector_not_ready import connector_not_ready
from checks.resilience.cpu_always_idle import cpu_always_idle
from checks.resilience.event_delivery_forbidden import event_delivery_forbidden
from checks.resilience.function_idle import function_idle
from checks.resilience.function_not_active import function_not_active
from checks.resilience.handler_without_trigger import handler_without_trigger
from checks.resilience.health_probe_absent import health_probe_absent
from checks.resilience.host_id_shared import host_id_shared
from checks.resilience.idle_capacity import idle_capacity
from checks.resilience.location_not_approved import location_not_approved
from checks.resilience.lock_missing import lock_missing
from checks.resilience.memory_overprovisioned import memory_overprovisioned
from checks.resilience.plan_empty import plan_empty
from checks.resilience.plan_not_zone_redundant import plan_not_zone_redundant
from checks.resilience.plan_single_worker import plan_single_worker
from checks.resilience.plan_tier_low import plan_tier_low
from checks.resilience.role_missing import role_missing
from checks.resilience.self_healing_off import self_healing_off
from checks.resilience.session_affinity_on import session_affinity_on
from checks.resilience.slot_absent import slot_absent
from checks.resilience.storage_no_soft_delete import storage_no_soft_delete
from checks.resilience.upgrade_unfinished import upgrade_unfinished
from checks.resilience.warmup_trigger_absent import warmup_trigger_absent
from checks.resilience.worker_32bit import worker_32bit
from checks.resilience.worker_runtime_unset import worker_runtime_unset
from tests.unit.checks import azure, gcp
from tests.unit.checks.azure import make_azure
from tests.unit.checks.build import Subject, found, make, settings, unknown, verdicts
from tests.unit.checks.gcp import make_gcp

PASS, FAIL, UNKNOWN, ELSEWHERE = Status.PASS, Status.FAIL, Status.UNKNOWN, Status.NOT_APPLICABLE
NONE_HERE = not_offered("graph:Sites", "this plan has no such thing")


def app(**hosting: Any) -> Subject:
    return make_azure(hosting=Known(azure.hosting(**hosting), "graph:Sites"))


def service(**hosting: Any) -> Subject:
    return make_gcp(hosting=Known(gcp.hosting(**hosting), "functions:ListFunctions"))


def measured(maker: object = make_azure, *, bounds: Limits | None = None, **usage: Any) -> Subject:
    of = gcp if maker is make_gcp else azure
    found: Usage = of.usage(**usage)
    more = {} if bounds is None else {"limits": bounds}
    return maker(monitoring=Known(of.monitoring(usage=Known(found, "metrics")), "metrics"), **more)


def on(**plan: Any) -> Subject:
    return app(kind=HostingKind.DEDICATED, plan=Known(azure.plan(**plan), "graph:Plans"))


def switch(check: Check, field: str, bad: Any, good: Any, *, maker: object = app) -> list:
    """The four verdicts of a check that reads one switch of the hosting."""
    return [
        (check, "bad", maker(**{field: Known(bad, "answer")}), FAIL),
        (check, "good", maker(**{field: Known(good, "answer")}), PASS),
        (check, "unread", maker(**{field: unknown()}), UNKNOWN),
        (check, "no such thing", maker(**{field: NONE_HERE}), ELSEWHERE),
    ]


READY = azure.limits(min_instances=Known(3, "graph:SiteConfigs"))
CASES: list[tuple[Check, str, Subject, Status]] = [
    *switch(worker_runtime_unset, "worker", None, "python"),
    *switch(worker_32bit, "worker_32bit", True, False),
    *switch(always_on_off, "always_on", False, True),
    *switch(backup_absent, "backup", False, True),
    *switch(session_affinity_on, "session_affinity", True, False),
    *switch(self_healing_off, "self_healing", False, True),
    *switch(lock_missing, "locked", False, True),
    *switch(host_id_shared, "shares_host_id", ("orders-eu",), ()),
    *switch(health_probe_absent, "health_probe", None, "/api/health"),
    *switch(health_probe_absent, "health_probe", None, "http", maker=service),
    *switch(upgrade_unfinished, "upgrade", "REDIRECT_FUNCTION_UPGRADE_TRAFFIC_SUCCESSFUL", None, maker=service),
    *switch(function_not_active, "state", ServiceState.FAILED, ServiceState.ACTIVE, maker=service),
    (function_not_active, "newer than us", service(state=Known(ServiceState.UNRECOGNISED, "list")), UNKNOWN),
    (function_not_active, "deploying", service(state=Known(ServiceState.DEPLOYING, "list")), PASS),
    (handler_without_trigger, "lost", make_azure(handlers=Known((azure.handler("lost", "x", trigger=None),), "l")), FAIL),
    (handler_without_trigger, "sound", make_azure(), PASS),
    (handler_without_trigger, "host does not answer", make_azure(handlers=unknown("web:ListFunctions")), UNKNOWN),
    (idle_capacity, "idle and warm", measured(bounds=READY, executions_30_days=Known(0, "metrics")), FAIL),
    (idle_capacity, "busy and warm", measured(bounds=READY), PASS),
    (idle_capacity, "nothing kept", measured(bounds=azure.limits(min_instances=Known(0, "c"), prewarmed=Known(0, "c")), executions_30_days=unknown()), PASS),
    (idle_capacity, "not measured", measured(bounds=READY, executions_30_days=unknown()), UNKNOWN),
    (idle_capacity, "google", measured(make_gcp, bounds=gcp.limits(min_instances=Known(2, "l")), executions_30_days=Known(0, "m")), FAIL),
    (function_idle, "silent", measured(idle_days=Known(None, "metrics")), FAIL),
    (function_idle, "silent on google", measured(make_gcp, idle_days=Known(None, "metrics")), FAIL),
    (function_idle, "busy", measured(), PASS),
    (function_idle, "stopped", measured(partial(make_azure, hosting=Known(azure.hosting(state=Known(ServiceState.STOPPED, "l")), "l")), idle_days=Known(None, "metrics")), ELSEWHERE),
    (function_idle, "not measured", measured(idle_days=unknown()), UNKNOWN),
    (plan_tier_low, "shared", on(tier="Shared"), FAIL),
    (plan_tier_low, "standard", on(tier="Standard"), PASS),
    (plan_tier_low, "unread", app(plan=unknown("graph:Plans")), UNKNOWN),
    (plan_tier_low, "no plan", app(plan=Known(None, "graph:Sites")), ELSEWHERE),
    (plan_not_zone_redundant, "one zone", on(zone_redundant=Known(False, "graph:Plans")), FAIL),
    (plan_not_zone_redundant, "three zones", on(), PASS),
    (plan_not_zone_redundant, "unread", on(zone_redundant=unknown()), UNKNOWN),
    (plan_not_zone_redundant, "no plan", app(plan=Known(None, "graph:Sites")), ELSEWHERE),
    (plan_single_worker, "one", on(capacity=Known(1, "graph:Plans")), FAIL),
    (plan_single_worker, "three", on(), PASS),
    (plan_single_worker, "unread", on(capacity=unknown()), UNKNOWN),
    (plan_single_worker, "premium", app(), ELSEWHERE),
    (slot_absent, "none", app(slots=Known((), "graph:Sites")), FAIL),
    (slot_absent, "staging", app(slots=Known(("staging",), "graph:Sites")), PASS),
    (slot_absent, "unread", app(slots=unknown()), UNKNOWN),
    (slot_absent, "is a slot", make_azure(slot="staging"), ELSEWHERE),
    (warmup_trigger_absent, "cold", make_azure(), FAIL),
    (warmup_trigger_absent, "warm", make_azure(handlers=Known((azure.handler("warm", "warmuptrigger"),), "l")), PASS),
    (warmup_trigger_absent, "unread", make_azure(handlers=unknown()), UNKNOWN),
    (warmup_trigger_absent, "consumption", app(kind=HostingKind.CONSUMPTION), ELSEWHERE),
    (storage_no_soft_delete, "gone at once", make_azure(storage=Known(azure.storage(host=Known(azure.host_storage(soft_delete=Known(False, "b")), "s")), "s")), FAIL),
    (storage_no_soft_delete, "sound", make_azure(), PASS),
    (storage_no_soft_delete, "unread", make_azure(storage=Known(azure.storage(host=Known(azure.host_storage(soft_delete=unknown()), "s")), "s")), UNKNOWN),
    (storage_no_soft_delete, "no account", make_azure(storage=Known(azure.storage(host=Known(None, "s")), "s")), ELSEWHERE),
    (plan_empty, "left over", azure.scope(guardrails=Known(azure.guardrails(empty_plans=Known(("/plans/old",), "graph:Plans")), "l")), FAIL),
    (plan_empty, "tidy", azure.scope(), PASS),
    (plan_empty, "unread", azure.scope(guardrails=Known(azure.guardrails(empty_plans=unknown("graph:Plans")), "l")), UNKNOWN),
    (connector_not_ready, "broken", make_gcp(ingress=Known(gcp.ingress(egress=gcp.egress(connector_state=Known("ERROR", "c"))), "l")), FAIL),
    (connector_not_ready, "ready", make_gcp(ingress=Known(gcp.ingress(egress=gcp.egress(connector_state=Known("READY", "c"))), "l")), PASS),
    (connector_not_ready, "unread", make_gcp(ingress=Known(gcp.ingress(egress=gcp.egress(connector_state=unknown())), "l")), UNKNOWN),
    (connector_not_ready, "none", make_gcp(), ELSEWHERE),
    (event_delivery_forbidden, "refused", make_gcp(triggers=(Known((gcp.trigger(can_invoke=Known(False, "p")),), "l"),)), FAIL),
    (event_delivery_forbidden, "allowed", make_gcp(triggers=(Known((gcp.trigger(),), "l"),)), PASS),
    (event_delivery_forbidden, "unread", make_gcp(triggers=(Known((gcp.trigger(can_invoke=unknown("run:GetIamPolicy")),), "l"),)), UNKNOWN),
    (event_delivery_forbidden, "triggers unread", make_gcp(triggers=(unknown("eventarc:ListTriggers"),)), UNKNOWN),
    (event_delivery_forbidden, "refused, callers unread", make_gcp(triggers=(unknown("cloudscheduler:ListJobs"), Known((gcp.trigger(can_invoke=unknown("run:GetIamPolicy")), gcp.trigger(can_invoke=Known(False, "p"))), "l"))), FAIL),
    (event_delivery_forbidden, "allowed, callers unread", make_gcp(triggers=(Known((gcp.trigger(),), "l"), unknown("cloudscheduler:ListJobs"))), UNKNOWN),
    (event_delivery_forbidden, "refused, but stopped", make_gcp(triggers=(Known((gcp.trigger(can_invoke=Known(False, "p"), enabled=False),), "l"),)), PASS),
    (memory_overprovisioned, "mostly empty", measured(make_gcp, peak_memory=Known(0.1, "m")), FAIL),
    (memory_overprovisioned, "used", measured(make_gcp), PASS),
    (memory_overprovisioned, "unread", measured(make_gcp, peak_memory=unknown()), UNKNOWN),
    (memory_overprovisioned, "never ran", measured(make_gcp, peak_memory=Known(None, "m")), ELSEWHERE),
    (concurrency_one, "busy", measured(make_gcp, bounds=gcp.limits(per_instance=Known(1, "l")), recent_per_day=Known(50_000.0, "m")), FAIL),
    (concurrency_one, "quiet", measured(make_gcp, bounds=gcp.limits(per_instance=Known(1, "l"))), PASS),
    (concurrency_one, "unread", measured(make_gcp, bounds=gcp.limits(per_instance=unknown())), UNKNOWN),
    (cpu_always_idle, "throttled", service(cpu_always=Known(False, "run:ListServices")), PASS),
    (cpu_always_idle, "unread", service(cpu_always=unknown("run:ListServices")), UNKNOWN),
    (role_missing, "google, deleted", make_gcp(identity=Known(gcp.identity(exists=Known(False, "iam:ListServiceAccounts")), "l")), FAIL),
    (role_missing, "google, disabled", make_gcp(identity=Known(gcp.identity(enabled=Known(False, "iam:ListServiceAccounts")), "l")), FAIL),
    (role_missing, "google, sound", make_gcp(), PASS),
    (role_missing, "google, unread", make_gcp(identity=Known(gcp.identity(enabled=unknown("iam:ListServiceAccounts")), "l")), UNKNOWN),
    (location_not_approved, "nobody asked", make_azure(), ELSEWHERE),
]  # fmt: skip


@pytest.mark.parametrize(("check", "name", "subject", "status"), CASES, ids=[f"{c.id}: {n}" for c, n, _, _ in CASES])
def test_the_verdict(check: Check, name: str, subject: Subject, status: Status) -> None:
    assert verdicts(check, {name: subject}) == {name: status}


def test_an_idle_service_that_always_has_cpu_fails() -> None:
    idle = gcp.monitoring(usage=Known(gcp.usage(executions_30_days=Known(3, "m")), "m"))
    always = gcp.hosting(cpu_always=Known(True, "run:ListServices"))
    subject = make_gcp(hosting=Known(always, "l"), monitoring=Known(idle, "m"))
    assert (
        found(cpu_always_idle, subject)[0].message
        == "CPU is always allocated to service orders, which had 3 executions in thirty days"
    )


def test_locations_are_compared_where_the_operator_named_some() -> None:
    around = settings(allowed_locations=("westeurope", "europe-west*"))
    subjects = {"azure": make_azure(), "google": make_gcp(), "aws": make()}
    assert verdicts(location_not_approved, subjects, around) == {"azure": PASS, "google": PASS, "aws": FAIL}


def test_a_crowd_under_one_host_id_is_named_one_by_one() -> None:
    hits = found(host_id_shared, app(shares_host_id=Known(("orders-eu", "orders-us"), "settings")))
    assert [hit.locus for hit in hits] == ["orders-eu", "orders-us"]


def test_a_failed_deployment_says_why() -> None:
    (hit,) = found(function_not_active, service(state=Known(ServiceState.FAILED, "l"), state_reason="build failed"))
    assert hit.message == "Function orders is failed: build failed"


def test_triggers_that_do_not_tell_are_no_gap() -> None:
    quiet = gcp.trigger(
        can_invoke=not_offered("functions:ListFunctions", "first-generation triggers call by themselves")
    )
    assert isinstance(quiet.can_invoke, Unknown)
    assert verdicts(event_delivery_forbidden, {"gen1": make_gcp(triggers=(Known((quiet,), "l"),))}) == {"gen1": PASS}
