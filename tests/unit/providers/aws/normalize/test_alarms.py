"""Alarms, detections and budgets. Members as botocore's models name them (each service's API reference)."""

from typing import Any

from auditor.model.alarm import Alarm
from auditor.model.capture import Depth, Envelope
from auditor.model.observed import GapReason, Observed, Unknown
from providers.aws.normalize import normalize
from tests.unit.providers.aws.normalize.capture import GLOBAL, RENDER, TOPIC, arn, capture, denied, ok
from tests.unit.providers.aws.normalize.test_sources import render

ALARMS = "cloudwatch:DescribeAlarms"


def told(*alarms: dict[str, Any], composite: tuple[dict[str, Any], ...] = ()) -> Envelope:
    sound = {
        "AlarmName": "a",
        "AlarmArn": arn("cloudwatch", "alarm:a"),
        "ActionsEnabled": True,
        "AlarmActions": [TOPIC],
    }
    return ok(ALARMS, {"MetricAlarms": [sound | each for each in alarms], "CompositeAlarms": list(composite)})


def of(metric: str, function: str = "", **more: Any) -> dict[str, Any]:
    dimensions = [{"Name": "FunctionName", "Value": function}] if function else []
    return {"Namespace": "AWS/Lambda", "MetricName": metric, "Dimensions": dimensions, **more}


def reason(fact: Observed[Any]) -> GapReason:
    assert isinstance(fact, Unknown)
    return fact.gap.reason


def watching(*alarms: dict[str, Any], **rest: Any) -> tuple[Alarm, ...]:
    return render(told(*alarms, **rest)).alarms.need()


def test_an_alarm_watches_the_function_of_its_dimension_or_every_function() -> None:
    (own,) = watching(of("Errors", "render"), of("Errors", "orders"), {"Namespace": "AWS/SQS", "MetricName": "Errors"})
    assert (own.metric, own.acts, own.everywhere) == ("Errors", True, False)
    (every,) = watching(of("Throttles"))
    assert (every.metric, every.everywhere) == ("Throttles", True)


def test_an_expression_watches_what_its_metrics_and_searches_name() -> None:
    metric = {"Id": "e", "MetricStat": {"Metric": of("Errors", "render"), "Period": 60, "Stat": "Sum"}}
    search = {"Id": "s", "Expression": "SEARCH('{AWS/Lambda,FunctionName} MetricName=\"Errors\"', 'Sum')"}
    (own, every) = watching({"Metrics": [metric, {"Id": "r", "Expression": "e/2"}]}, {"Metrics": [search]})
    assert (own.metric, own.everywhere, every.metric, every.everywhere) == ("Errors", False, "*", True)


def test_an_alarm_acts_by_itself_or_through_a_composite_one() -> None:
    silent = of("Errors", "render", AlarmActions=[])
    off = of("Errors", "render", ActionsEnabled=False)
    assert [alarm.acts for alarm in watching(silent)] == [False]
    assert [alarm.acts for alarm in watching(off)] == [False]
    above = {"AlarmName": "all", "AlarmRule": 'ALARM("a") OR ALARM(b)', "ActionsEnabled": True, "AlarmActions": [TOPIC]}
    assert [alarm.acts for alarm in watching(silent, composite=(above,))] == [True]
    assert [alarm.acts for alarm in watching(silent, composite=(above | {"AlarmActions": []},))] == [False]


def test_a_list_of_alarms_that_was_refused_or_broke_off_hides_no_alarm_that_acts() -> None:
    assert reason(render(denied(ALARMS)).alarms) is GapReason.DENIED
    first = told(of("Errors", "render"))
    first.body["NextToken"] = "more"
    broken = render(first, denied(ALARMS, page=1))
    assert [alarm.metric for alarm in broken.alarms.need()] == ["Errors"]
    silent = told(of("Errors", "render", AlarmActions=[]))
    silent.body["NextToken"] = "more"
    assert reason(render(silent, denied(ALARMS, page=1)).alarms) is GapReason.DENIED


def finding(**more: Any) -> dict[str, Any]:
    return {
        "Id": "f1",
        "Type": "Backdoor:Lambda/C&CActivity.B",
        "Severity": 8,
        "Title": "It calls home",
        "UpdatedAt": "2026-11-20T01:02:03Z",
        "Resource": {"ResourceType": "Lambda", "LambdaDetails": {"FunctionArn": f"{RENDER}:7"}},
        **more,
    }


def test_a_finding_of_guardduty_is_told_of_the_function_whatever_the_version() -> None:
    listed = ok("guardduty:ListFindings", {"FindingIds": ["f1"]}, "d1")
    function = render(listed, ok("guardduty:GetFindings", {"Findings": [finding()]}, "d1"))
    (seen,) = function.detections.need()
    assert (seen.id, seen.kind, seen.severity) == ("f1", "Backdoor:Lambda/C&CActivity.B", 8.0)
    assert render().detections.need() == ()


def test_a_finding_that_was_listed_and_not_read_leaves_every_function_unknown() -> None:
    listed = ok("guardduty:ListFindings", {"FindingIds": ["f1", "f2"]}, "d1")
    partly = render(listed, ok("guardduty:GetFindings", {"Findings": [finding(Id="f2", Resource={})]}, "d1"))
    assert reason(partly.detections) is GapReason.MALFORMED
    assert reason(render(listed).detections) is GapReason.NOT_COLLECTED
    assert reason(render(listed, denied("guardduty:GetFindings", "d1")).detections) is GapReason.DENIED
    assert reason(render(denied("guardduty:ListFindings", "d1")).detections) is GapReason.DENIED


def alerts(*changes: Envelope, **rest: Any) -> Observed[tuple[str, ...]]:
    return normalize(capture(*changes, **rest)).scopes[0].spend_alerts


def test_budgets_on_spend_and_monitors_of_anomalies_watch_costs() -> None:
    def budgets(**budget: str) -> Envelope:
        return ok("budgets:DescribeBudgets", {"Budgets": [{"BudgetName": "m", **budget}]}, location=GLOBAL)

    assert alerts().need() == ("m",)
    assert alerts(budgets(BudgetType="RI_COVERAGE")).need() == ()
    assert alerts(ok("budgets:DescribeBudgets", {}, location=GLOBAL)).need() == ()
    monitor = ok("ce:GetAnomalyMonitors", {"AnomalyMonitors": [{"MonitorName": "services"}]}, location=GLOBAL)
    refused = denied("budgets:DescribeBudgets", location=GLOBAL)
    assert alerts(refused, monitor).need() == ("services",)
    assert reason(alerts(refused)) is GapReason.DENIED
    bare = alerts(budgets(BudgetType="RI_COVERAGE"), depth=Depth.STANDARD, without=["ce:GetAnomalyMonitors"])
    assert reason(bare) is GapReason.NOT_AT_DEPTH
