"""Flags paths from the internet through a function and its identity to what an attacker wants."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from auditor.analysis import sites
from auditor.analysis.endpoints import qualified, settled_reach
from auditor.analysis.gateway_routes import api_values, for_stages, public_routes, route_name
from auditor.analysis.graph.model import INTERNET
from auditor.analysis.network_exposure import UnauthenticatedPath, unauthenticated_paths
from auditor.analysis.permissions.path_words import depending, reached, steps_told
from auditor.analysis.permissions.role_capabilities import before_denials, role_capabilities, targets_unread
from auditor.analysis.permissions.role_dependences import until_weak
from auditor.analysis.permissions.role_paths import RolePaths
from auditor.analysis.permissions.role_permissions import access_path
from auditor.analysis.permissions.takeover import source_of
from auditor.analysis.policy_statements import judged, of_policies
from auditor.analysis.public_ways import CALLED, OPENINGS, only_way, until_closed, until_cut_off
from auditor.analysis.role_assignments import Held, held_roles, unread_roles, without_identity
from auditor.analysis.role_repairs import (
    AZURE_REASSIGNMENT_HCL,
    AZURE_UNASSIGNMENT,
    PROJECT_BINDING_HCL,
    PROJECT_BINDING_REMOVAL,
)
from auditor.analysis.roles import identities_of
from auditor.analysis.url_closing import STATEMENT_COMMAND, STATEMENT_HCL, closing
from auditor.check import Context, Evidence, ExposurePath, Fix, Hit, Hop, NotApplicable, Risk, check, cite
from auditor.model.access import AccessPath, Capability, CapabilityKind, CapabilityScope, EffectivePermissions
from auditor.model.exposure import AuthMode
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known, Unanswered, each
from auditor.model.severity import Confidence, Severity

_FIX = Fix(
    text="Close the first hop: require IAM authentication of the URL or route, or remove the public statement. If the function"
    " has to be public, cut the hop behind it: give its role only the actions and resources that the code uses.",
    breaks="Callers that do not sign their requests get 403: webhooks of third parties and browsers stop working.",
    command="aws lambda update-function-url-config --region {location} --function-name {name} --auth-type AWS_IAM\n"
    "aws lambda remove-permission --region {location} --function-name {name} --statement-id <sid of the public statement>",
    terraform="""\
resource "aws_lambda_function_url" "this" {
  function_name      = "{name}"
  authorization_type = "AWS_IAM"
}""",
)
_ROUTES = {
    "rest": "aws apigateway update-method --region {location} --rest-api-id {api} --resource-id {part_id}"
    " --http-method {method} --patch-operations op=replace,path=/authorizationType,value=AWS_IAM\n"
    "aws apigateway create-deployment --region {location} --rest-api-id {api} --stage-name {stage}",
    "load-balancer": "aws elbv2 modify-rule --region {location} --rule-arn {part_id}"
    " --actions <authenticate-cognito-or-oidc-before-the-forward-action>",
}
_ROUTE = (
    "aws apigatewayv2 update-route --region {location} --api-id {api} --route-id {part_id} --authorization-type AWS_IAM"
)
"""Of an HTTP or WebSocket API."""
_INVOKER = (
    "gcloud run services update {run_service} --region={location} --project={account} --invoker-iam-check\n"
    "gcloud functions remove-iam-policy-binding {name} --region={location} --project={account} --member=allUsers"
    " --role=roles/cloudfunctions.invoker  # first generation\n"
)
_INSTEAD = "# or, where callers have to stay anonymous, take the role back that the path goes through:\n# "
FIX = {
    Cloud.AWS: _FIX,
    Cloud.AZURE: Fix(
        text="Close the first hop: require authentication of the app, or restrict the networks that can call it. If it"
        " has to be public, cut the hop behind it: delete the assignment of {granted} on {on} and assign only what the"
        " code uses on the one resource it works with, or move that code to an app of its own that is not public.",
        breaks="Callers without a token get 401: webhooks of third parties and browsers stop working.",
        command="az resource update --ids {id}/config/authsettingsV2 --set properties.platform.enabled=true"
        " properties.globalValidation.requireAuthentication=true"
        f" properties.globalValidation.unauthenticatedClientAction=Return401\n{_INSTEAD}{AZURE_UNASSIGNMENT}",
        terraform=AZURE_REASSIGNMENT_HCL,
    ),
    Cloud.GCP: Fix(
        text="Close the first hop: enable the invoker IAM check and remove the invoker role from allUsers and"
        " allAuthenticatedUsers. If the function has to be public, cut the hop behind it: remove {granted} on {on} and"
        " grant only what the code uses on the one resource it works with, or run that code as another service account"
        " in a function that is not public.",
        breaks="Callers without an identity token get 403: webhooks of third parties and browsers stop working.",
        command=f"{_INVOKER}{_INSTEAD}{PROJECT_BINDING_REMOVAL}",
        terraform=PROJECT_BINDING_HCL,
    ),
}
_POWER = {
    CapabilityKind.ADMINISTER: Severity.CRITICAL,
    **dict.fromkeys((CapabilityKind.ESCALATE, CapabilityKind.READ_SECRETS, CapabilityKind.WRITE_CODE), Severity.HIGH),
    CapabilityKind.DISRUPT_LOGGING: Severity.HIGH,
    **dict.fromkeys((CapabilityKind.READ_DATA, CapabilityKind.WRITE_DATA), Severity.HIGH),
    CapabilityKind.LATERAL_MOVEMENT: Severity.MEDIUM,
}
_BREADTH = {
    CapabilityScope.EVERYTHING: Severity.CRITICAL,
    CapabilityScope.SET: Severity.HIGH,
    CapabilityScope.RESOURCE: Severity.MEDIUM,
}
"""How grave it is to administer: an account, a resource group, one resource."""
_OF_ITS_OWN = frozenset({CapabilityKind.READ_DATA, CapabilityKind.WRITE_DATA, CapabilityKind.LATERAL_MOVEMENT})
"""What every function does with the resources that are named for it: it counts where it is on every resource."""

_WITHOUT_POLICY = "datastore."
"""Firestore: a role on its data can be granted on the project only, however little of it a function works with."""


@check(
    id="exposure-path",
    title="Internet reaches sensitive permissions through the function",
    risk=Risk.EXPOSURE,
    severity=Severity.HIGH,
    fix=FIX,
    while_running=True,
    facet_of=OPENINGS,
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
        "https://docs.aws.amazon.com/wellarchitected/latest/serverless-applications-lens/identity-and-access-management.html",
        "https://learn.microsoft.com/en-us/azure/azure-functions/security-concepts",
        "https://cloud.google.com/run/docs/securing/service-identity",
    ),
    cwe=269,
)
def exposure_path(function: Function, context: Context) -> Iterator[Hit]:
    """One flaw in the code (an injection, a vulnerable dependency, a missing check) gives any caller on the internet the
    permissions of the identity. The finding lists the path hop by hop: the public entry, the function, its identity, and
    the gravest of what that can do or become.

    The severity is that of reach and power together: critical where an administrator is reached, high for secrets,
    code, identities, audit trails and all data of a type, medium for calling every other function or machine, one level
    lower where a path depends on something that cannot be decided. Permissions on the single tables, buckets and queues
    that a function works with are no finding.
    """
    if function.cloud is not Cloud.AWS:
        yield from _by_roles(function, context)
        return
    if function.identity.need() is None:
        raise NotApplicable("it runs without an identity")
    way = next(_public(function), None)
    if way is not None:
        found = function.effective_permissions.need()
        hit = _worst(function, found, way)
        if hit is not None:
            yield hit
        found.complete.need()
    tuple(each(settled_reach(endpoint) for endpoint in function.endpoints.need()))
    tuple(judged(of_policies(function.policies.need())))  # a policy that could not be judged may grant public access
    tuple(public_routes(function, AuthMode.NONE))


class _Way(NamedTuple):
    """A way in for callers without identity: in words, with its proof, and the change that closes it."""

    words: str
    proof: Evidence
    command: str | None = None
    values: Mapping[str, str] = MappingProxyType({})
    terraform: str | None = None


def _public(function: Function) -> Iterator[_Way]:
    """Each way in that is known."""
    if isinstance(function.endpoints, Known):
        for endpoint in function.endpoints.value:
            if isinstance(endpoint.reach, Known) and endpoint.reach.value.public:
                proof = cite(endpoint.reach, endpoint.reach_reason)
                yield _Way(
                    f"{endpoint.url} accepts unauthenticated requests",
                    proof,
                    closing(function, endpoint),
                    {"target": qualified(function.name, endpoint.qualifier)},
                )
    if isinstance(function.policies, Known):
        known = (group for group in of_policies(function.policies.value) if isinstance(group, Known))
        for stated in judged(known):
            if stated.grant.reach.public and stated.grant.invokes and not stated.grant.endpoint_only:
                proof = cite(stated.fact, stated.grant.text)
                yield _Way(
                    f"{stated.label} of its policy allows any principal to invoke it",
                    proof,
                    STATEMENT_COMMAND,
                    stated.values(function.name),
                    STATEMENT_HCL,
                )
    try:
        for fact, gateway, route in public_routes(function, AuthMode.NONE):
            proof = cite(fact, f"{route.method} {route.path}: authorization NONE")
            command = for_stages(_ROUTES.get(gateway.kind, _ROUTE), gateway)
            words = f"{route_name(gateway, route)} asks for no authentication"
            yield _Way(words, proof, command, {**api_values(gateway, route), "method": route.method})
    except Unanswered:
        return  # what is known comes first; what is not is asked for at the end


def _worst(function: Function, found: EffectivePermissions, way: _Way) -> Hit | None:
    role = function.identity.need()
    name = role.name if role is not None else ""
    begin = f"Internet → function {function.name} ({way.words}) → role {name}"
    source = function.effective_permissions.source
    path = next((each for each in found.escalation if each.administrator), None)
    held = [capability for capability in found.capabilities if _counts(capability)]
    administers = bool(held) and held[0].kind is CapabilityKind.ADMINISTER
    if path is not None and not administers:
        proofs = [proof for step in path.steps for proof in step.proof]
        ends = f"{reached(path)}: it {steps_told(path)}{depending(path)}"
        severity = Severity.HIGH if path.conditions else Severity.CRITICAL
        doubtful = bool(path.conditions)
        administrator, hops = True, _steps(path, source)
    elif held:
        worst = max(held, key=lambda each: _weight(each).rank)
        proofs, severity, doubtful = list(worst.proof), _weight(worst), bool(worst.conditions)
        ends = f"{worst.kind.value} on {', '.join(worst.resources[:3])} ({', '.join(worst.actions[:3])})"
        administrator = worst.kind is CapabilityKind.ADMINISTER
        hops = (_use(name, worst, tuple(Evidence(source, f"{proof.policy}: {proof.text}") for proof in proofs)),)
    else:
        return None
    site = only_way(function, *CALLED)
    return Hit(
        message=f"{begin} → {ends}",
        evidence=(way.proof, *(Evidence(source, f"{proof.policy}: {proof.text}") for proof in proofs)),
        site=site,
        depends=until_closed(function, *CALLED, site=site),
        values=way.values,
        command=way.command,
        terraform=way.terraform,
        severity=severity,
        confidence=Confidence.MEDIUM if doubtful else None,
        path=ExposurePath((*_entry(function, name, way.words, (way.proof,)), *hops), administrator),
    )


def _entry(function: Function, identity: str, words: str, proof: tuple[Evidence, ...]) -> tuple[Hop, Hop]:
    """From the internet to the function, and from it to its identity."""
    return Hop(INTERNET, function.name, f"calls it: {words}", proof), Hop(function.name, identity, "runs as")


def _use(identity: str, capability: Capability, proof: tuple[Evidence, ...]) -> Hop:
    """What an identity does with what it may do by itself."""
    on = ", ".join(capability.resources[:3])
    words = f"can {capability.kind.value} ({', '.join(capability.actions[:3])})"
    return Hop(identity, on, words, proof, capability.conditions)


def _steps(path: AccessPath, source: str) -> tuple[Hop, ...]:
    """The steps of an escalation."""
    return tuple(
        Hop(
            step.source,
            path.target if step is path.steps[-1] else step.target,
            step.sentence,
            tuple(Evidence(source, f"{proof.policy}: {proof.text}") for proof in step.proof),
            step.conditions,
        )
        for step in path.steps
    )


def _counts(capability: Capability) -> bool:
    if capability.kind not in _POWER:
        return False
    if capability.kind not in _OF_ITS_OWN:
        return True
    wide = capability.scope is CapabilityScope.EVERYTHING
    return wide and not all(action.startswith(_WITHOUT_POLICY) for action in capability.actions)


def _weight(capability: Capability) -> Severity:
    severity = _POWER[capability.kind]
    if capability.kind is CapabilityKind.ADMINISTER:
        severity = _BREADTH[capability.scope]
    if not capability.conditions:
        return severity
    return Severity.HIGH if severity is Severity.CRITICAL else Severity.MEDIUM


class _Power(NamedTuple):
    """The gravest of what roles give: in words, the role that it begins with, its proofs, and how grave it is."""

    words: str
    held: Held
    proofs: tuple[Evidence, ...]
    severity: Severity
    doubtful: bool
    hops: tuple[Hop, ...]
    administrator: bool


def _by_roles(function: Function, context: Context) -> Iterator[Hit]:
    """The path of a function whose identities hold roles, by the first entry that asks its callers for nothing."""
    if without_identity(function):
        raise NotApplicable("it runs without an identity")
    paths = context.role_paths(function.cloud)
    found = [*_by_paths(function, paths), *_by_capabilities(function, paths)]
    power = max(found, key=lambda each: (each.severity.rank, not each.doubtful), default=None)
    weaker = until_weak([(each.severity, each.held.site) for each in found], power.severity) if power else ()
    gap = unread_roles(function) or targets_unread(
        function, paths, lambda scope: context.unread_identities(function.cloud, scope)
    )
    if power is None and gap is None:
        return
    for way in unauthenticated_paths(function):
        if way.key:
            continue
        if power is None:
            raise Unanswered(gap)  # type: ignore[arg-type]  # one of the two is there
        yield replace(
            _joined(function, way, power, before_denials(function, paths)), depends=(*until_cut_off(function), *weaker)
        )
        return


def _by_paths(function: Function, paths: RolePaths) -> Iterator[_Power]:
    """Whom the identities can become."""
    for identity in identities_of(function):
        held = {each.binding.id: each for each in held_roles(function) if each.identity.id == identity.id}
        for path in paths.paths(identity.principal):
            first = held.get(path.steps[0].proof[0].binding.id)
            if first is None:
                continue
            grave = (Severity.CRITICAL, Severity.HIGH) if path.administers else (Severity.HIGH, Severity.MEDIUM)
            doubt = f", in doubt: {path.doubt}" if path.doubt else ""
            proofs = tuple(
                Evidence(
                    source_of(access.binding), f"{access.permission}: {access.binding.role} on {access.binding.scope}"
                )
                for step in path.steps
                for access in step.proof
            )
            hops = _steps(access_path(identity.name, path, paths.estate), first.fact.source)
            words, administers = f"it {path.sentence}{doubt}", bool(path.administers)
            yield _Power(words, first, proofs, grave[bool(path.doubt)], bool(path.doubt), hops, administers)


def _by_capabilities(function: Function, paths: RolePaths) -> Iterator[_Power]:
    """What the identities can do by themselves."""
    for held, capability in role_capabilities(function, paths.estate):
        if not _counts(capability):
            continue
        proof = cite(held.fact, f"{held.binding.role} on {held.binding.scope}")
        words = f"{capability.kind.value} on {held.binding.scope} ({held.binding.role}: {', '.join(capability.actions[:3])})"
        hops = (_use(held.identity.name, capability, (proof,)),)
        administers = capability.kind is CapabilityKind.ADMINISTER
        yield _Power(words, held, (proof,), _weight(capability), bool(capability.conditions), hops, administers)


def _joined(function: Function, way: UnauthenticatedPath, power: _Power, before: str) -> Hit:
    removal = power.held.removal
    proofs = tuple(Evidence(source, detail) for source, detail in way.proof)
    return Hit(
        message=f"Internet → function {function.name} ({way.what}) → identity {power.held.identity.name} → {power.words}{before}",
        evidence=(*proofs, *power.proofs),
        site=sites.public_access(function),
        values={**power.held.placeholders(), **removal.values},
        command=f"{_INVOKER}{_INSTEAD}{removal.command}" if function.cloud is Cloud.GCP and removal.command else None,
        severity=power.severity,
        confidence=Confidence.MEDIUM if power.doubtful else None,
        path=ExposurePath(
            (*_entry(function, power.held.identity.name, way.what, proofs), *power.hops), power.administrator
        ),
    )
