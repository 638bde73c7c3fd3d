"""Who a binding names: ``serviceAccount:…``, ``user:…``, ``allUsers``; and how far a member reaches."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Final

from auditor.model.exposure import Reach
from auditor.model.observed import Gap, Known, Observed, Unknown


class MemberKind(StrEnum):
    """The kinds of member of a binding."""

    EVERYONE = "allUsers"
    AUTHENTICATED = "allAuthenticatedUsers"
    ACCOUNT = "serviceAccount"
    AGENT = "service agent"
    USER = "user"
    GROUP = "group"
    DOMAIN = "domain"
    FEDERATED = "principal"
    SET = "principalSet"
    PROJECT = "project role"
    DELETED = "deleted"
    UNRECOGNISED = "unrecognised"


@dataclass(frozen=True, slots=True)
class Home:
    """The project that judges who is foreign, and when.

    ``number`` is the project's own where known; ``ids`` tells the ids of other projects by their numbers; ``domains``
    are those of its organisation, none where it has none or where ``unplaced`` says why they are not known; ``now`` is
    the time that conditions are judged at.
    """

    project: str
    number: str | None
    ids: Mapping[str, str] = field(default_factory=dict)
    domains: frozenset[str] = frozenset()
    unplaced: Gap | None = None
    now: datetime | None = None

    def owns(self, project: str) -> bool:
        """Whether a project, by id or number, is this one."""
        return project == self.project or (self.number is not None and project == self.number)

    def foreign(self, domain: str) -> bool:
        """Whether a domain is known not to be the organisation's: neither one of its domains nor below one."""
        name = domain.lower()
        return bool(self.domains) and not any(name == own or name.endswith(f".{own}") for own in self.domains)


@dataclass(frozen=True, slots=True)
class Member:
    """One member. ``project`` is the project of a service account (id or number), None where it names none."""

    text: str
    kind: MemberKind
    identity: str
    project: str | None


_PUBLIC_SET: Final = "principalSet://goog/public:all"
_CONSUMER: Final = frozenset({"gmail.com", "googlemail.com", "googlegroups.com"})
_ACCOUNT: Final = re.compile(r"[^@]+@(?P<project>[a-z0-9.-]+?)\.iam\.gserviceaccount\.com")
_APPSPOT: Final = re.compile(r"(?P<project>[a-z0-9.:-]+)@appspot\.gserviceaccount\.com")
_COMPUTE: Final = re.compile(r"(?P<project>\d+)-compute@developer\.gserviceaccount\.com")
_NUMBERED_AGENT: Final = re.compile(r"(?:[a-z]+-)*?(?P<project>\d+)@(?P<service>[a-z0-9.-]+)\.gserviceaccount\.com")
_WORKLOAD: Final = re.compile(r"(?P<project>[a-z0-9.:-]+)\.svc\.id\.goog\[.*\]")
_AGENT_HOMES: Final = frozenset(
    {
        *("gcf-admin-robot", "serverless-robot-prod", "gs-project-accounts", "compute-system", "containerregistry"),
        *("container-engine-robot", "dataflow-service-producer-prod", "dataproc-accounts", "gae-api-prod"),
        *("gcp-gae-service", "sourcerepo-service-accounts", "cloudcomposer-accounts", "service-networking"),
        *("firebase-rules", "cloud-redis", "cloud-filer", "cloud-tpu", "remotebuildexecution"),
    }
)
"""Google's own projects that hold service agents, besides those under gcp-sa-: a look-alike is no agent."""

_AGENT_NAMES: Final = re.compile(r"service-(?P<project>(?:org-)?\d+)")
_PROJECT_ROLES: Final = ("projectOwner:", "projectEditor:", "projectViewer:")
_SET_PROJECT: Final = re.compile(
    r"(?:principal|principalSet)://(?:[^/]+/projects/(?P<project>[^/]+)(?:/|$)"
    r"|[^/]+\.global\.(?P<number>\d+)\.workload\.id\.goog/)"
)
_ONE_ACCOUNT: Final = re.compile(
    r"principal://iam\.googleapis\.com/projects/[^/]+/serviceAccounts/(?P<email>[^/]+@[^/]+)"
)
_WHOLE_POOL: Final = re.compile(
    r"principalSet://iam\.googleapis\.com/(?:projects/[^/]+/)?locations/[^/]+/(?P<kind>workloadIdentityPools|workforcePools)"
    r"/(?P<pool>[^/]+)/\*"
)
_WORKFORCE: Final = re.compile(
    r"(?P<form>principal|principalSet)://iam\.googleapis\.com/locations/[^/]+/workforcePools/.+"
)
_NAMED: Final = re.compile(r"(?:principal|principalSet)://goog/(?P<kind>subject|group)/(?P<email>.+)")
_WIDE_SET: Final = re.compile(
    r"principalSet://(?:cloudresourcemanager\.googleapis\.com/(?:organizations|folders)/.+|goog/cloudIdentityCustomerId/.+)"
)


@lru_cache(maxsize=65536)
def parse(text: str) -> Member:
    """Reads a member. What is not known stays itself, unrecognised."""
    if text in ("allUsers", _PUBLIC_SET):
        return Member(text, MemberKind.EVERYONE, text, None)
    if text == "allAuthenticatedUsers":
        return Member(text, MemberKind.AUTHENTICATED, text, None)
    prefix, _, rest = text.partition(":")
    if prefix == "deleted" and rest:
        return Member(text, MemberKind.DELETED, rest.partition("?")[0], None)
    if prefix == "serviceAccount" and rest:
        return _account(text, rest)
    if prefix in ("user", "group", "domain") and rest:
        return Member(text, MemberKind(prefix), rest, None)
    if text.startswith(("principal://", "principalSet://")):
        return _principal(text, prefix)
    if text.startswith(_PROJECT_ROLES) and rest:
        return Member(text, MemberKind.PROJECT, rest, rest)
    return Member(text, MemberKind.UNRECOGNISED, text, None)


def _principal(text: str, prefix: str) -> Member:
    """A member in the newer form of one identifier for every kind of principal."""
    one = _ONE_ACCOUNT.fullmatch(text)
    if one:
        return _account(text, one["email"])
    named = _NAMED.fullmatch(text)
    if named:
        kind = MemberKind.USER if named["kind"] == "subject" else MemberKind.GROUP
        return Member(text, kind, named["email"], None)
    found = _SET_PROJECT.match(text)
    kind = MemberKind.SET if prefix == "principalSet" else MemberKind.FEDERATED
    return Member(text, kind, text, (found["project"] or found["number"]) if found else None)


def _account(text: str, email: str) -> Member:
    for pattern in (_COMPUTE, _APPSPOT, _WORKLOAD):
        found = pattern.fullmatch(email)
        if found:
            return Member(text, MemberKind.ACCOUNT, email, found["project"])
    owned = _ACCOUNT.fullmatch(email)
    if owned:
        agent = _AGENT_NAMES.match(email)
        if agent and (owned["project"].startswith("gcp-sa-") or owned["project"] in _AGENT_HOMES):
            return Member(text, MemberKind.AGENT, email, agent["project"])
        return Member(text, MemberKind.ACCOUNT, email, _project_id(owned["project"]))
    numbered = _NUMBERED_AGENT.fullmatch(email)
    if numbered:
        return Member(text, MemberKind.AGENT, email, numbered["project"])
    kind = MemberKind.AGENT if email.endswith("@system.gserviceaccount.com") else MemberKind.ACCOUNT
    return Member(text, kind, email, None)


def _project_id(domain: str) -> str:
    """``shop.example.com`` in an address is the project ``example.com:shop``."""
    project, _, owner = domain.partition(".")
    return f"{owner}:{project}" if owner else project


def default_account(email: str) -> bool:
    """Whether a service account is one that Google makes by itself: App Engine's or Compute Engine's."""
    return bool(_COMPUTE.fullmatch(email) or _APPSPOT.fullmatch(email))


def reach_of(member: Member, home: Home) -> tuple[Reach, str]:
    """How far a member reaches, seen from a project, and the sentence that says so."""
    match member.kind:
        case MemberKind.EVERYONE:
            return Reach.ANONYMOUS, "allUsers is everyone on the internet, without credentials"
        case MemberKind.AUTHENTICATED:
            return Reach.ANY_PRINCIPAL, "allAuthenticatedUsers is everyone with any Google account"
        case MemberKind.DOMAIN:
            if home.foreign(member.identity):
                return Reach.CROSS_ACCOUNT, f"everyone in {member.identity}, which is no domain of this organisation"
            return Reach.ORGANISATION, f"everyone in the domain {member.identity}"
        case MemberKind.SET | MemberKind.FEDERATED:
            return _federated(member, home)
        case MemberKind.DELETED:
            return Reach.NONE, f"{member.identity} was deleted"
        case MemberKind.UNRECOGNISED:
            return Reach.UNRECOGNISED, "a kind of member that this tool does not know"
        case MemberKind.USER | MemberKind.GROUP:
            return _named(member, home)
        case _:
            return _accounted(member, home)


def outside(member: Member, home: Home, source: str) -> Observed[bool]:
    """Whether a person, a group or a domain is of another organisation, or of none.

    ``source`` is the answer that names the member. Unknown where the domains of the own organisation are.
    """
    people = member.kind in (MemberKind.USER, MemberKind.GROUP, MemberKind.DOMAIN)
    foreign = people and reach_of(member, home)[0] is Reach.CROSS_ACCOUNT
    if people and not foreign and home.unplaced is not None:
        return Unknown(home.unplaced)
    return Known(foreign, source)


def _named(member: Member, home: Home) -> tuple[Reach, str]:
    domain = member.identity.rpartition("@")[2].lower()
    if domain in _CONSUMER:
        return Reach.CROSS_ACCOUNT, f"{member.identity} is a consumer account, of no organisation"
    if home.foreign(domain):
        return Reach.CROSS_ACCOUNT, f"{member.identity} is of {domain}, which is no domain of this organisation"
    return Reach.SCOPED, f"the {member.kind} {member.identity}"


def _federated(member: Member, home: Home) -> tuple[Reach, str]:
    """Identities that others vouch for, and sets of identities."""
    if member.project is not None:
        reach, reason = _accounted(member, home)
        pool = _WHOLE_POOL.fullmatch(member.text)
        if reach is Reach.SCOPED and pool:
            return Reach.ORGANISATION, f"every identity that the pool {pool['pool']} of this project admits"
        return reach, reason
    force = _WORKFORCE.fullmatch(member.text)
    if force:
        if force["form"] == "principal":
            return Reach.SCOPED, f"one person of a workforce pool, {member.text}"
        pool = _WHOLE_POOL.fullmatch(member.text)
        who = f"everyone in the workforce pool {pool['pool']}" if pool else f"everyone in {member.text}"
        return Reach.ORGANISATION, f"{who}, whose identities an organisation's own provider vouches for"
    if _WIDE_SET.fullmatch(member.text):
        return Reach.ORGANISATION, f"every identity of the set {member.identity}"
    return Reach.UNRECOGNISED, f"{member.text} is a kind of principal that this tool does not know"


def _accounted(member: Member, home: Home) -> tuple[Reach, str]:
    if member.project is None:
        if member.kind is MemberKind.AGENT:
            return Reach.SCOPED, f"Google's own {member.identity}"
        return Reach.UNRECOGNISED, f"{member.identity} names no project that could be told"
    if home.owns(member.project):
        return Reach.SCOPED, f"{member.identity} belongs to this project"
    if member.project.isdecimal() and home.number is None:
        return Reach.UNRECOGNISED, f"{member.identity} belongs to a project known by number only"
    return (
        Reach.CROSS_ACCOUNT,
        f"{member.identity} belongs to the project {home.ids.get(member.project, member.project)}",
    )


def foreign_account(member: Member, home: Home) -> str | None:
    """The other project, or the other organisation's domain, that a member belongs to; None for the own or none."""
    if member.project is not None:
        return None if home.owns(member.project) else home.ids.get(member.project, member.project)
    if member.kind in (MemberKind.USER, MemberKind.GROUP, MemberKind.DOMAIN):
        domain = member.identity.rpartition("@")[2].lower()
        return domain if home.foreign(domain) and domain not in _CONSUMER else None
    return None
