"""What the principals of one account may do: their policies put together, each document read once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Final

from auditor.analysis.permissions.decision import Answer, Context, Decision
from auditor.model.exposure import Effect
from auditor.model.identity import PermissionPolicy, PolicyOrigin
from auditor.model.observed import Gap, GapReason, Observed, Unknown
from auditor.model.principals import Principal
from providers.aws.arn import parse_arn
from providers.aws.iam.document import PolicyMalformedError, Statement, parse_document
from providers.aws.iam.evaluation.callers import Caller, CallerKind, read_caller
from providers.aws.iam.evaluation.comparisons import names_resource
from providers.aws.iam.evaluation.context import RequestContext, State
from providers.aws.iam.evaluation.known_context import caller_context, derived_context
from providers.aws.iam.evaluation.layers import BOUNDARY, IDENTITY, RESOURCE_POLICY, TRUST_POLICY, Policies
from providers.aws.iam.evaluation.policies import CompiledPolicy, PolicyLayer, compile_policy
from providers.aws.iam.evaluation.proof import OF_RESOURCE, ORGANISATION, decide
from providers.aws.iam.evaluation.request import Request, settled
from providers.aws.iam.patterns import is_account, is_fixed

DETAILS: Final = "iam:GetAccountAuthorizationDetails"
_ASSUME: Final = "sts:AssumeRole"
_WITH_POLICIES: Final = frozenset(
    "s3 s3express s3-outposts lambda sqs sns kms secretsmanager ecr events schemas dynamodb kinesis logs execute-api "  # noqa: SIM905
    "glacier elasticfilesystem es aoss backup codeartifact codebuild glue iot mediastore rekognition serverlessrepo "
    "ses signer ssm vpc-lattice acm-pca cloudtrail lex mobiletargeting network-firewall ram redshift-serverless "
    "resource-groups route53 ssm-contacts ssm-incidents states bedrock".split()
)
"""Services whose resources can have a policy (IAM User Guide, "AWS services that work with IAM", as of 2026-10)."""
_NOBODY_READ: Final = Policies(PolicyLayer(IDENTITY, ()))


@dataclass(frozen=True, slots=True)
class OrganizationLayers:
    """What an organisation sets above an account, level by level, root first.

    ``gap`` is why there may be more: then the layers only deny, and decisions stay before the organisation's policies.
    """

    scps: tuple[PolicyLayer, ...] = ()
    rcps: tuple[PolicyLayer, ...] = ()
    gap: Gap | None = None


@dataclass(frozen=True, slots=True)
class _Subject:
    """A principal with its policies and what is known of its requests."""

    caller: Caller
    policies: Policies
    known: Mapping[str, State]


class AccountAuthorizer:
    """Decides requests of the principals of one account, before what it was not given: that stands in the decision.

    ``gap`` is why the list of principals may not be whole; ``above`` what the organisation sets above the account,
    None where that was not read.
    """

    def __init__(
        self,
        account: str,
        partition: str,
        principals: Iterable[Principal],
        *,
        gap: Gap | None = None,
        day: date | None = None,
        organization: str | None = None,
        above: OrganizationLayers | None = None,
    ) -> None:
        self.account = account
        self.partition = partition
        self.principals = {principal.id: principal for principal in principals}
        self._gap = gap
        self._day = day
        self._organization = organization
        self._above = above or OrganizationLayers()
        read = organization == "" or (above is not None and above.gap is None)
        self._before = () if read else (ORGANISATION,)
        self._roles = {each.name: arn for arn, each in self.principals.items() if each.kind == "role"}
        self._subjects: dict[str, _Subject | None] = {}
        self._managed: dict[str, CompiledPolicy | Gap] = {}
        self._trusts: dict[str, PolicyLayer] = {}
        self._allowed_on: dict[tuple[str, str], tuple[str, ...] | None] = {}

    def may(
        self,
        principal: str,
        action: str,
        resource: str,
        context: Context | None = None,
        *,
        resource_policy: Observed[str | None] | None = None,
    ) -> Decision:
        """Whether a user, a role or a session (by ARN) may do the action on the resource.

        A resource with wildcards asks for all that it means. ``resource_policy`` is the document of the resource, a
        known None where it has none; where it is not given, a same-account answer is one before it.

        Raises:
            ValueError: ``principal`` is no ARN of a principal.
        """
        subject = self._subject(principal)
        if subject is None:
            return self._unlisted(principal)
        asked, partial, owner = _settled(action, resource)
        request = Request(
            subject.caller,
            action.lower(),
            asked,
            owner,
            self._context(subject, action, resource, owner, context),
            partial,
        )
        layer = self._resource_layer(request, resource_policy)
        before = self._before
        if layer is None and action.partition(":")[0].lower() in _WITH_POLICIES:
            before = (*before, OF_RESOURCE)
        policies = subject.policies if layer is None else replace(subject.policies, resource=layer)
        if not request.same_account:  # resource control policies bind the resources of their own accounts
            policies, before = replace(policies, rcps=()), tuple(dict.fromkeys((ORGANISATION, *before)))
        return decide(request, policies, before)

    def rules_out(self, principal: str, action: str, resource: str) -> bool:
        """Whether ``may`` says no of a resource of the account because no statement of the principal allows it there.

        False tells nothing. Many resources can be asked about in the time of one decision.
        """
        asked = (principal, action)
        if asked not in self._allowed_on:
            subject = self._subject(principal)
            self._allowed_on[asked] = None if subject is None else subject.policies.identity.allows_on(action.lower())
        patterns = self._allowed_on[asked]
        return patterns is not None and not any(names_resource(pattern, resource) for pattern in patterns)

    @cached_property
    def before_organization(self) -> "AccountAuthorizer":
        """The same, decided by the account's own policies alone."""
        if not (self._above.scps or self._above.rcps):
            return self
        return AccountAuthorizer(
            self.account,
            self.partition,
            self.principals.values(),
            gap=self._gap,
            day=self._day,
            organization=self._organization,
        )

    def may_assume(self, role: str, by: str, context: Context | None = None) -> Decision:
        """Whether a principal, or a service (``lambda.amazonaws.com``) acting for this account, may take a role."""
        caller = read_caller(by)
        if caller.kind is not CallerKind.SERVICE:
            return self.may(by, _ASSUME, role, context)
        known = dict(caller_context(caller, day=self._day)) | {"aws:sourceaccount": (self.account,)}
        if self._organization is not None:
            known["aws:sourceorgid"] = (self._organization,) if self._organization else ()
        subject = _Subject(caller, replace(_NOBODY_READ, rcps=self._above.rcps), known)
        request = Request(
            caller, _ASSUME.lower(), role, self.account, self._context(subject, _ASSUME, role, self.account, context)
        )
        policies = replace(subject.policies, resource=self._trust(role))
        return decide(request, policies, self._before)

    def _context(
        self, subject: _Subject, action: str, resource: str, owner: str, context: Context | None
    ) -> RequestContext:
        asked = {key.lower(): tuple(values) for key, values in context.items()} if context else {}
        return RequestContext(
            asked, subject.known, derived_context(action, resource, owner or self.account, subject.known, asked)
        )

    def _subject(self, principal: str) -> _Subject | None:
        if principal not in self._subjects:
            self._subjects[principal] = self._read(principal)
        return self._subjects[principal]

    def _read(self, principal: str) -> _Subject | None:
        caller = read_caller(principal)
        arn = principal
        if caller.kind is CallerKind.SESSION:
            arn = self._roles.get(caller.role_name, "")
        found = self.principals.get(arn)
        if found is None or caller.account != self.account:
            return None
        role = found.id if caller.role else ""
        bounded = not found.boundary.known or found.boundary.value is not None
        caller = replace(caller, role=role, bounded=bounded)
        tags = dict(found.tags.value) if found.tags.known else None
        known = caller_context(
            caller,
            day=self._day,
            organization=self._organization,
            tags=tags,
            tags_are_all=_no_session_tags(found),
            of_services=_of_services(found),
        )
        policies = Policies(self._identity(found), self._boundary(found), scps=self._above.scps, rcps=self._above.rcps)
        return _Subject(caller, policies, known)

    def _unlisted(self, principal: str) -> Decision:
        if read_caller(principal).account != self.account:
            gap = Gap(GapReason.NOT_COLLECTED, DETAILS, DETAILS, "the principal belongs to another account", principal)
            return Decision(Answer.UNKNOWN, "The policies of a principal of another account were not read.", gap=gap)
        if self._gap is not None:
            return Decision(Answer.UNKNOWN, "The principals of the account could not all be read.", gap=self._gap)
        return Decision(Answer.NO, f"{principal} does not exist.")

    def _identity(self, principal: Principal) -> PolicyLayer:
        owners = [principal]
        gap: Gap | None = None
        for arn in principal.groups:
            if arn in self.principals:
                owners.append(self.principals[arn])
            else:
                gap = gap or self._gap or Gap(GapReason.NOT_FOUND, DETAILS, DETAILS, "the group was not listed", arn)
        policies: list[CompiledPolicy] = []
        for owner in owners:
            if isinstance(owner.policies, Unknown):
                gap = gap or owner.policies.gap
                continue
            for policy in owner.policies.value:
                made = self._compiled(policy, owner.name, IDENTITY)
                if isinstance(made, Gap):
                    gap = gap or made
                else:
                    policies.append(made)
        return PolicyLayer(IDENTITY, policies, gap)

    def _boundary(self, principal: Principal) -> PolicyLayer | None:
        if isinstance(principal.boundary, Unknown):
            return PolicyLayer(BOUNDARY, (), principal.boundary.gap)
        policy = principal.boundary.value
        if policy is None:
            return None
        made = self._compiled(policy, principal.name, BOUNDARY)
        return PolicyLayer(BOUNDARY, (), made) if isinstance(made, Gap) else PolicyLayer(BOUNDARY, (made,))

    def _compiled(self, policy: PermissionPolicy, owner: str, layer: str) -> CompiledPolicy | Gap:
        if policy.origin is PolicyOrigin.INLINE:
            return _compile(policy.document, layer, f"{owner}/{policy.name}")
        key = f"{layer} {policy.id}"
        if key not in self._managed:
            self._managed[key] = _compile(policy.document, layer, policy.id)
        return self._managed[key]

    def _resource_layer(self, request: Request, given: Observed[str | None] | None) -> PolicyLayer | None:
        if given is not None:
            return _layer(given, RESOURCE_POLICY, request.resource)
        if request.action.startswith("sts:") and ":role/" in request.resource and not request.partial:
            return self._trust(request.resource)
        if not request.same_account or request.needs_resource_policy:
            whose = "" if request.same_account else f" of account {request.account}"
            message = f"the policy of this resource{whose} was not read"
            gap = Gap(GapReason.NOT_COLLECTED, request.action, None, message, request.resource)
            return PolicyLayer(RESOURCE_POLICY, (), gap)
        return None

    def _trust(self, role: str) -> PolicyLayer:
        found = self._trusts.get(role)
        if found is None:
            found = self._trusts[role] = self._read_trust(role)
        return found

    def _read_trust(self, role: str) -> PolicyLayer:
        target = self.principals.get(role)
        if target is not None:
            return _layer(target.trust, TRUST_POLICY, target.name)
        arn = parse_arn(role)
        if arn is not None and arn.account == self.account and self._gap is None:
            return PolicyLayer(TRUST_POLICY, ())  # there is no such role: nobody takes it
        message = "the trust of this role was not read"
        gap = self._gap or Gap(GapReason.NOT_COLLECTED, DETAILS, DETAILS, message, role)
        return PolicyLayer(TRUST_POLICY, (), gap)


@lru_cache(maxsize=16_384)
def _settled(action: str, resource: str) -> tuple[str, bool, str]:
    """The resource AWS compares with, whether it is a pattern, and the account that its ARN names."""
    asked, partial = settled(action, resource)
    arn = parse_arn(asked)
    owner = arn.account if arn is not None and is_account(arn.account) and is_fixed(arn.account) else ""
    return asked, partial, owner


def _layer(document: Observed[str | None], name: str, source: str) -> PolicyLayer:
    if isinstance(document, Unknown):
        return PolicyLayer(name, (), document.gap)
    if document.value is None:
        return PolicyLayer(name, ())
    made = _compile(document, name, source)
    return PolicyLayer(name, (), made) if isinstance(made, Gap) else PolicyLayer(name, (made,))


def _compile(document: Observed[str | None] | Observed[str], layer: str, source: str) -> CompiledPolicy | Gap:
    if isinstance(document, Unknown):
        return document.gap
    try:
        return compile_policy(document.value or "", layer, source)
    except PolicyMalformedError as error:
        return Gap(GapReason.MALFORMED, DETAILS, DETAILS, str(error), source)


def _no_session_tags(principal: Principal) -> bool:
    """Whether no session of it carries further tags: who assumes a role may only add some where its trust says so."""
    trust = principal.trust
    if isinstance(trust, Unknown):
        return False
    text = (trust.value or "").lower()
    return not any(word in text for word in ("tagsession", "sts:*", "sts:t", '"action":"*"', '"*"]', "notaction"))


def _of_services(principal: Principal) -> bool:
    """Whether its trust policy admits services alone: their sessions present no MFA device, as people's may."""
    trust = principal.trust
    if isinstance(trust, Unknown) or trust.value is None:
        return False
    try:
        statements = parse_document(trust.value)
    except PolicyMalformedError:
        return False
    return all(one.effect is Effect.DENY or _names_services(one) for one in statements)


def _names_services(statement: Statement) -> bool:
    principals = statement.principals
    return principals is not None and all(kind.lower() == "service" for kind, _ in principals)
