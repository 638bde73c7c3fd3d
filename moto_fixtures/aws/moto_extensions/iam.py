"""IAM and STS: the account's authorization details in pages, and a caller that is a user of IAM."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import TypeAlias
from xml.etree import ElementTree as ET

from moto_fixtures.aws.account import Account
from moto_fixtures.aws.errors import ServiceError
from moto_fixtures.aws.moto_extensions.registry import completes, window
from moto_fixtures.aws.wire import Call
from moto_fixtures.emulation.wire import Answer

_NAMESPACE = "https://iam.amazonaws.com/doc/2010-05-08/"
_VERSION = "2010-05-08"
_LISTS = {
    "User": "UserDetailList",
    "Group": "GroupDetailList",
    "Role": "RoleDetailList",
    "LocalManagedPolicy": "Policies",
}
_DEFAULT_PAGE, _LARGEST_PAGE = 100, 1000
_SERVICES_A_PAGE = 2
_ACCESSED = "2026-11-20T08:00:00Z"
ServiceReport: TypeAlias = tuple[str, bool, Mapping[str, bool]]
"""Prefix of a service, whether it was used, and its tracked actions with whether they were."""
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


@dataclass
class IamMemory:
    """The rows of the last listing, by the filter asked, and the generation they belong to."""

    rows: dict[str, tuple[int, list[tuple[str, str]]]] = field(default_factory=dict)
    reports: dict[str, tuple[str, int]] = field(default_factory=dict)
    """By id of a job its role, and how often its report was asked for."""
    used: dict[str, tuple["ServiceReport", ...]] = field(default_factory=dict)


def _unique(kind: str, name: str) -> str:
    digest = sha256(name.encode()).digest()
    return kind + "".join(_ALPHABET[byte % 32] for byte in digest[:17])


def _result(answer: Answer, name: str) -> ET.Element:
    root = ET.fromstring(re.sub(rb' xmlns="[^"]+"', b"", answer.body))  # noqa: S314 - moto's own answer
    found = root.find(f"{name}Result")
    if found is None:
        message = f"moto answered {name} without a result: {answer.body[:200]!r}"
        raise ValueError(message)
    return found


def _iam(call: Call, account: Account, action: str, **members: str) -> ET.Element:
    form = {"Action": action, "Version": _VERSION, **members}
    return _result(account.ask_query(call, "iam", form), action)


def _completed_policy(policy: ET.Element, boundaries: int) -> ET.Element:
    arn = policy.findtext("Arn") or ""
    if policy.find("PolicyName") is None:
        ET.SubElement(policy, "PolicyName").text = arn.rpartition("/")[2]
    if policy.find("PolicyId") is None:
        ET.SubElement(policy, "PolicyId").text = _unique("ANPA", arn)
    if policy.find("PermissionsBoundaryUsageCount") is None:
        ET.SubElement(policy, "PermissionsBoundaryUsageCount").text = str(boundaries)
    return policy


def _aws_managed(call: Call, account: Account, arn: str, boundaries: int) -> ET.Element:
    """An AWS-managed policy with its default version, as the listing shows it."""
    policy = _iam(call, account, "GetPolicy", PolicyArn=arn).find("Policy")
    if policy is None:
        message = f"moto does not know {arn}"
        raise ValueError(message)
    policy.tag = "member"
    version = _iam(
        call, account, "GetPolicyVersion", PolicyArn=arn, VersionId=policy.findtext("DefaultVersionId") or "v1"
    ).find("PolicyVersion")
    if version is not None:
        version.tag = "member"
        ET.SubElement(policy, "PolicyVersionList").append(version)
    return _completed_policy(policy, boundaries)


def _rows(call: Call, account: Account, kinds: set[str]) -> Iterator[tuple[str, ET.Element]]:
    """Everything the filter asks for: identities, customer policies, and AWS-managed policies in use."""
    form = {"Action": "GetAccountAuthorizationDetails", "Version": _VERSION}
    form.update({f"Filter.member.{index}": kind for index, kind in enumerate(_LISTS, 1)})
    everything = _result(account.ask_query(call, "iam", form), "GetAccountAuthorizationDetails")
    used = [node.text or "" for node in everything.iter("PermissionsBoundaryArn")]
    attached = {node.text or "" for node in everything.iter("PolicyArn")} | set(used)
    for kind, tag in _LISTS.items():
        for member in everything.findall(f"{tag}/member"):
            if kind not in kinds:
                continue
            if kind == "LocalManagedPolicy":
                _completed_policy(member, used.count(member.findtext("Arn") or ""))
            yield tag, member
    if "AWSManagedPolicy" in kinds:
        for arn in sorted(arn for arn in attached if ":iam::aws:" in arn):
            yield "Policies", _aws_managed(call, account, arn, used.count(arn))


@completes("iam", "GetAccountAuthorizationDetails")
def get_account_authorization_details(call: Call, account: Account) -> Answer:
    """Pages by MaxItems (100 unless asked, at most 1000); of AWS's own policies only those in use."""
    kinds = {value for name, value in call.form.items() if name.startswith("Filter.member.")}
    kinds = kinds or {*_LISTS, "AWSManagedPolicy"}
    kept = account.of(IamMemory).rows
    key, generation = ",".join(sorted(kinds)), account.generation
    at, rows = kept.get(key, (-1, []))
    if at != generation:
        rows = [(tag, ET.tostring(member, encoding="unicode")) for tag, member in _rows(call, account, kinds)]
        kept[key] = (generation, rows)
    size = min(int(call.form.get("MaxItems") or _DEFAULT_PAGE), _LARGEST_PAGE)
    start, end, marker = window(len(rows), call.form.get("Marker"), size, "ValidationError")
    lists = {tag: "".join(xml for kind, xml in rows[start:end] if kind == tag) for tag in _LISTS.values()}
    body = "".join(f"<{tag}>{members}</{tag}>" for tag, members in lists.items())
    more = f"<IsTruncated>true</IsTruncated><Marker>{marker}</Marker>" if marker else "<IsTruncated>false</IsTruncated>"
    return _xml("GetAccountAuthorizationDetails", f"{more}{body}")


@completes("iam", "GenerateServiceLastAccessedDetails")
def generate_service_last_accessed_details(call: Call, account: Account) -> Answer:
    """A job for the report of a role, which is still being made when it is first asked for."""
    role = call.form.get("Arn") or ""
    known = {member.findtext("Arn") for _, member in _rows(call, account, {"Role"})}
    if role not in known:
        raise ServiceError("NoSuchEntity", f"ARN {role} does not exist.", 404)
    reports = account.of(IamMemory).reports
    job = f"{len(reports):08x}-0000-4000-8000-5d3c2b1a0f9e"
    reports[job] = (role, 0)
    return _xml("GenerateServiceLastAccessedDetails", f"<JobId>{job}</JobId>")


@completes("iam", "GetServiceLastAccessedDetails")
def get_service_last_accessed_details(call: Call, account: Account) -> Answer:
    """What :func:`used` was told of the role, two services a page."""
    reports = account.of(IamMemory).reports
    job = call.form.get("JobId") or ""
    if job not in reports:
        raise ServiceError("NoSuchEntity", f"Job {job} does not exist.", 404)
    role, asked = reports[job]
    reports[job] = (role, asked + 1)
    began = "<JobCreationDate>2026-11-23T09:00:00Z</JobCreationDate>"
    if not asked:
        running = f"<JobStatus>IN_PROGRESS</JobStatus>{began}<ServicesLastAccessed/>"
        return _xml("GetServiceLastAccessedDetails", running)
    rows = [_service_report(role, *one) for one in account.of(IamMemory).used.get(role, ())]
    start, end, marker = window(len(rows), call.form.get("Marker"), _SERVICES_A_PAGE, "InvalidInput")
    more = f"<IsTruncated>true</IsTruncated><Marker>{marker}</Marker>" if marker else "<IsTruncated>false</IsTruncated>"
    return _xml(
        "GetServiceLastAccessedDetails",
        f"<JobStatus>COMPLETED</JobStatus><JobType>ACTION_LEVEL</JobType>{began}"
        f"<ServicesLastAccessed>{''.join(rows[start:end])}</ServicesLastAccessed>{more}"
        "<JobCompletionDate>2026-11-23T09:00:02Z</JobCompletionDate>",
    )


def used(account: Account, role: str, *services: ServiceReport) -> None:
    """Says what the report on a role tells: of each service whether it was used, and of its tracked actions."""
    account.of(IamMemory).used[role] = services


def _service_report(role: str, service: str, accessed: bool, actions: Mapping[str, bool]) -> str:
    who = f"<{{0}}Entity>{role}</{{0}}Entity><{{0}}Region>us-east-1</{{0}}Region>"
    action = f"<LastAccessedTime>{_ACCESSED}</LastAccessedTime>{who.format('LastAccessed')}"
    tracked = "".join(
        f"<member><ActionName>{name}</ActionName>{action if each else ''}</member>" for name, each in actions.items()
    )
    whole = f"<LastAuthenticated>{_ACCESSED}</LastAuthenticated>{who.format('LastAuthenticated')}"
    return (
        f"<member><ServiceName>{service.upper()}</ServiceName><ServiceNamespace>{service}</ServiceNamespace>"
        f"{whole if accessed else ''}"
        f"<TotalAuthenticatedEntities>{int(accessed)}</TotalAuthenticatedEntities>"
        f"{f'<TrackedActionsLastAccessed>{tracked}</TrackedActionsLastAccessed>' if tracked else ''}</member>"
    )


def _xml(action: str, result: str) -> Answer:
    xml = (
        f'<{action}Response xmlns="{_NAMESPACE}"><{action}Result>{result}</{action}Result>'
        "<ResponseMetadata><RequestId>8a5c4a1e-0000-4000-8000-5d3c2b1a0f9e</RequestId></ResponseMetadata>"
        f"</{action}Response>"
    )
    return Answer(200, xml.encode(), {"Content-Type": "text/xml"})


@completes("sts", "GetCallerIdentity")
def get_caller_identity(call: Call, account: Account) -> Answer:
    """Moto's answer, its stand-in user told as the IAM user ``auditor``; assumed roles stay as they are."""
    answer = account.moto(call)
    user = f"arn:aws:iam::{account.id}:user/auditor".encode()
    body = answer.body.replace(f"arn:aws:sts::{account.id}:user/moto".encode(), user)
    body = re.sub(rb"<UserId>AKIA[^<]*", b"<UserId>" + _unique("AIDA", "auditor").encode(), body)
    return replace(answer, body=body)
