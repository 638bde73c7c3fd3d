"""Calls about what watches a region."""

from typing import Final

from auditor.answer_shape import AnswerShape
from providers.aws.operations.declaration import NEXT, NEXT_UPPER, AwsOperation, declare, holds

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
    declare("xray:GetEncryptionConfig", "how traces are encrypted", answer=holds(EncryptionConfig=dict)),
)
