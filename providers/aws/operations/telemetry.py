"""Calls about what watches a region."""

from typing import Final

from auditor.answer_shape import AnswerShape
from auditor.model.secret import Treatment
from providers.aws.operations.declaration import (
    ACTIVITY,
    NEXT,
    NEXT_UPPER,
    RECORDED,
    STANDARD,
    AwsOperation,
    declare,
    holds,
)

_TEXTS: Final = ("AlarmDescription", "StateReason", "StateReasonData")

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
        answer=holds(Status=str),
    ),
    declare(
        "guardduty:ListFindings",
        "which findings about functions are active",
        pages="FindingIds",
        token=NEXT_UPPER,
        depth=STANDARD,
        per_subject=True,
    ),
    declare(
        "guardduty:GetFindings",
        "what those findings say",
        answer=holds(Findings=list),
        depth=STANDARD,
        per_subject=True,
        redact={
            "Findings[].Service": Treatment.DROP,
            "Findings[].Description": Treatment.DROP,
            "Findings[].Resource.LambdaDetails.Tags": Treatment.DROP,
            "Findings[].Resource.LambdaDetails.Description": Treatment.DROP,
        },
    ),
    declare(
        "cloudwatch:DescribeAlarms",
        "which alarms watch functions, and whether they notify anyone",
        answer=AnswerShape(required={"MetricAlarms": list}, optional={"CompositeAlarms": list}),
        pages="MetricAlarms",
        token=NEXT_UPPER,
        depth=STANDARD,
        redact={
            **{f"MetricAlarms[].{name}": Treatment.DROP for name in _TEXTS},
            **{f"CompositeAlarms[].{name}": Treatment.DROP for name in _TEXTS},
        },
    ),
    declare(
        "cloudwatch:GetMetricData",
        "how often functions ran, failed and were throttled, for how long, and how much of their memory they used",
        tier=ACTIVITY,
        bucket="cloudwatch:GetMetricData",
        per_subject=True,
        pages="MetricDataResults",
        token=NEXT_UPPER,
    ),
    declare(
        "inspector2:BatchGetAccountStatus",
        "whether Inspector scans functions and their code",
        answer=holds(accounts=list),
    ),
    declare("inspector2:ListCoverage", "which functions Inspector covers", pages="coveredResources", token=NEXT),
    declare("cloudtrail:DescribeTrails", "the trails that record API calls", answer=holds(trailList=list)),
    declare(
        "cloudtrail:GetTrailStatus",
        "whether a trail is logging",
        per_subject=True,
        answer=holds(IsLogging=bool),
    ),
    declare(
        "cloudtrail:GetEventSelectors",
        "whether invocations are recorded",
        per_subject=True,
        answer=AnswerShape(identifying={"EventSelectors": list, "AdvancedEventSelectors": list}),
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
        answer=holds(ConfigurationRecorders=list),
    ),
    declare(
        "config:DescribeConfigurationRecorderStatus",
        "whether the recorder is running",
        answer=holds(ConfigurationRecordersStatus=list),
    ),
    declare(
        "config:SelectResourceConfig",
        "the policies of functions that AWS Config has recorded, in pages of a hundred (of its rows only functions and"
        " revisions are kept)",
        tier=RECORDED,
        depth=STANDARD,
        pages="Results",
        token=NEXT_UPPER,
    ),
    declare("xray:GetEncryptionConfig", "how traces are encrypted", answer=holds(EncryptionConfig=dict)),
)
