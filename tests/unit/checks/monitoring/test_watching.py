from dataclasses import replace
from typing import Any

from auditor.model.finding import Status
from auditor.model.observed import Known
from auditor.model.telemetry import Trail, TrailCoverage
from checks.monitoring.cloudtrail_no_invoke_events import cloudtrail_no_invoke_events
from checks.monitoring.cloudtrail_partial_data_events import cloudtrail_partial_data_events
from checks.monitoring.config_recorder_off import config_recorder_off
from checks.monitoring.insights_off import insights_off
from checks.monitoring.tracing_off import tracing_off
from checks.monitoring.vpc_flowlogs_off import vpc_flowlogs_off
from checks.runtime_protection.guardduty_lambda_off import guardduty_lambda_off
from tests.unit.checks.build import (
    LISTED,
    Surroundings,
    arn,
    code,
    layer,
    location,
    make,
    make_image,
    network,
    only,
    trail,
    unknown,
    verdicts,
)
from tests.unit.checks.repairs import repairs

TRAILS = "cloudtrail:DescribeTrails"


def test_vpc_flowlogs_off() -> None:
    off = make(network=Known(network(flow_logs=Known(False, "ec2:DescribeFlowLogs")), LISTED))
    subjects = {
        "off": off,
        "on": make(),
        "no-vpc": make(network=Known(None, LISTED)),
        "flow-logs-denied": make(network=Known(network(flow_logs=unknown("ec2:DescribeFlowLogs")), LISTED)),
        "network-denied": make(network=unknown()),
    }
    assert verdicts(vpc_flowlogs_off, subjects) == {
        "off": Status.FAIL,
        "on": Status.PASS,
        "no-vpc": Status.NOT_APPLICABLE,
        "flow-logs-denied": Status.UNKNOWN,
        "network-denied": Status.UNKNOWN,
    }
    assert "vpc-0a1b2c3d" in only(vpc_flowlogs_off, off).message
    assert only(vpc_flowlogs_off, off).evidence[0].source == "ec2:DescribeFlowLogs"
    assert repairs(vpc_flowlogs_off, off)


def test_tracing_off() -> None:
    off = make(tracing=Known(False, LISTED))
    assert verdicts(tracing_off, {"off": off, "on": make(), "denied": make(tracing=unknown())}) == {
        "off": Status.FAIL,
        "on": Status.PASS,
        "denied": Status.UNKNOWN,
    }
    assert only(tracing_off, off).evidence[0].detail == "TracingConfig.Mode = PassThrough"
    assert repairs(tracing_off, off)


def test_insights_off() -> None:
    insights = layer("LambdaInsightsExtension-Arm64", account="580247275435", vendor=True)
    subjects = {
        "without": make(),
        "with": make(code=code(layers=Known((insights,), LISTED))),
        "image": make_image(),
        "denied": make(code=code(layers=unknown())),
    }
    assert verdicts(insights_off, subjects) == {
        "without": Status.FAIL,
        "with": Status.PASS,
        "image": Status.NOT_APPLICABLE,
        "denied": Status.UNKNOWN,
    }
    assert only(insights_off, make()).evidence[0].detail == "Layers = none"
    assert repairs(insights_off, make())


def near(*trails: Trail) -> Surroundings:
    return Surroundings(where=location(trails=Known(trails, TRAILS)))


OFF: dict[str, Any] = {"logging": Known(False, "cloudtrail:GetTrailStatus")}
HIDDEN = replace(trail(id=arn("cloudtrail", "trail/hidden")), coverage=unknown("cloudtrail:GetEventSelectors"))


def test_cloudtrail_no_invoke_events_counts_only_trails_that_record_this_function() -> None:
    orders = make()
    cases = {
        "recorded-by-all": near(trail()),
        "recorded-by-name": near(trail(TrailCoverage.SOME, functions=(orders.id,))),
        "recorded-by-pattern": near(trail(TrailCoverage.SOME, functions=(arn("lambda", "function:ord*"),))),
        "others-recorded": near(trail(TrailCoverage.SOME, functions=(arn("lambda", "function:billing"),))),
        "management-only": near(trail(TrailCoverage.NONE)),
        "no-trail": near(),
        "trail-stopped": near(trail(**OFF)),
        "selectors-denied": near(trail(TrailCoverage.NONE), HIDDEN),
        "status-denied": near(trail(logging=unknown("cloudtrail:GetTrailStatus"))),
        "stopped-and-selectors-denied": near(replace(HIDDEN, **OFF)),
        "recorded-beside-denied": near(HIDDEN, trail()),
        "trails-denied": Surroundings(where=location(trails=unknown(TRAILS))),
    }
    assert {
        name: verdicts(cloudtrail_no_invoke_events, {"o": orders}, near_)["o"] for name, near_ in cases.items()
    } == {
        "recorded-by-all": Status.PASS,
        "recorded-by-name": Status.PASS,
        "recorded-by-pattern": Status.PASS,
        "others-recorded": Status.FAIL,
        "management-only": Status.FAIL,
        "no-trail": Status.FAIL,
        "trail-stopped": Status.FAIL,
        "selectors-denied": Status.UNKNOWN,
        "status-denied": Status.UNKNOWN,
        "stopped-and-selectors-denied": Status.FAIL,
        "recorded-beside-denied": Status.PASS,
        "trails-denied": Status.UNKNOWN,
    }
    hit = only(cloudtrail_no_invoke_events, orders, cases["management-only"])
    assert [e.source for e in hit.evidence] == [TRAILS, "cloudtrail:GetEventSelectors"]
    assert repairs(cloudtrail_no_invoke_events, orders, hit)


def test_cloudtrail_partial_data_events() -> None:
    some = trail(TrailCoverage.SOME, functions=(arn("lambda", "function:billing"),), id=arn("cloudtrail", "trail/some"))
    subjects = {
        "some-only": location(trails=Known((some,), TRAILS)),
        "some-and-all": location(trails=Known((some, trail()), TRAILS)),
        "some-and-all-stopped": location(trails=Known((some, trail(**OFF)), TRAILS)),
        "some-and-denied": location(trails=Known((some, HIDDEN), TRAILS)),
        "management-only": location(trails=Known((trail(TrailCoverage.NONE),), TRAILS)),
        "trails-denied": location(trails=unknown(TRAILS)),
    }
    assert verdicts(cloudtrail_partial_data_events, subjects) == {
        "some-only": Status.FAIL,
        "some-and-all": Status.PASS,
        "some-and-all-stopped": Status.FAIL,
        "some-and-denied": Status.UNKNOWN,
        "management-only": Status.PASS,
        "trails-denied": Status.UNKNOWN,
    }
    assert (
        "records data events of 1 named functions or patterns"
        in only(cloudtrail_partial_data_events, subjects["some-only"]).message
    )
    assert repairs(cloudtrail_partial_data_events, subjects["some-only"])


def test_config_recorder_off() -> None:
    off = location(recording=Known(False, "config:DescribeConfigurationRecorders"))
    denied = location(recording=unknown("config:DescribeConfigurationRecorders"))
    assert verdicts(config_recorder_off, {"off": off, "on": location(), "denied": denied}) == {
        "off": Status.FAIL,
        "on": Status.PASS,
        "denied": Status.UNKNOWN,
    }
    assert "us-east-1" in only(config_recorder_off, off).message
    assert repairs(config_recorder_off, off)


def test_guardduty_lambda_off() -> None:
    off = location(threat_detection=Known(False, "guardduty:GetDetector"))
    denied = location(threat_detection=unknown("guardduty:ListDetectors"))
    assert verdicts(guardduty_lambda_off, {"off": off, "on": location(), "denied": denied}) == {
        "off": Status.FAIL,
        "on": Status.PASS,
        "denied": Status.UNKNOWN,
    }
    assert only(guardduty_lambda_off, off).evidence[0].source == "guardduty:GetDetector"
    assert repairs(guardduty_lambda_off, off)
