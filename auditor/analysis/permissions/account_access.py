"""The principals of one AWS account and what they may do, asked once and remembered."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache, reduce
from typing import Final, Protocol, TypeVar

from auditor.analysis.permissions import stand_ins, techniques
from auditor.analysis.permissions.command_documents import DOCUMENT, RUN_THEM, of_aws
from auditor.analysis.permissions.decision import RESOURCE_TAGS, Answer, Authorizer, Context, Decision
from auditor.analysis.resource_patterns import Owner
from auditor.analysis.service_authorization import Action, matching
from auditor.model.compute import ComputeList
from auditor.model.exposure import Effect
from auditor.model.function import Function
from auditor.model.identity import Conditions, PolicyStatement
from auditor.model.observed import Gap, Known, Unknown, graver
from auditor.model.principals import Principal, PrincipalKind
from auditor.model.wildcards import covers

_PASS_ROLE: Final = "iam:PassRole"  # noqa: S105 - an action
_NOBODY: Final = "nobody-has-this-name"
_PROBES: Final = (
    ("iam:AttachRolePolicy", f"iam::{{account}}:role/{_NOBODY}"),
    ("iam:CreateUser", f"iam::{{account}}:user/{_NOBODY}"),
    ("s3:GetObject", f"s3:::{_NOBODY}/{_NOBODY}"),
    ("secretsmanager:GetSecretValue", f"secretsmanager:us-east-1:{{account}}:secret:{_NOBODY}"),
    ("lambda:UpdateFunctionCode", f"lambda:us-east-1:{{account}}:function:{_NOBODY}"),
    ("ec2:TerminateInstances", f"ec2:us-east-1:{{account}}:instance/i-{_NOBODY}"),
)
"""Requests that only an administrator may make, because nothing has the name that is asked about."""
_OWN_POLICIES: Final = {
    "role": ("iam:PutRolePolicy", "iam:AttachRolePolicy"),
    "user": ("iam:PutUserPolicy", "iam:AttachUserPolicy"),
}
"""What lets a principal write its own policies."""
_OF_SERVICES: Final = "/aws-service-role/"
_OF_SIGN_IN: Final = "/aws-reserved/"
_OUT_OF_REACH: Final = Decision(Answer.NO, "No identity policy allows it.")
_EITHER: Final = "bedrock-agentcore:"
"""A service whose actions name one of several kinds, all of which the reference calls required."""
_DIRECT: Final[Context] = {"aws:viaawsservice": ("false",)} | dict.fromkeys(
    ("aws:calledvia", "aws:calledviafirst", "aws:calledvialast"), ()
)
"""What holds of a request that a principal sends itself."""
_FORWARDING: Final = frozenset(
    {
        *(f"cloudformation:{name}" for name in ("createstack", "updatestack", "createchangeset")),
        *("cloudformation:createresource", "cloudformation:updateresource"),
        *("servicecatalog:provisionproduct", "ssm:startautomationexecution"),
    }
)
"""Actions by which a service makes calls of the caller's choice with the caller's own permissions."""
WHICH: Final = "resource"
"""The condition of a decision about a pattern of which only a part is allowed."""


class _Named(Protocol):
    @property
    def id(self) -> str: ...


Target = TypeVar("Target", bound=_Named)


class RoleAuthorizer(Authorizer, Protocol):
    """Answers questions about the principals of an AWS account, and about who may take its roles."""

    def may_assume(self, role: str, by: str, context: Context | None = None) -> Decision:
        """Whether a principal or a service may take a role."""

    def rules_out(self, principal: str, action: str, resource: str) -> bool:
        """Whether it is plain at a glance that ``may`` says no; False tells nothing."""

    @property
    def before_organization(self) -> Authorizer:
        """The same questions, decided by the account's own policies alone."""


class AccountAccess:
    """Principals, functions and decisions of one account. ``gap`` gathers why a decision could not be had."""

    def __init__(
        self,
        owner: Owner,
        principals: Iterable[Principal],
        functions: Iterable[Function],
        authorizer: RoleAuthorizer,
        compute: Iterable[ComputeList] = (),
    ) -> None:
        self.owner = owner
        self.principals = {principal.id: principal for principal in principals}
        self.functions = tuple(functions)
        self.compute = tuple(compute)
        self.before: tuple[str, ...] = ()
        self._authorizer = authorizer
        self._relevant: dict[str, frozenset[str]] = {}
        self._administrators: dict[str, bool] = {}
        self._capped: dict[str, bool] = {}
        self._gaps: dict[str, Gap] = {}
        self._trusting: dict[str, tuple[Principal, ...]] = {}
        self._tagged: dict[str, Context] = {}
        self._forwarding: dict[str, bool] = {}
        self._of_all: dict[tuple[str, str, str, str], Decision] = {}

    @cached_property
    def roles(self) -> tuple[Principal, ...]:
        """Roles that people and functions can have; those that services make for themselves are left out."""
        return tuple(each for each in self._of(PrincipalKind.ROLE) if _OF_SERVICES not in each.id)

    @cached_property
    def assumable(self) -> tuple[tuple[Principal, str], ...]:
        """The roles whose trust policy names principals other than services, with its text."""
        read = ((role, role.trust.value) for role in self.roles if isinstance(role.trust, Known))
        return tuple((role, text) for role, text in read if text is not None and '"AWS"' in text)

    @cached_property
    def users(self) -> tuple[Principal, ...]:
        """Users."""
        return tuple(self._of(PrincipalKind.USER))

    @cached_property
    def groups(self) -> tuple[Principal, ...]:
        """Groups."""
        return tuple(self._of(PrincipalKind.GROUP))

    def _of(self, kind: PrincipalKind) -> Iterator[Principal]:
        return (principal for principal in self.principals.values() if principal.kind is kind)

    def editable(self, role: Principal) -> bool:
        """Whether a role's trust and policies can be changed in the account itself."""
        return _OF_SIGN_IN not in role.id

    @cached_property
    def running_as(self) -> dict[str, tuple[Function, ...]]:
        """The functions that run as each role."""
        found: defaultdict[str, list[Function]] = defaultdict(list)
        for function in self.functions:
            if isinstance(function.identity, Known) and function.identity.value is not None:
                found[function.identity.value.id].append(function)
        return {role: tuple(functions) for role, functions in found.items()}

    def gap(self, principal: str) -> Gap | None:
        """Why something that a principal may do could not be decided."""
        return self._gaps.get(principal)

    def any_gap(self) -> Gap | None:
        """Why something that any principal of the account may do could not be decided."""
        gaps = (self._gaps[name] for name in self._gaps if name in self.principals)
        return reduce(graver, gaps, None)

    def may(self, principal: str, action: str, resource: str, context: Context | None = None) -> Decision:
        """The decision about one request, which the principal itself sends unless a service may send it for it; what is
        missing is remembered.
        """
        decision = self._authorizer.may(principal, action, resource, context)
        if any(key.lower() in _DIRECT for key in decision.conditions) and not self._forwards(principal):
            decision = self._authorizer.may(principal, action, resource, {**(context or {}), **_DIRECT})
        decision = self._remembered(principal, decision)
        if decision.possible and decision.before:
            self.before = tuple(dict.fromkeys((*self.before, *decision.before)))
        return decision

    def _forwards(self, principal: str) -> bool:
        """Whether a statement of the principal names an action by which a service sends requests of its own for it."""
        found = self._forwarding.get(principal)
        if found is None:
            owner = self.principals.get(principal)
            grants = self.allowing(owner) if owner is not None else ()
            found = any(_matched(grant.actions, grant.not_actions, _FORWARDING) for grant in grants)
            self._forwarding[principal] = found
        return found

    def _remembered(self, principal: str, decision: Decision) -> Decision:
        if decision.answer is Answer.UNKNOWN and decision.gap is not None:
            self._gaps[principal] = graver(self._gaps.get(principal), decision.gap)
        return decision

    def may_somewhere(self, principal: str, action: str, context: Context | None = None) -> tuple[Decision, ...] | None:
        """Decisions by which the action is possible on some resource; None where it is on none.

        Of an action with resource types each that a call needs has to be allowed; which one, its caller chooses.
        """
        kinds = _kinds(action)
        if not kinds:
            decision = self.may(principal, action, "*", context)
            return (decision,) if decision.possible and WHICH not in decision.conditions else None
        required, alternatives = kinds
        found = []
        for arn in required:
            decision = self._on_some(principal, action, arn, "*", context)
            if not decision.possible:
                return None
            found.append(decision)
        if found:
            return tuple(found)
        decisions = (self.may(principal, action, self._pattern(arn), context) for arn in alternatives)
        first = next((decision for decision in decisions if decision.possible), None)
        return (first,) if first is not None else None

    def may_at(self, principal: str, action: str, target: str) -> tuple[Decision, ...] | None:
        """Decisions by which the action is possible on one resource, and on some of each other kind that a call needs;
        None where it is not. An action that does not name its kind has to be possible somewhere.
        """
        required, alternatives = _kinds(action) or ((), ())
        if not any(covers(self._pattern(arn), target) for arn in (*required, *alternatives)):
            return self.may_somewhere(principal, action)
        found = [self.may_on(principal, action, target)]
        if not action.startswith(_EITHER):
            others = (arn for arn in required if not covers(self._pattern(arn), target))
            found.extend(self._on_some(principal, action, arn, target.split(":")[3]) for arn in others)
        return tuple(found) if all(decision.possible for decision in found) else None

    def _on_some(self, principal: str, action: str, arn: str, region: str, context: Context | None = None) -> Decision:
        """Whether the action is possible on something of a kind. What runs a document needs one that runs commands: of
        AWS, or any of the account.
        """
        if arn == DOCUMENT and action in RUN_THEM:
            for document in of_aws(self.owner.partition, region):
                decision = self.may(principal, action, document, context)
                if decision.possible:
                    return decision
        return self.may(principal, action, self._pattern(arn, region), context)

    def _pattern(self, arn: str, place: str = "*") -> str:
        """Every resource of a kind in the account, in the region of ``place``."""
        service, region, account, resource = arn.split(":", 3)
        region = region and place
        return f"arn:{self.owner.partition}:{service}:{region}:{account and self.owner.account}:{resource}"

    def may_on(self, principal: str, action: str, target: str, context: Context | None = None) -> Decision:
        """The decision about an action on a principal, policy, function or compute of the account (by its ARN).

        The decision about all of its kind is that one where it settles it.
        """
        of_all = self._about_all(principal, action, _of_kind(target), context)
        return of_all if of_all.of_each else self._may_on_one(principal, action, target, context)

    def possible_on(
        self, principal: str, action: str, targets: Iterable[Target], context: Context | None = None
    ) -> Iterator[tuple[Target, Decision]]:
        """Those of many targets on which the action is possible, each with the decision that ``may_on`` makes."""
        settled: dict[str, Decision] = {}
        for target in targets:
            kind = _of_kind(target.id)
            of_all = settled.get(kind)
            if of_all is None:
                of_all = settled[kind] = self._about_all(principal, action, kind, context)
            if of_all.answer is Answer.NO:
                continue
            decision = of_all if of_all.of_each else self._may_on_one(principal, action, target.id, context)
            if decision.possible:
                yield target, decision

    def _about_all(self, principal: str, action: str, kind: str, context: Context | None) -> Decision:
        asked = (principal, action, kind, repr(context))
        of_all = self._of_all.get(asked)
        if of_all is None:
            of_all = self._of_all[asked] = self.may(principal, action, kind, context)
        return of_all

    def _may_on_one(self, principal: str, action: str, target: str, context: Context | None) -> Decision:
        if self._authorizer.rules_out(principal, action, target):
            return _OUT_OF_REACH
        return self.may(principal, action, target, {**(context or {}), **self._tags_of(target)})

    def _tags_of(self, target: str) -> Context:
        """The tags of a role, user, function or compute as context, with the mark that there are no others; nothing
        where they were not read.
        """
        if target not in self._tagged:
            self._tagged[target] = self._read_tags(target)
        return self._tagged[target]

    def _read_tags(self, target: str) -> Context:
        principal, function = self.principals.get(target), self._by_arn.get(target)
        tags = self._compute_tags.get(target)
        if principal is not None and principal.kind is not PrincipalKind.GROUP and isinstance(principal.tags, Known):
            tags = dict(principal.tags.value)
        elif function is not None and isinstance(function.tags, Known):
            tags = dict(function.tags.value)
        if tags is None or len({key.lower() for key in tags}) < len(tags):
            return {}
        return {f"{prefix}{key}": (tags[key],) for prefix in RESOURCE_TAGS for key in tags} | dict.fromkeys(
            RESOURCE_TAGS, ()
        )

    @cached_property
    def _compute_tags(self) -> dict[str, dict[str, str]]:
        read = (group.value for each in self.compute for group in each.found if isinstance(group, Known))
        return {item.id: dict(item.tags) for group in read for item in group if item.tags is not None}

    @cached_property
    def _by_arn(self) -> dict[str, Function]:
        return {function.id: function for function in self.functions}

    def may_pass(self, principal: str, role: Principal, service: str) -> Decision:
        """Whether a principal may hand a role to a service."""
        return self.may_on(principal, _PASS_ROLE, role.id, {"iam:PassedToService": (service,)})

    def may_assume(self, role: str, by: str) -> Decision:
        """Whether a principal or a service may take a role."""
        decision = self._authorizer.may_assume(role, by, self._tags_of(role))
        if decision.answer is Answer.UNKNOWN and decision.gap is not None and by in self.principals:
            self._gaps[by] = graver(self._gaps.get(by), decision.gap)
        return decision

    def relevant(self, principal: Principal) -> frozenset[str]:
        """The actions of techniques (lower case) that a statement of the principal or of its groups names."""
        found = self._relevant.get(principal.id)
        if found is None:
            found = frozenset().union(*(_named(grant) for grant in self.allowing(principal)))
            self._relevant[principal.id] = found
        return found

    def allowing(self, principal: Principal) -> Iterator[PolicyStatement]:
        """The statements that may allow something, those of groups included; what cannot be read is remembered."""
        groups = (self.principals[name] for name in principal.groups if name in self.principals)
        for owner in (principal, *groups):
            for group in owner.statements:
                if isinstance(group, Unknown):
                    self._gaps[principal.id] = graver(self._gaps.get(principal.id), group.gap)
                    continue
                for grant in group.value:
                    if grant.effect is Effect.ALLOW and grant.conditions is not Conditions.NEVER:
                        yield grant

    def is_administrator(self, principal: str) -> bool:
        """Whether a principal has every permission, as far as requests about nothing in particular tell.

        What the organisation denies to the whole account, such as a region, makes nobody less of an administrator; only
        where it leaves none of these requests is there none.
        """
        found = self._administrators.get(principal)
        if found is None:
            found = self._administrators[principal] = self._probed(principal)
        return found

    def _probed(self, principal: str) -> bool:
        probes = [
            (action, f"arn:{self.owner.partition}:{arn.format(account=self.owner.account)}") for action, arn in _PROBES
        ]
        own = self._authorizer.before_organization
        if not all(self._remembered(principal, own.may(principal, action, arn)).allowed for action, arn in probes):
            return False
        return any(self.may(principal, action, arn).possible for action, arn in probes)

    def administers(self, version: str, holder: str) -> bool:
        """Whether a stored version of a policy makes an administrator of who has it, or lets it make one of itself."""
        if self.is_administrator(version):
            return True
        actions = _OWN_POLICIES.get(holder.rpartition(":")[2].partition("/")[0], ())
        return any(self.may(version, action, holder).allowed for action in actions)

    def could_administer(self, principal: Principal) -> bool:
        """Whether whoever writes the principal's policies makes it an administrator: a boundary may forbid that."""
        boundary = principal.boundary
        if isinstance(boundary, Unknown):
            self._gaps[principal.id] = graver(self._gaps.get(principal.id), boundary.gap)
            return False
        if boundary.value is None:
            return True
        return self.is_administrator(stand_ins.bounded_by(principal.id, boundary.value.id))

    @cached_property
    def administrators(self) -> tuple[str, ...]:
        """Roles and users that are administrators."""
        return tuple(each.id for each in (*self.roles, *self.users) if self.is_administrator(each.id))

    def trusting(self, service: str, *, federated: bool = False) -> tuple[Principal, ...]:
        """The roles that a service can run as."""
        found = self._trusting.get(service)
        if found is None:
            found = self._trusting[service] = self._found_trusting(service, federated=federated)
        return found

    def _found_trusting(self, service: str, *, federated: bool) -> tuple[Principal, ...]:
        named = (role for role in self.roles if _mentions(role, service, federated=federated))
        if federated:
            return tuple(named)
        return tuple(role for role in named if self.may_assume(role.id, service).possible)


@lru_cache(maxsize=65536)
def _of_kind(arn: str) -> str:
    """The pattern that means every resource of the same kind in the account: all roles, all functions."""
    head, partition, service, region, account, name = arn.split(":", 5)
    mark = "/" if "/" in name.partition(":")[0] else ":"
    return ":".join((head, partition, service, region and "*", account, f"{name.partition(mark)[0]}{mark}*"))


def _mentions(role: Principal, service: str, *, federated: bool) -> bool:
    trust = role.trust.value if isinstance(role.trust, Known) else None
    if trust is None:
        return False
    return service in trust if federated else service in trust or "*" in trust


@lru_cache(maxsize=4096)
def _kinds(action: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """ARN patterns of the resources that a call needs, and of those it may have; None where it takes none."""
    found: tuple[Action, ...] = matching(action)
    if not found or not found[0].resource_types:
        return None
    return tuple(kind.arn for kind in found[0].required), tuple(kind.arn for kind in found[0].optional)


def _named(grant: PolicyStatement) -> frozenset[str]:
    return _matched(grant.actions, grant.not_actions, techniques.actions())


@lru_cache(maxsize=65536)
def _matched(actions: tuple[str, ...], not_actions: tuple[str, ...], wanted: frozenset[str]) -> frozenset[str]:
    if not_actions:
        return wanted.difference(*(_covered(pattern, wanted) for pattern in not_actions))
    return frozenset().union(*(_covered(pattern, wanted) for pattern in actions))


@lru_cache(maxsize=16384)
def _covered(pattern: str, wanted: frozenset[str]) -> frozenset[str]:
    return frozenset(each for each in wanted if covers(pattern, each))
