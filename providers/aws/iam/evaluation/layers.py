"""The layers of policies a request passes, and how AWS puts them together.

Source: IAM User Guide, "How AWS enforcement code logic evaluates requests to allow or deny access": an explicit deny in
any layer decides; then resource control policies, service control policies, the policy of the resource, the policies
of the identity, its boundary and the session's own policies each have to allow, unless the policy of a resource in the
same account grants the action to the caller directly.
"""

from dataclasses import dataclass, field
from typing import Final

from providers.aws.iam.evaluation.callers import CallerKind
from providers.aws.iam.evaluation.policies import CompiledStatement, PolicyLayer
from providers.aws.iam.evaluation.principals import Level, named_by
from providers.aws.iam.evaluation.request import Request
from providers.aws.iam.evaluation.truth import FALSE, GAP, TRUE, Truth, either, negation

IDENTITY: Final = "identity policy"
BOUNDARY: Final = "permissions boundary"
SESSION: Final = "session policy"
RESOURCE_POLICY: Final = "resource policy"
TRUST_POLICY: Final = "trust policy"
SCP: Final = "service control policy"
RCP: Final = "resource control policy"
_CONTROLLED: Final = frozenset(
    {"s3", "sts", "kms", "sqs", "secretsmanager", "cognito-idp", "cognito-identity", "logs", "dynamodb", "ecr", "aoss"}
)
"""Services that resource control policies reach (AWS Organizations User Guide, "RCPs", as of 2026-10)."""


@dataclass(frozen=True, slots=True)
class Policies:
    """Everything that decides about a caller's request. None: there is no such layer.

    ``scps`` and ``rcps`` are one layer for each level of the organisation, root first. A resource without a policy has
    an empty layer; where nobody looked, ``resource`` is None.
    """

    identity: PolicyLayer
    boundary: PolicyLayer | None = None
    session: PolicyLayer | None = None
    scps: tuple[PolicyLayer, ...] = ()
    rcps: tuple[PolicyLayer, ...] = ()
    resource: PolicyLayer | None = None


@dataclass(slots=True)
class Weighed:
    """What a layer says: whether it allows and denies, and by which statements.

    ``levels`` tells, for the policy of a resource, how certainly it allows at each level of naming the caller.
    """

    layer: PolicyLayer
    allow: Truth = FALSE
    deny: Truth = FALSE
    allowing: list[tuple[CompiledStatement, Truth]] = field(default_factory=list)
    denying: list[tuple[CompiledStatement, Truth]] = field(default_factory=list)
    levels: dict[Level, Truth] = field(default_factory=dict)


@dataclass(slots=True)
class Outcome:
    """The answer and what every layer said, in AWS's order."""

    truth: Truth
    weighed: list[Weighed]
    granted_by_resource: bool


def weigh(layer: PolicyLayer, request: Request, *, only_denies: bool = False) -> Weighed:
    """What one layer says of a request. A document that could not be read may allow it, and may deny it."""
    made = Weighed(layer)
    for statement in layer.about(request.action):
        if only_denies and statement.allows:
            continue
        level, named = named_by(statement.statement, request.caller)
        if named is FALSE:
            continue
        applies = min(named, statement.applies(request))
        if applies is FALSE:
            continue
        if statement.allows:
            made.allow = max(made.allow, applies)
            made.allowing.append((statement, applies))
            made.levels[level] = max(made.levels.get(level, FALSE), applies)
        else:
            made.deny = max(made.deny, applies)
            made.denying.append((statement, applies))
    if layer.gap is not None:
        made.allow, made.deny = either((made.allow, GAP)), either((made.deny, GAP))
        made.levels = {level: either((made.levels.get(level, FALSE), GAP)) for level in Level}
    return made


_NOTHING: Final = Weighed(PolicyLayer("", ()))
_LIMITS_NOTHING: Final = Weighed(PolicyLayer("", ()), allow=TRUE)


def evaluate(request: Request, policies: Policies) -> Outcome:
    """Puts the layers together."""
    caller = request.caller
    held = not caller.service_linked
    controlled = held and request.action.partition(":")[0] in _CONTROLLED
    # RCPFullAWSAccess is attached everywhere and cannot be detached: only what such policies deny counts.
    weighed = [weigh(layer, request, only_denies=True) for layer in policies.rcps] if controlled else []
    above = policies.scps if held and caller.signed_in else ()
    scps = [weigh(layer, request, only_denies=layer.denies_only) for layer in above]
    weighed += scps
    resource, identity, boundary, session = _NOTHING, _NOTHING, _LIMITS_NOTHING, _LIMITS_NOTHING
    if policies.resource is not None:
        resource = weigh(policies.resource, request)
        weighed.append(resource)
    if caller.signed_in:
        identity = weigh(policies.identity, request)
        weighed.append(identity)
        if policies.boundary is not None:
            boundary = weigh(policies.boundary, request)
            weighed.append(boundary)
        if policies.session is not None:
            session = weigh(policies.session, request)
            weighed.append(session)
    denied = either([one.deny for one in weighed])
    if denied is TRUE:
        return Outcome(FALSE, weighed, granted_by_resource=False)
    allowed, directly = _granted(request, identity.allow, (boundary.allow, session.allow), resource.levels)
    found = min(allowed, negation(denied), *[one.allow for one in scps if not one.layer.denies_only])
    return Outcome(found, weighed, granted_by_resource=directly)


def _granted(
    request: Request, identity: Truth, limits: tuple[Truth, Truth], levels: dict[Level, Truth]
) -> tuple[Truth, bool]:
    """Whether identity and resource together allow it, and whether the resource's policy does so by itself."""
    boundary, session = limits
    identity = min(identity, boundary, session)
    if not levels and request.same_account and request.caller.signed_in and not request.needs_resource_policy:
        return identity, False
    account, role = levels.get(Level.ACCOUNT, FALSE), levels.get(Level.ROLE, FALSE)
    everyone, direct = levels.get(Level.EVERYONE, FALSE), levels.get(Level.DIRECT, FALSE)
    if not request.caller.signed_in:
        return either((everyone, direct)), True
    if not request.same_account:
        return min(identity, either((account, role, everyone, direct))), False
    alone = either((direct, min(everyone, session), min(role, boundary, session)))
    if request.needs_resource_policy:
        return either((alone, min(account, identity))), alone is TRUE
    if request.caller.kind is CallerKind.ROOT:
        return either((identity, alone)), False
    return either((alone, identity)), alone is TRUE and identity is not TRUE
