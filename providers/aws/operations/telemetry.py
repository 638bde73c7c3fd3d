"""Calls about what watches a region."""

from typing import Final

from providers.aws.operations.declaring import NEXT, NEXT_UPPER, AwsOperation, declare

TELEMETRY: Final[tuple[AwsOperation, ...]] = (
    declare(
        "tag:GetResources",
        "the functions' tags",
        client="resourcegroupstaggingapi",
        pages="ResourceTagMappingList",
        token=("PaginationToken", "PaginationToken"),
    ),
    declare(
        "logs:DescribeLogGroups",
        "log groups, their retention and encryption",
        bucket="logs:DescribeLogGroups",
        pages="logGroups",
        token=NEXT,
    ),
    declare(
        "logs:DescribeResourcePolicies",
        "who else may write to or read the logs",
        pages="resourcePolicies",
        token=NEXT,
    ),
    declare("guardduty:ListDetectors", "whether GuardDuty is on", pages="DetectorIds", token=NEXT_UPPER),
    declare(
        "guardduty:GetDetector",
        "whether GuardDuty watches Lambda's network activity",
        per_subject=True,
        expects=("Status",),
        kind=str,
    ),
    declare(
        "inspector2:BatchGetAccountStatus", "whether Inspector scans functions and their code", expects=("accounts",)
    ),
    declare("inspector2:ListCoverage", "which functions Inspector covers", pages="coveredResources", token=NEXT),
    declare("cloudtrail:DescribeTrails", "the trails that record API calls", expects=("trailList",)),
    declare(
        "cloudtrail:GetTrailStatus",
        "whether a trail is logging",
        per_subject=True,
        expects=("IsLogging",),
        kind=bool,
    ),
    declare(
        "cloudtrail:GetEventSelectors",
        "whether invocations are recorded",
        per_subject=True,
        expects=("EventSelectors", "AdvancedEventSelectors"),
    ),
    declare(
        "access-analyzer:ListAnalyzers",
        "whether Access Analyzer watches the account",
        client="accessanalyzer",
        pages="analyzers",
        token=NEXT,
    ),
    declare(
        "access-analyzer:ListFindingsV2",
        "what Access Analyzer found on functions, layers and roles",
        permission="access-analyzer:ListFindings",
        client="accessanalyzer",
        per_subject=True,
        pages="findings",
        token=NEXT,
    ),
    declare(
        "config:DescribeConfigurationRecorders",
        "whether AWS Config records functions",
        expects=("ConfigurationRecorders",),
    ),
    declare(
        "config:DescribeConfigurationRecorderStatus",
        "whether the recorder is running",
        expects=("ConfigurationRecordersStatus",),
    ),
    declare("xray:GetEncryptionConfig", "how traces are encrypted", expects=("EncryptionConfig",), kind=dict),
)
