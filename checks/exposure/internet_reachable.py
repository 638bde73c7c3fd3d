"""Flags functions that can be started from the internet: by URL, API, load balancer or public policy."""

from collections.abc import Iterator

from auditor.analysis.network_exposure import http_handlers, internet_reaches
from auditor.analysis.policy_statements import judged, of_policies
from auditor.analysis.public_ways import until_cut_off
from auditor.analysis.triggers import GATEWAYS, raise_unread, source_name
from auditor.check import Context, Evidence, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Confidence, Severity
from auditor.model.trigger import TriggerKind, TriggerVia

_FIX = Fix(
    text="Decide for each path whether it is intended. Close the others: delete the URL, remove the permission of"
    " the API or load balancer, or make the API private.",
    breaks="Callers that use a closed path lose access; the commands only read.",
    command="aws lambda get-policy --region {location} --function-name {name} --query Policy --output text\n"
    "aws lambda list-function-url-configs --region {location} --function-name {name}",
    no_terraform="it depends on the path: delete the aws_lambda_function_url or aws_lambda_permission that opens it",
)

_FIX_AZURE = Fix(
    text="Decide for each handler whether internet callers are intended. Close the others with access restrictions or"
    " required authentication, or remove them; their callers lose access.",
    breaks="Callers of the closed handlers lose access; the commands only read.",
    command="az functionapp function list --resource-group {group} --name {app}\n"
    "az functionapp config access-restriction show --resource-group {group} --name {app}{of_slot}",
    no_terraform="it depends on the path: ip_restriction, auth_settings_v2, or the handler's binding in the code",
)
_FIX_GCP = Fix(
    text="Decide whether internet callers are intended. If not, restrict ingress, disable the default URL, and grant"
    " the invoker role to the callers.",
    breaks="Callers from the internet lose access where it is closed.",
    command="gcloud run services get-iam-policy {run_service} --region={location} --project={account}\n"
    "gcloud run services describe {run_service} --region={location} --project={account}",
    no_terraform="it depends on the path: ingress, default_uri_disabled, or the invoker binding that opens it",
)


@check(
    id="internet-reachable",
    title="Function is reachable over HTTP or by any signed caller",
    risk=Risk.EXPOSURE,
    severity=Severity.INFORMATIONAL,
    fix={Cloud.AWS: _FIX, Cloud.AZURE: _FIX_AZURE, Cloud.GCP: _FIX_GCP},
    while_running=True,
    covers=("internet-reachable-composite",),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
        "https://learn.microsoft.com/en-us/azure/azure-functions/functions-networking-options",
        "https://cloud.google.com/run/docs/securing/ingress",
    ),
    cwe=668,
    profile_level=ProfileLevel.STRICT,
    confidence=Confidence.MEDIUM,
)
def internet_reachable(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """An inventory of network paths, not a defect: code on these paths parses untrusted input. APIs and load
    balancers known to answer inside virtual networks alone are left out, those of which that is not known are reported as
    possible paths; url-auth-none and policy-public report unauthenticated access with its severity.
    """
    if function.cloud is not Cloud.AWS:
        yield from _http_paths(function)
        return
    seen: set[str] = set()
    for path, locus, evidence in _paths(function):
        if locus not in seen:
            seen.add(locus)
            yield Hit(
                message=f"{function.name} may be reachable from the internet: {path}", evidence=(evidence,), locus=locus
            )
    function.endpoints.need()
    raise_unread(function, services=GATEWAYS)
    tuple(judged(of_policies(function.policies.need())))  # a path we could not look for is not absent


def _paths(function: Function) -> Iterator[tuple[str, str, Evidence]]:
    """Each path for a sentence, its locus, and the proof."""
    if isinstance(function.endpoints, Known):
        for endpoint in function.endpoints.value:
            url = f"URL {endpoint.url}"
            yield url, url, Evidence(endpoint.source, f"AuthType: {endpoint.auth}")
    closed = _closed(function)
    for group in function.triggers:
        if isinstance(group, Known):
            for trigger in group.value:
                outside = trigger.via is not TriggerVia.ENDPOINT and trigger.source not in closed
                if trigger.kind is TriggerKind.HTTP and trigger.enabled and outside:
                    locus = f"{trigger.service} {trigger.source or 'of any source'}"
                    yield source_name(trigger), locus, cite(group, trigger.source or "*")
    if isinstance(function.policies, Known):
        for policy in function.policies.value:
            if isinstance(policy.statements, Known):
                for grant in policy.statements.value:
                    if grant.reach.public and grant.invokes and not grant.endpoint_only:
                        where = f"{policy.qualifier}/{grant.sid}" if policy.qualifier else grant.sid
                        statement = f"policy statement {where or grant.index + 1}"
                        yield statement, statement, cite(policy.statements, grant.text)


def _closed(function: Function) -> frozenset[str | None]:
    """The gateways that are known not to answer on the internet."""
    found = function.gateways.value if isinstance(function.gateways, Known) else ()
    return frozenset(each.id for each in found if isinstance(each.public, Known) and not each.public.value)


def _http_paths(function: Function) -> Iterator[Hit]:
    admitted = internet_reaches(function)
    if isinstance(admitted, Known) and not admitted.value:
        return
    if function.cloud is Cloud.AZURE:
        paths = tuple((handler.name, f"HTTP handler {handler.name}") for handler, _ in http_handlers(function))
        source = function.handlers.source
    else:
        paths = tuple((f"URL {endpoint.url}", f"URL {endpoint.url}") for endpoint in function.endpoints.need())
        source = function.endpoints.source
    for locus, path in paths:
        admitted.need()
        yield Hit(
            message=f"{function.name} may be reachable from the internet: {path}",
            evidence=(Evidence(source, path),),
            locus=locus,
            depends=until_cut_off(function),
        )
