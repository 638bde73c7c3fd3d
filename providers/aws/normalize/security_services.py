"""The services that watch a location: threat detection, scanning, recording, access analysis, tracing."""

from typing import Any

from auditor.model.capture import Json
from auditor.model.exposure import AccessGrant
from auditor.model.observed import Gap, Known, Observed, Unknown
from providers.aws.iam.policy_owner import ResourceKind
from providers.aws.normalize.answers import Answers, known
from providers.aws.normalize.fields import (
    UnreadableError,
    choice,
    flag,
    items,
    member,
    number,
    optional_member,
    optional_text,
    optional_texts,
    required,
    string,
    text,
    texts,
)
from providers.aws.normalize.policies import judge

_DETECTORS = "guardduty:ListDetectors"
_DETECTOR = "guardduty:GetDetector"
_INSPECTOR = "inspector2:BatchGetAccountStatus"
_RECORDERS = "config:DescribeConfigurationRecorders"
_RECORDING = "config:DescribeConfigurationRecorderStatus"
_ANALYZERS = "access-analyzer:ListAnalyzers"
_FINDINGS = "access-analyzer:ListFindingsV2"
_TRACES = "xray:GetEncryptionConfig"
_SETTINGS = "lambda:GetAccountSettings"
_LOG_POLICIES = "logs:DescribeResourcePolicies"

_SWITCH = {"ENABLED": True, "DISABLED": False}
_SCANNING = {
    "ENABLED": True,
    "ENABLING": True,
    "DISABLED": False,
    "DISABLING": False,
    "SUSPENDED": False,
    "SUSPENDING": False,
}
_EXTERNAL = frozenset({"ACCOUNT", "ORGANIZATION"})
"""Analysers of access from outside; the other types look for unused or internal access."""
_FINDING_STATUS = {"ACTIVE": True, "ARCHIVED": False, "RESOLVED": False}
_ANALYZER_STATUS = {"ACTIVE": True, "CREATING": False, "DISABLED": False, "FAILED": False}
_ENCRYPTION = {"KMS": True, "NONE": False}
_FUNCTION = "AWS::Lambda::Function"


def threat_detection(answers: Answers) -> Observed[bool]:
    """Whether GuardDuty watches the network activity of functions."""
    detectors = answers.readable(answers.pages(_DETECTORS, "DetectorIds"), lambda item: string(item, "an id"))
    gap = detectors.gap
    for detector in detectors.items:
        body = answers.one(_DETECTOR, detector)
        if isinstance(body, Unknown):
            gap = gap or body.gap
            continue
        watched = answers.fact(_DETECTOR, lambda body=body: _watches(body.value), detector)  # type: ignore[misc]
        if isinstance(watched, Known) and watched.value:
            return watched
        if isinstance(watched, Unknown):
            gap = gap or watched.gap
    if gap is not None:
        return Unknown(gap)
    return known(value=False, source=_DETECTOR if detectors.items else _DETECTORS)


def _watches(body: Json) -> bool:
    if not choice(body, "Status", _SWITCH):
        return False
    for feature in items(body, "Features"):
        if text(feature, "Name") == "LAMBDA_NETWORK_LOGS":
            return choice(feature, "Status", _SWITCH)
    return False  # a detector lists every feature it has


def scanning(answers: Answers, kind: str) -> Observed[bool]:
    """Whether Inspector scans packages (``lambda``) or code (``lambdaCode``) of functions."""
    body = answers.one(_INSPECTOR)
    if isinstance(body, Unknown):
        return body
    found = body.value

    def read() -> bool:
        for account in items(found, "accounts"):
            if text(account, "accountId") == answers.account:
                return choice(member(member(account, "resourceState"), kind), "status", _SCANNING)
        raise UnreadableError("the answer does not speak of this account")

    return answers.fact(_INSPECTOR, read)


def recording(answers: Answers) -> Observed[bool]:
    """Whether AWS Config records changes of functions, and runs."""
    listing = answers.readable(answers.pages(_RECORDERS, "ConfigurationRecorders"), _recorder)
    recorders = listing.complete()
    if isinstance(recorders, Unknown):
        return recorders
    if not any(covers for _, covers in recorders.value):
        return known(value=False, source=_RECORDERS)
    statuses = answers.readable(
        answers.pages(_RECORDING, "ConfigurationRecordersStatus"),
        lambda body: (text(body, "name"), flag(body, "recording")),
    )
    running = dict(statuses.items)
    if any(covers and running.get(name) for name, covers in recorders.value):
        return known(value=True, source=_RECORDING)
    return statuses.absence(value=False)


def _recorder(body: Json) -> tuple[str, bool]:
    name = text(body, "name")
    group = optional_member(body, "recordingGroup")
    if group is None:  # absent: a recorder of one service's own resources
        return name, False
    if ("resourceTypes" not in group or "allSupported" in group) and flag(group, "allSupported"):
        return name, True
    strategy = optional_member(group, "recordingStrategy") or {}
    if optional_text(strategy, "useOnly") == "EXCLUSION_BY_RESOURCE_TYPES":
        return name, _FUNCTION not in texts(member(group, "exclusionByResourceTypes"), "resourceTypes")
    return name, _FUNCTION in optional_texts(group, "resourceTypes")


def access_analysis(answers: Answers) -> Observed[tuple[str, ...] | None]:
    """The resources that Access Analyzer has active findings about; Known(None) where no analyser runs."""
    listing = answers.readable(
        answers.pages(_ANALYZERS, "analyzers"),
        lambda body: (text(body, "arn"), text(body, "type"), choice(body, "status", _ANALYZER_STATUS)),
    )
    analyzers = listing.complete()
    if isinstance(analyzers, Unknown):
        return analyzers
    running = [arn for arn, kind, active in analyzers.value if active and kind in _EXTERNAL]
    if not running:
        return known(None, _ANALYZERS)
    gap: Gap | None = None
    found: set[str] = set()
    for arn in running:
        findings = answers.readable(answers.pages(_FINDINGS, "findings", arn), _finding)
        gap = gap or findings.gap
        found.update(resource for resource in findings.items if resource is not None)
    return Unknown(gap) if gap is not None else known(tuple(sorted(found)), _FINDINGS)


def _finding(body: Json) -> str | None:
    if not choice(body, "status", _FINDING_STATUS):
        return None
    return optional_text(body, "resource")  # absent: the finding is about the analyser's own work


def trace_key(answers: Answers) -> Observed[bool]:
    """Whether traces are encrypted with a customer's key."""
    body = answers.one(_TRACES)
    if isinstance(body, Unknown):
        return body
    found: dict[str, Any] | None = body.value
    return answers.fact(_TRACES, lambda: choice(member(found, "EncryptionConfig"), "Type", _ENCRYPTION))


def account_setting(answers: Answers, group: str, name: str) -> Observed[int]:
    """A limit of Lambda for the account (``AccountLimit``), or what is used of one (``AccountUsage``)."""
    body = answers.one(_SETTINGS)
    if isinstance(body, Unknown):
        return body
    found = body.value
    return answers.fact(_SETTINGS, lambda: number(member(found, group), name))


def log_policies(answers: Answers, partition: str) -> Observed[tuple[AccessGrant, ...]]:
    """The resource policies of the log service, judged."""
    listing = answers.readable(
        answers.pages(_LOG_POLICIES, "resourcePolicies"),
        lambda body: judge(required(body, "policyDocument"), answers, partition, ResourceKind.LOG),
    )
    if listing.gap is not None:
        return Unknown(listing.gap)
    return known(tuple(grant for grants in listing.items for grant in grants), _LOG_POLICIES)
