"""What the permissions of an AWS principal amount to: capabilities, on how much, and the statements that prove them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from auditor.analysis.action_impact import Impact, impact
from auditor.analysis.permissions.account_access import AccountAccess
from auditor.analysis.permissions.proofs import statement_proof
from auditor.analysis.resource_patterns import Owner, covers_type, means_everything
from auditor.analysis.service_authorization import Action, matching
from auditor.analysis.statement_reach import reaches
from auditor.model.access import Capability, CapabilityKind, CapabilityScope, PermissionProof
from auditor.model.identity import PolicyStatement
from auditor.model.principals import Principal
from auditor.model.wildcards import Patterns, covers

_OF_IMPACT: Final = {
    Impact.IDENTITY: CapabilityKind.ESCALATE,
    Impact.SECRETS: CapabilityKind.READ_SECRETS,
    Impact.CODE: CapabilityKind.WRITE_CODE,
    Impact.READ: CapabilityKind.READ_DATA,
    Impact.WRITE: CapabilityKind.WRITE_DATA,
    Impact.SHARING: CapabilityKind.WRITE_DATA,
    Impact.KEYS: CapabilityKind.WRITE_DATA,
}
_LOGGING: Final = re.compile(
    r"cloudtrail:(stop|delete|update|puteventselectors)\w*|logs:(delete|putretention)\w*|cloudwatch:(delete|disable)\w*"
    r"|guardduty:(delete|disassociate|stop|update)\w*|config:(stop|delete)\w*|securityhub:(disable|delete)\w*"
    r"|xray:delete\w*|access-analyzer:delete\w*|events:(disable|delete)rule"
)
_LATERAL: Final = re.compile(
    r"sts:assumerole|lambda:invoke(function|async)|ssm:(startsession|sendcommand|resumesession)|ecs:executecommand"
    r"|ec2-instance-connect:send\w+|states:start(sync)?execution"
)
_SPENDING: Final = re.compile(
    r"ec2:(runinstances|requestspot(instances|fleet))|sagemaker:create(trainingjob|endpoint|notebookinstance)"
    r"|bedrock:invokemodel\w*|elasticmapreduce:runjobflow|redshift:createcluster|rds:createdb(instance|cluster)"
)
_DECRYPTS: Final = frozenset({"kms:decrypt", "kms:reencryptfrom"})
_SHOWN_ACTIONS: Final = 6
_SHOWN_PROOFS: Final = 3
_ASKED: Final = 8
_NO_GAIN: Final = frozenset({CapabilityKind.SPEND, CapabilityKind.LATERAL_MOVEMENT})
_NOTHING: Final = Patterns(())
Held = Mapping[CapabilityKind, Patterns]
"""By kind of capability, the resources that a principal reaches."""


@dataclass(frozen=True, slots=True)
class _Held:
    """Actions of one kind that one statement allows on one resource pattern."""

    kind: CapabilityKind
    resource: str
    actions: tuple[str, ...]
    grant: PolicyStatement


def capabilities(access: AccountAccess, principal: Principal) -> tuple[Capability, ...]:
    """The capabilities of a principal, gravest first: what some statement names and the decision allows."""
    found: defaultdict[CapabilityKind, list[tuple[_Held, tuple[str, ...]]]] = defaultdict(list)
    for held in _held(access, principal):
        conditions = _conditions(access, principal, held)
        if conditions is not None:
            found[held.kind].append((held, conditions))
    if access.is_administrator(principal.id):
        everything = [_everything(grant) for grant in access.allowing(principal) if "*" in grant.actions]
        found[CapabilityKind.ADMINISTER] = [(held, ()) for held in everything[:1]]
    return tuple(_made(kind, found[kind], access.owner) for kind in CapabilityKind if found[kind])


def gains(own: Iterable[Capability], other: Iterable[Capability]) -> tuple[str, ...]:
    """What the other principal can do that the first cannot: capability and resource."""
    gained = []
    for kind, more in _more(held_by(own), other):
        shown = sorted(more, key=lambda resource: resource != "*")[:3]
        gained.append(f"{kind.value} on {', '.join(shown)}")
    return tuple(gained)


def gains_any(held: Held, other: Iterable[Capability]) -> bool:
    """Whether the other principal can do anything that one with these resources cannot."""
    return any(True for _ in _more(held, other))


def held_by(own: Iterable[Capability]) -> Held:
    """The resources of a principal's capabilities."""
    return {capability.kind: Patterns(capability.resources) for capability in own}


def _more(held: Held, other: Iterable[Capability]) -> Iterator[tuple[CapabilityKind, list[str]]]:
    """By kind, the resources that only the other principal reaches."""
    for capability in other:
        if capability.kind in _NO_GAIN:
            continue
        known = held.get(capability.kind, _NOTHING)
        more = [each for each in capability.resources if not known.cover(each)]
        if more:
            yield capability.kind, more


def of_data_alone(gained: Iterable[str]) -> bool:
    """Whether what ``gains`` told is data and nothing else, and not that of every resource."""
    kinds = (CapabilityKind.READ_DATA, CapabilityKind.WRITE_DATA)
    starts = tuple(f"{kind.value} on " for kind in kinds)
    return all(each.startswith(starts) and not each.startswith(tuple(f"{s}*" for s in starts)) for each in gained)


def _everything(grant: PolicyStatement) -> _Held:
    return _Held(CapabilityKind.ADMINISTER, "*", ("*",), grant)


def _held(access: AccountAccess, principal: Principal) -> Iterator[_Held]:
    for grant in access.allowing(principal):
        for kind, resource, actions in _of_statement(grant, access.owner):
            yield _Held(kind, resource, actions, grant)


@lru_cache(maxsize=8192)
def _of_statement(grant: PolicyStatement, owner: Owner) -> tuple[tuple[CapabilityKind, str, tuple[str, ...]], ...]:
    """The kinds of action that a statement allows, by resource pattern."""
    made: defaultdict[tuple[CapabilityKind, str], list[str]] = defaultdict(list)
    for kind, actions in _kinds(grant.actions, grant.not_actions).items():
        reached = [action for action in actions if not action.resource_types or reaches(action, grant, owner)]
        for resource in grant.resources or ("*",):
            meant = [action for action in reached if _is_of(action, resource, owner)]
            made[kind, resource].extend(action.id for action in meant)
    return tuple((kind, resource, tuple(actions)) for (kind, resource), actions in made.items() if actions)


def _is_of(action: Action, resource: str, owner: Owner) -> bool:
    if means_everything(resource, owner):
        return True
    parts = resource.split(":", 3)
    service = parts[2].lower() if len(parts) > 3 else "*"
    return any(covers(service, kind.arn.partition(":")[0].lower()) for kind in action.resource_types)


@cache
def _kinds(actions: tuple[str, ...], not_actions: tuple[str, ...]) -> dict[CapabilityKind, tuple[Action, ...]]:
    patterns = ("*",) if not_actions else actions
    found: defaultdict[CapabilityKind, dict[Action, None]] = defaultdict(dict)
    for pattern in patterns:
        for action in matching(pattern):
            if any(covers(left_out, action.key) for left_out in not_actions):
                continue
            for kind in _kinds_of(action):
                found[kind][action] = None
    return {kind: tuple(listed) for kind, listed in found.items()}


@cache
def _kinds_of(action: Action) -> tuple[CapabilityKind, ...]:
    kinds: list[CapabilityKind] = []
    if _LOGGING.fullmatch(action.key):
        return (CapabilityKind.DISRUPT_LOGGING,)
    if action.key in _DECRYPTS:
        return (CapabilityKind.READ_SECRETS,)
    if _LATERAL.fullmatch(action.key):
        kinds.append(CapabilityKind.LATERAL_MOVEMENT)
    if _SPENDING.fullmatch(action.key):
        kinds.append(CapabilityKind.SPEND)
    of_impact = _OF_IMPACT.get(impact(action))
    if of_impact is not None and (of_impact is CapabilityKind.WRITE_CODE or not kinds):
        kinds.append(of_impact)
    return tuple(kinds)


def _conditions(access: AccountAccess, principal: Principal, held: _Held) -> tuple[str, ...] | None:
    """On what it depends that the first of the actions that is possible is allowed; None where none is."""
    best: tuple[str, ...] | None = None
    for action in held.actions[:_ASKED]:
        asked = held.resource if _takes_resource(action) else "*"
        decision = access.may(principal.id, action, asked)
        if decision.possible:
            keys = tuple(key for key in decision.conditions if key != "resource")
            if not keys:
                return ()
            best = best or keys
    return best


@cache
def _takes_resource(action: str) -> bool:
    found = matching(action)
    return bool(found and found[0].resource_types)


def _made(kind: CapabilityKind, found: list[tuple[_Held, tuple[str, ...]]], owner: Owner) -> Capability:
    sure = [held for held, conditions in found if not conditions]
    counted = sure or [held for held, _ in found]
    resources = tuple(dict.fromkeys(held.resource for held in counted))
    proof: dict[PermissionProof, None] = dict.fromkeys(statement_proof(held.grant) for held in counted)
    return Capability(
        kind=kind,
        scope=min((_scope(held, owner) for held in counted), key=list(CapabilityScope).index),
        resources=resources,
        actions=tuple(dict.fromkeys(action for held in counted for action in held.actions))[:_SHOWN_ACTIONS],
        conditions=() if sure else found[0][1],
        proof=tuple(proof)[:_SHOWN_PROOFS],
    )


def _scope(held: _Held, owner: Owner) -> CapabilityScope:
    if means_everything(held.resource, owner):
        return CapabilityScope.EVERYTHING
    kinds = [kind for action in held.actions for each in matching(action) for kind in each.resource_types]
    if any(covers_type(held.resource, kind, owner) for kind in kinds):
        return CapabilityScope.EVERYTHING
    return CapabilityScope.SET if set("*?$") & set(held.resource) else CapabilityScope.RESOURCE
