"""What watches the functions of a region: GuardDuty, Inspector, CloudTrail, Access Analyzer, Config, X-Ray, logs."""

from typing import Any, Final

from providers.answers.json_paths import rows, text, texts
from providers.aws.collect.region_context import Place

_EXTERNAL: Final = frozenset({"ACCOUNT", "ORGANIZATION"})
_ANALYZED: Final = ["AWS::Lambda::Function", "AWS::Lambda::LayerVersion", "AWS::IAM::Role"]


def start(place: Place) -> None:
    """Queues the questions about a region's telemetry."""
    place.bulk(lambda: place.listing("logs:DescribeLogGroups"))
    place.bulk(lambda: place.listing("logs:DescribeResourcePolicies"))
    place.bulk(lambda: _guardduty(place))
    place.bulk(lambda: _inspector(place))
    place.bulk(lambda: _trails(place))
    place.bulk(lambda: _analyzers(place))
    place.bulk(lambda: _recorders(place))
    place.bulk(lambda: place.call("xray:GetEncryptionConfig"))


def _guardduty(place: Place) -> None:
    detectors: list[str] = []
    place.listing("guardduty:ListDetectors", each=lambda page: detectors.extend(texts(page, "DetectorIds")))
    for detector in detectors:
        place.call("guardduty:GetDetector", detector, DetectorId=detector)


def _inspector(place: Place) -> None:
    place.call("inspector2:BatchGetAccountStatus", accountIds=[place.account.id])
    functions = {"resourceType": [{"comparison": "EQUALS", "value": "AWS_LAMBDA_FUNCTION"}]}
    place.listing("inspector2:ListCoverage", filterCriteria=functions)


def _trails(place: Place) -> None:
    body = place.call("cloudtrail:DescribeTrails").body
    for row in rows(body, "trailList"):
        if trail := text(row, "TrailARN"):
            place.call("cloudtrail:GetTrailStatus", trail, Name=trail)
            place.call("cloudtrail:GetEventSelectors", trail, TrailName=trail)


def _analyzers(place: Place) -> None:
    analyzers: list[str] = []

    def each(page: Any) -> None:
        found = (text(row, "arn") for row in rows(page, "analyzers") if text(row, "type") in _EXTERNAL)
        analyzers.extend(arn for arn in found if arn)

    place.listing("access-analyzer:ListAnalyzers", each=each)
    wanted = {"resourceType": {"eq": _ANALYZED}, "status": {"eq": ["ACTIVE"]}}
    for analyzer in analyzers:
        place.listing("access-analyzer:ListFindingsV2", analyzer, analyzerArn=analyzer, filter=wanted)


def _recorders(place: Place) -> None:
    place.call("config:DescribeConfigurationRecorders")
    place.call("config:DescribeConfigurationRecorderStatus")
