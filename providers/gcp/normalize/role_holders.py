"""Who holds roles on a project, above it and on single resources of it, and the service accounts it has."""

from collections import defaultdict
from typing import Final

from auditor.model.identity import RoleAssignment
from auditor.model.observed import Gap, Known, Observed, Unknown
from auditor.model.role_holders import HolderKind, RoleHolder, Workload, WorkloadKind
from providers.gcp.iam.grants import bindings
from providers.gcp.iam.members import Home, Member, MemberKind, outside, parse
from providers.gcp.iam.role_assignments import held_by_member
from providers.gcp.normalize.answers import Told
from providers.gcp.normalize.fields import text
from providers.gcp.normalize.project_index import Policy, ProjectIndex, readable

_KINDS: Final = {
    MemberKind.EVERYONE: HolderKind.EVERYONE,
    MemberKind.AUTHENTICATED: HolderKind.EVERYONE,
    MemberKind.ACCOUNT: HolderKind.SERVICE_ACCOUNT,
    MemberKind.AGENT: HolderKind.SERVICE_AGENT,
    MemberKind.USER: HolderKind.PERSON,
    MemberKind.GROUP: HolderKind.GROUP,
    MemberKind.DOMAIN: HolderKind.GROUP,
    MemberKind.FEDERATED: HolderKind.FEDERATED,
    MemberKind.SET: HolderKind.FEDERATED,
}
_OF_PROJECT: Final = (MemberKind.PROJECT, MemberKind.DELETED)
"""Members that stand for holders of basic roles, which are told by themselves, and for nobody."""

Holders = tuple[RoleHolder, ...]


def role_holders(estate: ProjectIndex, project: str) -> tuple[Observed[Holders], ...]:
    """One group for each source of the policies that could be read; unknown groups say why there may be more."""
    names = {level.name or f"above projects/{project}" for level in estate.levels(project)}
    mine = [each for each in estate.policies if each.target.resource in names or each.target.project == project]
    held: dict[str, dict[str, list[RoleAssignment]]] = defaultdict(lambda: defaultdict(list))
    members: dict[str, Member] = {}
    gaps: list[Gap] = []
    home = estate.home(project)
    for policy in mine:
        gaps += _collect(policy, estate, home, held[policy.told.source], members)
    gaps += estate.single_resources_gap(project)
    groups = (
        Known(tuple(_holder(members[name], roles, home, source) for name, roles in sorted(found.items())), source)
        for source, found in held.items()
    )
    return (*groups, *map(Unknown, dict.fromkeys(gaps)))


def _collect(
    policy: Policy,
    estate: ProjectIndex,
    home: Home,
    held: dict[str, list[RoleAssignment]],
    members: dict[str, Member],
) -> list[Gap]:
    """Adds what one policy grants to what is held; returns why that may not be all."""
    source = policy.told.source
    if isinstance(policy.told, Unknown):
        return [policy.told.gap]
    found = policy.told.value.fact(lambda body: bindings(readable(body)))
    if isinstance(found, Unknown):
        return [found.gap]
    gaps = []
    for binding in found.value:
        role = held_by_member(binding, policy.target, home, estate.roles)
        if isinstance(role, Unknown):
            gap = role.gap
            gaps.append(Gap(gap.reason, gap.operation or source, gap.permission, gap.message, gap.resource))
        elif role is not None:
            for member in filter(lambda each: each.kind not in _OF_PROJECT, map(parse, binding.members)):
                members.setdefault(_id(member), member)
                held[_id(member)].append(role.value)
    return gaps


def _id(member: Member) -> str:
    """Accounts by their address, as functions name the one they run as."""
    accounts = (MemberKind.ACCOUNT, MemberKind.AGENT)
    return member.identity.lower() if member.kind in accounts else member.text


def _holder(member: Member, roles: list[RoleAssignment], home: Home, source: str) -> RoleHolder:
    return RoleHolder(
        id=_id(member),
        name=_id(member),
        kind=_KINDS.get(member.kind, HolderKind.UNRECOGNISED),
        outside=outside(member, home, source),
        roles=tuple(sorted(roles, key=lambda role: role.id)),
    )


def service_accounts(
    accounts: tuple[Told, ...], gap: Gap | None, project: str
) -> tuple[Observed[tuple[Workload, ...]], ...]:
    """The service accounts of a project, as what code can run as."""
    found: dict[str, list[Workload]] = defaultdict(list)
    gaps = [] if gap is None else [gap]
    for told in accounts:
        fact = told.fact(lambda body: _account(text(body, "email").lower(), body.get("uniqueId"), project))
        if isinstance(fact, Unknown):
            gaps.append(fact.gap)
        else:
            found[told.source].append(fact.value)
    return (*(Known(tuple(each), source) for source, each in found.items()), *map(Unknown, dict.fromkeys(gaps)))


def _account(email: str, number: object, project: str) -> Workload:
    above = f"projects/{project}/serviceAccounts"
    return Workload(
        id=f"{above}/{email}",
        name=email,
        kind=WorkloadKind.IDENTITY,
        runs_as=(email,),
        aliases=(f"{above}/{number}",) if isinstance(number, str) and number else (),
    )


def above(estate: ProjectIndex, project: str) -> tuple[str, ...]:
    """The folders and the organisation that a project lies below."""
    levels = (level.name for level in estate.levels(project)[1:])
    return tuple(name for name in levels if name)
