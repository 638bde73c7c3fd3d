"""``auditor doctor`` for AWS: who am I, which regions do I see, which permissions are missing."""

# ruff: noqa: ARG002 - what keeps nothing uses no argument

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from auditor.errors import AuditorError
from auditor.model.capture import Json
from auditor.model.observed import GapReason
from auditor.provider import CollectOptions, Operation, Probe
from providers.answers.json_paths import rows, text
from providers.aws.classify import Refusal
from providers.aws.collect.account import check_regions, identify, regions_to_read
from providers.aws.collect.functions import function_name
from providers.aws.collect.place import Account
from providers.aws.gateway import GLOBAL, Gateway
from providers.aws.operations import BY_ID
from providers.aws.session import Session

_PLAIN: Final[Mapping[str, Mapping[str, Any]]] = {
    "lambda:ListEventSourceMappings": {"MaxItems": 1},
    "lambda:ListCodeSigningConfigs": {"MaxItems": 1},
    "lambda:GetAccountSettings": {},
    "tag:GetResources": {"ResourceTypeFilters": ["lambda:function"], "ResourcesPerPage": 1},
    "logs:DescribeLogGroups": {"limit": 1},
    "logs:DescribeResourcePolicies": {"limit": 1},
    "guardduty:ListDetectors": {},
    "inspector2:ListCoverage": {"maxResults": 1},
    "cloudtrail:DescribeTrails": {},
    "access-analyzer:ListAnalyzers": {"maxResults": 1},
    "config:DescribeConfigurationRecorders": {},
    "config:DescribeConfigurationRecorderStatus": {},
    "xray:GetEncryptionConfig": {},
    "ec2:DescribeSubnets": {"MaxResults": 5},
    "ec2:DescribeSecurityGroups": {"MaxResults": 5},
    "ec2:DescribeRouteTables": {"MaxResults": 5},
    "ec2:DescribeVpcEndpoints": {"MaxResults": 5},
    "ec2:DescribeFlowLogs": {"MaxResults": 5},
    "ecr:GetRegistryScanningConfiguration": {},
    "ssm:DescribeParameters": {"MaxResults": 1},
}
_EACH: Final = (
    "lambda:GetFunction",
    "lambda:GetPolicy",
    "lambda:ListFunctionUrlConfigs",
    "lambda:ListAliases",
    "lambda:ListFunctionEventInvokeConfigs",
    "lambda:GetFunctionRecursionConfig",
    "lambda:GetRuntimeManagementConfig",
)

_T = TypeVar("_T")


class Unrecorded:
    """A recorder that keeps nothing: a doctor's calls are not a capture."""

    def answer(self, operation: Operation, scope: str, location: str, subject: str, page: int, body: Json) -> Json:
        """Hands the answer back."""
        return body

    def restore(self, asked: _T) -> _T:
        """Hands the parameters back: nothing was marked."""
        return asked

    def absent(self, operation: Operation, scope: str, location: str, subject: str) -> None:
        """Keeps nothing."""

    def gap(
        self, operation: Operation, scope: str, location: str, subject: str, page: int, reason: GapReason, message: str
    ) -> None:
        """Keeps nothing."""

    def scope(self, scope: str, locations: Sequence[str]) -> None:
        """Keeps nothing."""

    def error(self, sentence: str) -> None:
        """Keeps nothing."""

    def throttled(self, operation: Operation) -> None:
        """Keeps nothing."""


class Unwatched:
    """A progress display that shows nothing."""

    def expect(self, calls: int) -> None:
        """Shows nothing."""

    def done(self, operation: str) -> None:
        """Shows nothing."""


def examine(gateway: Gateway, session: Session, options: CollectOptions) -> Iterator[Probe]:
    """Yields a line for the identity, one for the regions, and one for each kind of call that can be tried."""
    try:
        check_regions(options, session)
        account = identify(gateway, session, options)
    except AuditorError as refused:
        yield Probe("identity", ok=False, text=str(refused))
        return
    if account is None:
        return
    yield Probe("identity", ok=True, text=f"account {account.id}, partition {account.partition}")
    try:
        regions = regions_to_read(gateway, session, options, account, Unrecorded())
    except AuditorError as refused:
        yield Probe("regions", ok=False, text=str(refused))
        return
    yield Probe("regions", ok=bool(regions), text=", ".join(regions) or "none left to read")
    yield _probe(gateway, "iam:GetAccountAuthorizationDetails", GLOBAL, {"Filter": ["Role"], "MaxItems": 1})
    if regions:
        yield from _region(gateway, account, regions[0])


def _region(gateway: Gateway, account: Account, region: str) -> Iterator[Probe]:
    listed = gateway.ask(BY_ID["lambda:ListFunctions"], region, MaxItems=1)
    yield _told("lambda:ListFunctions", listed)
    for operation, parameters in _PLAIN.items():
        yield _probe(gateway, operation, region, parameters)
    yield _probe(gateway, "inspector2:BatchGetAccountStatus", region, {"accountIds": [account.id]})
    function = (
        "" if isinstance(listed, Refusal) else next((text(row, "FunctionArn") for row in rows(listed, "Functions")), "")
    )
    for operation in _EACH if function else ():
        yield _probe(gateway, operation, region, {"FunctionName": function_name(function)})


def _probe(gateway: Gateway, operation: str, region: str, parameters: Mapping[str, Any]) -> Probe:
    return _told(operation, gateway.ask(BY_ID[operation], region, **parameters))


def _told(operation_id: str, answer: Json | Refusal) -> Probe:
    operation = BY_ID[operation_id]
    if not isinstance(answer, Refusal) or answer.code in operation.absent_codes:
        return Probe(operation_id, ok=True, text=operation.purpose)
    permission = operation.permission if answer.reason is GapReason.DENIED else None
    return Probe(operation_id, ok=False, text=f"{answer.reason}: {answer.message}", permission=permission)
