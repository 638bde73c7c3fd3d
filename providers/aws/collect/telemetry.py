"""What watches the functions of a region: GuardDuty, Inspector, CloudTrail, Access Analyzer, Config, X-Ray, logs."""

from typing import Any, Final

from auditor.model.capture import Depth
from providers.answers.json_paths import rows, text, texts
from providers.aws.collect.region_context import RegionContext

_ALARMS: Final = 100
_FINDINGS: Final = 50
"""What a page holds at most. CloudWatch and GuardDuty API references."""
_EXTERNAL: Final = frozenset({"ACCOUNT", "ORGANIZATION"})
_ANALYZED: Final = ["AWS::Lambda::Function", "AWS::Lambda::LayerVersion", "AWS::IAM::Role"]


def start(context: RegionContext) -> None:
    """Queues the questions about a region's telemetry."""
    context.bulk(lambda: context.listing("logs:DescribeLogGroups"))
    context.bulk(lambda: context.listing("logs:DescribeResourcePolicies"))
    context.bulk(lambda: _guardduty(context))
    context.bulk(lambda: _inspector(context))
    context.bulk(lambda: _trails(context))
    context.bulk(lambda: _analyzers(context))
    context.bulk(lambda: _recorders(context))
    context.bulk(lambda: context.call("xray:GetEncryptionConfig"))
    if context.at_least(Depth.STANDARD):
        context.bulk(lambda: _alarms(context))


def _alarms(context: RegionContext) -> None:
    kinds = ["MetricAlarm", "CompositeAlarm"]
    context.listing("cloudwatch:DescribeAlarms", AlarmTypes=kinds, MaxRecords=_ALARMS)


def _guardduty(context: RegionContext) -> None:
    detectors: list[str] = []
    context.listing("guardduty:ListDetectors", each=lambda page: detectors.extend(texts(page, "DetectorIds")))
    for detector in detectors:
        context.call("guardduty:GetDetector", detector, DetectorId=detector)
        if context.at_least(Depth.STANDARD):
            _findings(context, detector)


def _findings(context: RegionContext, detector: str) -> None:
    """The findings about functions that nobody has archived: their ids, then what each says."""
    wanted = {"resource.resourceType": {"Eq": ["Lambda"]}, "service.archived": {"Eq": ["false"]}}
    listed: list[str] = []
    context.listing(
        "guardduty:ListFindings",
        detector,
        each=lambda page: listed.extend(texts(page, "FindingIds")),
        DetectorId=detector,
        FindingCriteria={"Criterion": wanted},
        MaxResults=_FINDINGS,
    )
    for first in range(0, len(listed), _FINDINGS):
        batch = listed[first : first + _FINDINGS]
        subject = f"{detector}#{first}" if first else detector
        context.call("guardduty:GetFindings", subject, DetectorId=detector, FindingIds=batch)


def _inspector(context: RegionContext) -> None:
    context.call("inspector2:BatchGetAccountStatus", accountIds=[context.account.id])
    functions = {"resourceType": [{"comparison": "EQUALS", "value": "AWS_LAMBDA_FUNCTION"}]}
    context.listing("inspector2:ListCoverage", filterCriteria=functions)


def _trails(context: RegionContext) -> None:
    body = context.call("cloudtrail:DescribeTrails").body
    for row in rows(body, "trailList"):
        if trail := text(row, "TrailARN"):
            context.call("cloudtrail:GetTrailStatus", trail, Name=trail)
            context.call("cloudtrail:GetEventSelectors", trail, TrailName=trail)


def _analyzers(context: RegionContext) -> None:
    analyzers: list[str] = []

    def each(page: Any) -> None:
        found = (text(row, "arn") for row in rows(page, "analyzers") if text(row, "type") in _EXTERNAL)
        analyzers.extend(arn for arn in found if arn)

    context.listing("access-analyzer:ListAnalyzers", each=each)
    wanted = {"resourceType": {"eq": _ANALYZED}, "status": {"eq": ["ACTIVE"]}}
    for analyzer in analyzers:
        context.listing("access-analyzer:ListFindingsV2", analyzer, analyzerArn=analyzer, filter=wanted)


def _recorders(context: RegionContext) -> None:
    if context.asked.first("recorders"):
        context.call("config:DescribeConfigurationRecorders")
        context.call("config:DescribeConfigurationRecorderStatus")
