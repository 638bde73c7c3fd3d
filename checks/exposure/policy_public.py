"""Flags resource policy statements that allow any principal to invoke, change or read the function."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.binding_removal import of_invoker
from auditor.analysis.network_exposure import internet_reaches
from auditor.analysis.policy_statements import Stated, judged, of_policies, opens
from auditor.analysis.public_invokers import closing
from auditor.analysis.public_ways import until_cut_off
from auditor.analysis.url_closing import STATEMENT_COMMAND, STATEMENT_HCL
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.exposure import AccessGrant, AuthMode, Reach
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known, Unknown
from auditor.model.severity import Severity

_FIX = Fix(
    text="Remove the statement, then grant the one account, role or service that needs the function.",
    breaks="Callers that rely on the public grant lose access immediately: find them in CloudTrail or the access"
    " log first.",
    command=STATEMENT_COMMAND,
    terraform=STATEMENT_HCL,
)

_FIX_GCP = Fix(
    text="Remove the binding, then grant the invoker role to the one service account, group or user that calls. A"
    " binding of the project, a folder or the organization is removed there.",
    breaks="Callers that rely on the public grant get 403 immediately: find them in the request log first.",
    command="gcloud run services remove-iam-policy-binding {run_service} --region={location} --project={account} --member={member} --role={granted}\n"
    "gcloud functions remove-iam-policy-binding {name} --region={location} --project={account} --member={member} --role={granted}"
    "  # first generation",
    terraform="""\
resource "google_cloud_run_v2_service_iam_member" "caller" { # in place of {granted} for {member}
  name     = "{name}"
  location = "{location}"
  role     = "roles/run.invoker"
  member   = "serviceAccount:<the one caller>"
}""",
)


@check(
    id="policy-public",
    title="Resource policy grants public access",
    risk=Risk.EXPOSURE,
    severity=Severity.CRITICAL,
    fix={Cloud.AWS: _FIX, Cloud.GCP: _FIX_GCP},
    covers=(
        *("policy-public", "gap-qualified-policy"),
        *("gcp-fn-gen1-public-invoker", "gcp-fn-gen2-public-invoker", "gcp-run-fn-public-invoker"),
        "gcp-fn-inherited-public-invoker",
    ),
    facet_of=("anonymous-endpoint-effective", "url-auth-none"),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/lambda-controls.html",
        "https://cloud.google.com/run/docs/authenticating/public",
    ),
    cwe=284,
)
def policy_public(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """A principal of *, allUsers or allAuthenticatedUsers is the public: an attacker calls with any account, or with
    none, and runs the code with its identity and at the owner's cost. On AWS the policy of every alias and version is
    read, on Google Cloud that of the invoked service and of everything above it. A condition counts only where it
    restricts access. A grant that is not effective today, because no URL uses it or the network is closed, is low.
    """
    for stated in judged(of_policies(function.policies.need())):
        if not stated.grant.reach.public:
            continue
        severity, remark = _weigh(function, stated.grant)
        taken = closing(function) if _joined(function, stated) else of_invoker(function, stated.grant)
        yield Hit(
            message=f"{stated.label} in the policy of {function.name} grants public access: {stated.told}{remark}",
            evidence=(cite(stated.fact, stated.grant.text),),
            locus=stated.locus,
            site=_site(function, stated),
            severity=severity,
            depends=until_cut_off(function, then=Severity.LOW) if _joined(function, stated) else (),
            values={**stated.values(function.name), **taken.values},
            command=taken.command,
        )


def _site(function: Function, stated: Stated) -> str:
    """On Google Cloud what lets everyone in is changed as one, on AWS each statement by itself or with its URL."""
    return sites.public_access(function) if _joined(function, stated) else sites.statement(function, stated)


def _joined(function: Function, stated: Stated) -> bool:
    return function.cloud is Cloud.GCP and stated.grant.invokes and not stated.grant.modifies


def _weigh(function: Function, grant: AccessGrant) -> tuple[Severity, str]:
    if function.cloud is Cloud.GCP:
        return _weigh_binding(function, grant)
    if not grant.endpoint_only:
        return Severity.CRITICAL if grant.invokes or grant.modifies else Severity.HIGH, _signed_today(function, grant)
    if isinstance(function.endpoints, Unknown):
        unsigned = grant.reach is Reach.ANONYMOUS
        remark = " It is effective only through a function URL, and whether there is one could not be read."
        return Severity.CRITICAL if unsigned else Severity.HIGH, remark
    opened = [endpoint for endpoint in function.endpoints.value if opens(grant, endpoint)]
    for endpoint in opened:
        if (
            isinstance(endpoint.reach, Unknown)
            or endpoint.reach.value.public
            or endpoint.reach.value is Reach.UNRECOGNISED
        ):
            return Severity.HIGH, f" It is effective through {endpoint.url}."
    if opened:
        return (
            Severity.LOW,
            f" It is not effective now: it applies only through a function URL. {opened[0].reach_reason}",
        )
    return Severity.LOW, " It is not effective now: it applies only through a function URL, and there is no such URL."


def _signed_today(function: Function, grant: AccessGrant) -> str:
    """What is added where unsigned calls are granted and no URL accepts them."""
    if grant.reach is not Reach.ANONYMOUS or isinstance(function.endpoints, Unknown):
        return ""
    taking = (one for one in function.endpoints.value if one.qualifier == grant.qualifier)
    unsigned = any(one.auth in (AuthMode.NONE, AuthMode.UNRECOGNISED) for one in taking)
    return "" if unsigned else " No URL accepts unsigned requests now, so callers need credentials of any AWS account."


def _weigh_binding(function: Function, grant: AccessGrant) -> tuple[Severity, str]:
    if grant.modifies:
        return Severity.CRITICAL, ""
    admitted = internet_reaches(function)
    if isinstance(admitted, Known) and not admitted.value:
        return Severity.LOW, " Ingress blocks internet traffic."
    return Severity.HIGH, ""
