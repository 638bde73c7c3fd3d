"""The settings of a location, and what its trails record."""

from typing import Any

import pytest

from auditor.model.inventory import Location
from auditor.model.observed import GapReason, Known
from auditor.model.telemetry import TrailCoverage
from providers.aws.normalize import normalize
from tests.unit.providers.aws.normalize.capture import (
    ACCOUNT,
    ANALYZER,
    ORDERS,
    REGION,
    TRAIL,
    capture,
    denied,
    ok,
)
from tests.unit.providers.aws.normalize.test_function import gap


def location(*changes: Any, **rest: Any) -> Location:
    (found,) = normalize(capture(*changes, **rest)).locations
    return found


def selectors(*advanced: dict[str, Any], basic: list[dict[str, Any]] | None = None) -> Any:
    body = {"EventSelectors": basic} if basic is not None else {"AdvancedEventSelectors": list(advanced)}
    return ok("cloudtrail:GetEventSelectors", body, TRAIL)


def advanced(*more: dict[str, Any]) -> dict[str, Any]:
    data = {"Field": "eventCategory", "Equals": ["Data"]}
    return {"FieldSelectors": [data, {"Field": "resources.type", "Equals": ["AWS::Lambda::Function"]}, *more]}


def basic(*values: str, kind: str = "All") -> list[dict[str, Any]]:
    resource = {"Type": "AWS::Lambda::Function", "Values": list(values)}
    return [{"ReadWriteType": kind, "IncludeManagementEvents": True, "DataResources": [resource]}]


def test_a_guarded_place() -> None:
    found = location()
    assert (found.id, found.functions.need()) == (f"aws/{ACCOUNT}/{REGION}", 2)
    assert found.threat_detection == Known(True, "guardduty:GetDetector")
    assert (found.package_scanning.need(), found.code_scanning.need()) == (True, False)
    assert found.recording == Known(True, "config:DescribeConfigurationRecorderStatus")
    assert found.access_analysis == Known((ORDERS,), "access-analyzer:ListFindingsV2")
    assert (found.trace_key.need(), found.unreserved_concurrency.need()) == (True, 900)
    assert (found.concurrency_limit.need(), found.code_stored.need(), found.code_limit.need()) == (
        1000,
        1024**3,
        75 * 1024**3,
    )
    assert [group.name for group in found.orphaned_logs.need()] == ["/aws/lambda/gone"]
    assert [grant.sid for grant in found.log_policies.need()] == ["Any"]
    (trail,) = found.trails.need()
    assert (trail.id, trail.logging.need(), trail.coverage.need()) == (TRAIL, True, TrailCoverage.ALL)


def test_a_place_that_nobody_guards() -> None:
    found = location(
        ok("guardduty:ListDetectors", {"DetectorIds": []}),
        ok("config:DescribeConfigurationRecorders", {"ConfigurationRecorders": []}),
        ok("access-analyzer:ListAnalyzers", {"analyzers": []}),
        ok("cloudtrail:DescribeTrails", {"trailList": []}),
        ok("xray:GetEncryptionConfig", {"EncryptionConfig": {"Type": "NONE"}}),
    )
    assert found.threat_detection == Known(False, "guardduty:ListDetectors")
    assert found.recording == Known(False, "config:DescribeConfigurationRecorders")
    assert found.access_analysis == Known(None, "access-analyzer:ListAnalyzers")
    assert (found.trails.need(), found.trace_key.need()) == ((), False)


def test_a_suspended_detector_and_a_stopped_recorder_do_not_count() -> None:
    detector = {"Status": "DISABLED", "Features": [{"Name": "LAMBDA_NETWORK_LOGS", "Status": "ENABLED"}]}
    stopped = {"ConfigurationRecordersStatus": [{"name": "default", "recording": False}]}
    found = location(
        ok("guardduty:GetDetector", detector, "d1"), ok("config:DescribeConfigurationRecorderStatus", stopped)
    )
    assert (found.threat_detection.need(), found.recording.need()) == (False, False)


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ({"allSupported": False, "resourceTypes": ["AWS::Lambda::Function"]}, True),
        ({"allSupported": False, "resourceTypes": ["AWS::S3::Bucket"]}, False),
        (
            {
                "allSupported": False,
                "recordingStrategy": {"useOnly": "EXCLUSION_BY_RESOURCE_TYPES"},
                "exclusionByResourceTypes": {"resourceTypes": ["AWS::Lambda::Function"]},
            },
            False,
        ),
        (
            {
                "allSupported": False,
                "recordingStrategy": {"useOnly": "EXCLUSION_BY_RESOURCE_TYPES"},
                "exclusionByResourceTypes": {"resourceTypes": ["AWS::S3::Bucket"]},
            },
            True,
        ),
    ],
)
def test_what_a_recorder_records(group: dict[str, Any], expected: bool) -> None:
    recorders = {"ConfigurationRecorders": [{"name": "default", "recordingGroup": group}]}
    assert location(ok("config:DescribeConfigurationRecorders", recorders)).recording.need() is expected


def test_findings_are_unknown_when_an_analyser_cannot_be_read() -> None:
    assert gap(location(denied("access-analyzer:ListFindingsV2", ANALYZER)).access_analysis)[0] is GapReason.DENIED


def test_orphaned_groups_need_both_lists() -> None:
    assert gap(location(denied("lambda:ListFunctions", page=2)).orphaned_logs)[0] is GapReason.DENIED
    assert gap(location(denied("logs:DescribeLogGroups")).orphaned_logs)[0] is GapReason.DENIED


def test_groups_of_replicas_and_of_redirected_functions_are_not_orphans() -> None:
    names = ["/aws/lambda/us-east-1.edge", "/aws/lambda/orders", "/aws/lambda/old", "/other/gone"]
    groups = {"logGroups": [{"logGroupName": name, "logGroupArn": f"arn:x:y:::{name}"} for name in names]}
    orphans = location(ok("logs:DescribeLogGroups", groups)).orphaned_logs.need()
    assert [group.name for group in orphans] == ["/aws/lambda/old"]


LAMBDA = "arn:aws:lambda"
ARN_EQUALS = {"Field": "resources.ARN", "Equals": [ORDERS]}
ARN_STARTS = {"Field": "resources.ARN", "StartsWith": [f"{LAMBDA}:{REGION}:{ACCOUNT}:function:ord"]}
ARN_NOT = {"Field": "resources.ARN", "NotEndsWith": [":render"]}


@pytest.mark.parametrize(
    ("answer", "coverage", "functions"),
    [
        (selectors(basic=basic(LAMBDA)), TrailCoverage.ALL, ()),
        (selectors(basic=basic(LAMBDA, kind="WriteOnly")), TrailCoverage.ALL, ()),
        (selectors(basic=basic(LAMBDA, kind="ReadOnly")), TrailCoverage.NONE, ()),
        (selectors(basic=basic(ORDERS)), TrailCoverage.SOME, (ORDERS,)),
        (selectors(basic=[{"ReadWriteType": "All", "DataResources": []}]), TrailCoverage.NONE, ()),
        (selectors(advanced()), TrailCoverage.ALL, ()),
        (selectors(advanced({"Field": "readOnly", "Equals": ["false"]})), TrailCoverage.ALL, ()),
        (selectors(advanced({"Field": "readOnly", "Equals": ["true"]})), TrailCoverage.NONE, ()),
        (selectors(advanced({"Field": "eventName", "NotEquals": ["Invoke"]})), TrailCoverage.NONE, ()),
        (selectors(advanced({"Field": "eventName", "Equals": ["Invoke"]})), TrailCoverage.ALL, ()),
        (selectors(advanced(ARN_EQUALS)), TrailCoverage.SOME, (ORDERS,)),
        (selectors(advanced(ARN_STARTS)), TrailCoverage.SOME, (f"{LAMBDA}:{REGION}:{ACCOUNT}:function:ord*",)),
        (selectors(advanced(ARN_NOT)), TrailCoverage.SOME, (ORDERS,)),
        (selectors({"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}), TrailCoverage.NONE, ()),
    ],
)
def test_what_selectors_record(answer: Any, coverage: TrailCoverage, functions: tuple[str, ...]) -> None:
    (trail,) = location(answer).trails.need()
    assert (trail.coverage.need(), trail.functions) == (coverage, functions)


def test_a_selector_that_leaves_out_what_we_cannot_tell_is_unknown() -> None:
    callers = {"Field": "userIdentity.arn", "NotStartsWith": ["arn:aws:sts"]}
    (trail,) = location(selectors(advanced(callers))).trails.need()
    assert gap(trail.coverage) == (
        GapReason.UNRECOGNISED,
        "cloudtrail:GetEventSelectors",
        "cloudtrail:GetEventSelectors",
    )
    (trail,) = location(selectors(advanced(callers), advanced())).trails.need()
    assert trail.coverage.need() is TrailCoverage.ALL, "another selector records everything"


def test_a_trail_of_one_other_region_does_not_count_and_one_of_all_regions_does() -> None:
    def trails(everywhere: bool) -> Any:
        trail = {"TrailARN": TRAIL, "HomeRegion": "us-west-2", "IsMultiRegionTrail": everywhere}
        return ok("cloudtrail:DescribeTrails", {"trailList": [trail]})

    assert location(trails(everywhere=False)).trails.need() == ()
    (trail,) = location(trails(everywhere=True)).trails.need()
    assert trail.coverage.need() is TrailCoverage.ALL
