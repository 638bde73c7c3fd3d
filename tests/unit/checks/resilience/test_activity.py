"""Lambda functions as their metrics show them: idle, failing, throttled, near their timeout or memory."""

from dataclasses import replace
from typing import Any

import pytest

from auditor.check import Check
from auditor.model.deployment import Build, Deployment
from auditor.model.finding import Status
from auditor.model.observed import Known, Observed, not_offered
from auditor.model.usage import Monitoring
from checks.denial_of_wallet.invocation_spike import invocation_spike
from checks.denial_of_wallet.timeout_oversized import timeout_oversized
from checks.monitoring.executions_failing import executions_failing
from checks.resilience.function_idle import function_idle
from checks.resilience.memory_nearly_used import memory_nearly_used
from checks.resilience.memory_overprovisioned import memory_overprovisioned
from checks.resilience.throttled_unreserved import throttled_unreserved
from checks.resilience.timeout_nearly_reached import timeout_nearly_reached
from tests.unit.checks import gcp
from tests.unit.checks.build import (
    METRICS,
    Subject,
    found,
    limits,
    make,
    measured,
    not_asked,
    settings,
    unknown,
    verdicts,
)

PASS, FAIL, UNKNOWN = Status.PASS, Status.FAIL, Status.UNKNOWN
ELSEWHERE, NOT_EXAMINED = Status.NOT_APPLICABLE, Status.NOT_EXAMINED


def known(value: Any) -> Known[Any]:
    return Known(value, METRICS)


def deployed(on: str, **usage: Any) -> Subject:
    build = Deployment(build=Build(deployed_at=Known(f"{on}T08:00:00.000+0000", "lambda:ListFunctions")))
    return measured(**usage, more={"deployment": Known(build, "lambda:ListFunctions")})


def free(**usage: Any) -> Subject:
    return measured(**usage, more={"limits": limits(reserved_concurrency=known(None))})


def bounded(seconds: int, **usage: Any) -> Subject:
    return measured(**usage, more={"limits": limits(timeout_seconds=known(seconds))})


def google(created: Observed[str]) -> Subject:
    """A function of Google Cloud that nobody called."""
    silent = gcp.monitoring(usage=Known(gcp.usage(idle_days=known(None)), "metrics"))
    build = replace(gcp.deployment().build, created_at=created)
    told = Known(gcp.deployment(build=build), "functions:ListFunctions")
    return gcp.make_gcp(monitoring=Known(silent, "metrics"), deployment=told)


UNMEASURED = make(monitoring=Known(Monitoring(usage=unknown(METRICS)), "lambda:ListFunctions"))
UNASKED = make(monitoring=Known(Monitoring(usage=not_asked(METRICS)), "lambda:ListFunctions"))
NOBODY: dict[str, Any] = {"idle_days": known(None)}
CASES: list[tuple[Check, str, Subject, Status]] = [
    (function_idle, "nobody called it in ninety days", measured(**NOBODY), FAIL),
    (function_idle, "nobody called it for a hundred days", measured(days=400, idle_days=known(100)), FAIL),
    (function_idle, "called 89 days ago", measured(idle_days=known(89)), PASS),
    (function_idle, "called within the week that was read", measured(days=7, idle_days=known(3)), PASS),
    (function_idle, "nobody called it in the week that was read", measured(days=7, **NOBODY), NOT_EXAMINED),
    (function_idle, "deployed two weeks ago", deployed("2026-11-09", **NOBODY), ELSEWHERE),
    (function_idle, "deployed two weeks ago, and called", deployed("2026-11-09"), PASS),
    (function_idle, "Google: created two weeks ago", google(Known("2026-11-09T08:00:00Z", "list")), ELSEWHERE),
    (function_idle, "Google: created last year", google(Known("2025-11-09T08:00:00Z", "list")), FAIL),
    (function_idle, "Google: first generation", google(not_offered("list", "it is not told")), FAIL),
    (function_idle, "Google: not read", google(unknown("list")), UNKNOWN),
    (executions_failing, "every fifth fails", measured(failed=known(0.2)), FAIL),
    (executions_failing, "every twentieth fails", measured(failed=known(0.05)), PASS),
    (executions_failing, "nothing ran", measured(failed=known(None)), ELSEWHERE),
    (
        invocation_spike,
        "six times as much as last week",
        measured(recent_per_day=known(6000.0), executions_before=known(1000.0)),
        FAIL,
    ),
    (invocation_spike, "steady", measured(), PASS),
    (throttled_unreserved, "throttled in the shared pool", free(throttled=known(12)), FAIL),
    (throttled_unreserved, "throttled by its own reservation", measured(throttled=known(12)), PASS),
    (throttled_unreserved, "never throttled", free(), PASS),
    (throttled_unreserved, "unread throttles", free(throttled=unknown(METRICS)), UNKNOWN),
    (timeout_nearly_reached, "28 of 30 seconds", measured(longest_ms=known(28_000.0)), FAIL),
    (timeout_nearly_reached, "20 of 30 seconds", measured(longest_ms=known(20_000.0)), PASS),
    (timeout_nearly_reached, "nothing ran", measured(longest_ms=known(None)), ELSEWHERE),
    (timeout_oversized, "one of 300 seconds", bounded(300, longest_ms=known(1_000.0)), FAIL),
    (timeout_oversized, "40 of 300 seconds", bounded(300, longest_ms=known(40_000.0)), PASS),
    (timeout_oversized, "a short timeout", bounded(10, longest_ms=known(5.0)), PASS),
    (timeout_oversized, "a short timeout, not measured", bounded(10, longest_ms=unknown(METRICS)), PASS),
    (timeout_oversized, "nothing ran", measured(longest_ms=known(None)), ELSEWHERE),
    (memory_nearly_used, "95 percent", measured(peak_memory=known(0.95)), FAIL),
    (memory_nearly_used, "half", measured(), PASS),
    (memory_overprovisioned, "a tenth", measured(peak_memory=known(0.1)), FAIL),
    (memory_overprovisioned, "half", measured(), PASS),
    *(
        (check, name, subject, status)
        for check in (executions_failing, function_idle, invocation_spike, memory_nearly_used, timeout_nearly_reached)
        for name, subject, status in (
            ("not measured", UNMEASURED, UNKNOWN),
            ("not asked for", UNASKED, NOT_EXAMINED),
        )
    ),
]


@pytest.mark.parametrize(
    ("checked", "subject", "expected"), [pytest.param(c, s, e, id=f"{c.id}: {name}") for c, name, s, e in CASES]
)
def test_verdict(checked: Check, subject: Subject, expected: Status) -> None:
    assert verdicts(checked, {"subject": subject}) == {"subject": expected}


def test_the_days_without_an_execution_that_count_are_a_setting() -> None:
    month = settings(idle_days=30)
    subjects = {
        "a month idle": measured(days=30, **NOBODY),
        "called last week": measured(days=30, idle_days=known(9)),
        "a week read": measured(days=7, **NOBODY),
    }
    assert verdicts(function_idle, subjects, month) == {
        "a month idle": FAIL,
        "called last week": PASS,
        "a week read": NOT_EXAMINED,
    }


def test_the_repair_of_an_oversized_timeout_names_the_seconds() -> None:
    (hit,) = found(timeout_oversized, bounded(300, longest_ms=known(4_200.0)))
    assert hit.message == "Function orders may run for 300 seconds, but its longest run took 4.2"
    assert hit.values == {"seconds": "8"}
