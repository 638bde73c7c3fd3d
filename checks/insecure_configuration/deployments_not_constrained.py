"""Flags projects in which no organization policy restricts how functions may be deployed."""

from collections.abc import Iterator

from auditor.analysis.org_policies import in_force
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.observed import each_of
from auditor.model.severity import Severity

_BOUNDS = {
    "cloudfunctions.allowedIngressSettings": "the ingress of functions",
    "run.allowedIngress": "the ingress of their Cloud Run services",
    "cloudfunctions.requireVPCConnector": "functions without a VPC connector",
    "run.allowedVPCEgress": "the VPC egress of their Cloud Run services",
    "cloudfunctions.restrictAllowedGenerations": "the generation of new functions",
    "gcp.resourceLocations": "the regions of new functions",
}

FIX = {
    Cloud.GCP: Fix(
        text="Set the constraint, preferably for the whole organization. It applies to new deployments: redeploy what"
        " must comply.",
        breaks="Deployments that do not comply are rejected, in every project below.",
        command="gcloud resource-manager org-policies allow {constraint} <allowed-value> --project={account}\ngcloud resource-manager org-policies enable-enforce {constraint} --project={account}  # cloudfunctions.requireVPCConnector takes no values",
        terraform="""\
resource "google_org_policy_policy" "this" {
  name   = "projects/{account}/policies/{constraint}"
  parent = "projects/{account}"

  spec {
    rules {
      values { # cloudfunctions.requireVPCConnector: enforce = "TRUE"
        allowed_values = ["<allowed value>"]
      }
    }
  }
}""",
    ),
}


@check(
    id="deployments-not-constrained",
    title="No organization policy constrains deployments",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=(
        "gcp-fn-orgpolicy-ingress",
        "gcp-fn-orgpolicy-egress",
        "gcp-fn-orgpolicy-generations",
        "gcp-fn-orgpolicy-locations",
    ),
    references=("https://cloud.google.com/resource-manager/docs/organization-policy/org-policy-constraints",),
    cwe=1188,
    profile_level=ProfileLevel.STRICT,
    subject=Subject.SCOPE,
)
def deployments_not_constrained(scope: Scope, _context: Context) -> Iterator[Hit]:
    """One deployment flag exposes a function to the internet, lets its egress bypass the VPC network, or places it in a
    region that is not monitored. An organization policy rejects such a deployment in every project it covers; what
    is deployed already stays unchanged.

    An opinion: checks on the functions find the same after deployment.
    """
    policies = scope.guardrails.then(lambda guardrails: guardrails.policies)
    details = {policy.constraint: policy.detail for policy in policies.need()}
    for constraint, enforced in each_of(_BOUNDS, lambda constraint: in_force(scope, constraint)):
        if not enforced:
            yield Hit(
                message=f"No organization policy in project {scope.name} restricts {_BOUNDS[constraint]}: {constraint} is not enforced",
                evidence=(
                    cite(
                        policies, f"{constraint}: {details[constraint].need() if constraint in details else 'not set'}"
                    ),
                ),
                locus=constraint,
                values={"constraint": constraint},
            )
