"""What is read of CloudWatch's metrics. Members as the CloudWatch API reference names them."""

from typing import Any

import pytest

from auditor.model.capture import Depth, Envelope
from auditor.model.function import Function
from auditor.model.observed import GapReason, Observed, Unknown
from auditor.model.usage import Usage
from providers.aws.normalize import normalize
from tests.unit.providers.aws.normalize.capture import (
    METRICS,
    ORDERS,
    RENDER,
    WINDOW,
    capture,
    denied,
    measured,
    metrics,
    ok,
    orders,
)


def functions(*answers: Envelope) -> dict[str, Function]:
    """The small account with other answers of CloudWatch, if any are given."""
    sound = capture()
    kept = [one for one in sound.envelopes if one.operation != METRICS] if answers else sound.envelopes
    return {one.id: one for one in normalize(type(sound)(sound.facts, [*kept, *answers])).functions}


def usage_of(function: Function) -> Observed[Usage]:
    return function.monitoring.need().usage


def usage(*answers: Envelope, of: str = ORDERS) -> Usage:
    return usage_of(functions(*answers)[of]).need()


def why(fact: Observed[Any]) -> tuple[GapReason, str]:
    assert isinstance(fact, Unknown)
    return fact.gap.reason, fact.gap.message


def test_a_function_that_ran_is_told_by_its_daily_values() -> None:
    found = usage()
    assert (found.days, found.executions.need(), found.idle_days.need()) == (90, 400, 3)
    assert (found.executions_30_days.need(), found.executions_90_days.need()) == (400, 400)
    assert (found.failed.need(), found.throttled.need()) == (0.1, 2)
    assert (found.average_ms.need(), found.longest_ms.need()) == (400.0, 9000.0)
    assert (found.recent_per_day.need(), found.executions_before.need()) == (300 / 7, 0.0)
    assert why(found.peak_memory)[0] is GapReason.NOT_OFFERED


def test_a_complete_answer_without_a_value_says_that_nothing_ran() -> None:
    found = usage(of=RENDER)
    assert (found.executions.need(), found.idle_days.need(), found.throttled.need()) == (0, None, 0)
    assert (found.failed.need(), found.average_ms.need(), found.longest_ms.need()) == (None, None, None)


QUIET = measured("throttles")
UNFINISHED = [
    (measured("invocations", status="PartialData"), GapReason.NOT_COLLECTED),
    (measured("invocations", status="InternalError"), GapReason.SERVICE_ERROR),
    (measured("invocations", status="Forbidden"), GapReason.DENIED),
    (measured("invocations") | {"Messages": [{"Code": "x", "Value": "y"}]}, GapReason.SERVICE_ERROR),
    (measured("invocations", "another"), GapReason.NOT_COLLECTED),
    (measured("invocations", d0824=1.0), GapReason.MALFORMED),
    (measured("invocations") | {"Values": [1.0]}, GapReason.MALFORMED),
    (measured("invocations", d1101=-1.0), GapReason.MALFORMED),
    (measured("unheard-of"), GapReason.MALFORMED),
]


@pytest.mark.parametrize(("row", "reason"), UNFINISHED)
def test_an_answer_that_is_not_complete_never_says_that_nothing_ran(row: dict[str, Any], reason: GapReason) -> None:
    found = usage(metrics(row, QUIET))
    assert why(found.executions)[0] is reason
    assert why(found.idle_days)[0] is reason
    assert why(found.failed)[0] is reason


def test_a_message_about_the_whole_call_makes_all_of_it_doubtful() -> None:
    said = {"Messages": [{"Code": "MaxMetricsExceeded", "Value": "left out"}]}
    found = usage(metrics(measured("invocations"), QUIET, more=said))
    assert why(found.executions) == (GapReason.SERVICE_ERROR, "CloudWatch left metrics out")
    assert why(found.throttled)[0] is GapReason.SERVICE_ERROR


def test_values_go_on_over_pages_until_they_are_complete() -> None:
    first = metrics(measured("invocations", status="PartialData", d1101=5.0), more={"NextToken": "more"})
    rest = metrics(measured("invocations", d1102=6.0), QUIET, page=1)
    assert usage(first, rest).executions.need() == 11
    assert why(usage(first).executions)[0] is GapReason.NOT_COLLECTED
    assert why(usage(first, denied(METRICS, f"{WINDOW}#0", page=1)).executions)[0] is GapReason.DENIED
    twice = metrics(measured("invocations", d1101=7.0), QUIET, page=1)
    assert why(usage(first, twice).executions) == (GapReason.MALFORMED, "one day has two values")


def test_a_function_of_which_only_the_first_question_was_answered_ran_and_nothing_more_is_known() -> None:
    found = usage(metrics(measured("invocations", d1101=5.0), QUIET), denied(METRICS, f"{WINDOW}#0.0"))
    assert found.executions.need() == 5
    assert why(found.failed)[0] is why(found.longest_ms)[0] is GapReason.DENIED


def test_fewer_days_answer_only_what_they_cover() -> None:
    week = ok(METRICS, {"MetricDataResults": [measured("invocations", d1120=3.0), QUIET]}, "2026-11-16/2026-11-24#0")
    found = usage(week)
    assert (found.days, found.executions.need(), found.idle_days.need()) == (7, 3, 3)
    assert why(found.executions_30_days) == (
        GapReason.NOT_IN_TIER,
        "the metrics were read over 7 days: ask for --activity 30 or more",
    )
    assert why(found.executions_before)[0] is GapReason.NOT_IN_TIER


def test_of_several_windows_the_latest_counts() -> None:
    old = ok(METRICS, {"MetricDataResults": [measured("invocations", d0701=3.0)]}, "2026-06-01/2026-08-30#0")
    assert usage(old, metrics(measured("invocations"), QUIET)).executions.need() == 0


def test_lambda_insights_tells_the_memory_where_it_runs() -> None:
    layer = "arn:aws:lambda:eu-central-1:580247275435:layer:LambdaInsightsExtension-Arm64:31"
    watched = ok("lambda:ListFunctions", {"Functions": [orders() | {"Layers": [{"Arn": layer}]}]})
    ran = measured("invocations", d1101=5.0)

    def peak(*rows: dict[str, Any]) -> Observed[float | None]:
        told = normalize(capture_of(watched, metrics(ran, QUIET, *rows)))
        return usage_of(told.functions[0]).need().peak_memory

    assert peak(measured("memory", d1101=83.0)).need() == 0.83
    assert why(peak())[0] is GapReason.NOT_COLLECTED
    assert why(peak(measured("memory"))) == (
        GapReason.NOT_OFFERED,
        "only Lambda Insights measures the memory in use, and it wrote no metric",
    )


def capture_of(*answers: Envelope) -> Any:
    sound = capture()
    return type(sound)(sound.facts, list(answers))


def test_a_refusal_and_an_unasked_question_are_told_apart() -> None:
    assert why(usage(denied(METRICS, f"{WINDOW}#0")).executions)[0] is GapReason.DENIED
    sound = capture()
    unasked = [one for one in sound.envelopes if one.operation != METRICS]
    (found, _) = normalize(type(sound)(sound.facts, unasked)).functions
    assert why(usage_of(found)) == (GapReason.NOT_IN_TIER, "asked only with --activity DAYS")
    assert sound.facts.depth is Depth.FULL
