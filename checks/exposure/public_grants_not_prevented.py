"""Flags projects without an organization policy that prevents public grants."""

from collections.abc import Iterator

from auditor.analysis.org_policies import in_force
from auditor.check import Context, Fix, Hit, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.observed_logic import any_holds
from auditor.model.severity import Severity

_CONSTRAINT = "iam.allowedPolicyMemberDomains"
_MANAGED = "iam.managed.allowedPolicyMembers"

FIX = {
    Cloud.GCP: Fix(
        text="Set the constraint to the customer ID of the organization, preferably for the whole organization.",
        breaks="New grants to allUsers and to other domains are rejected, also those that deployments of public"
        " functions make; existing grants remain.",
        command="gcloud resource-manager org-policies allow iam.allowedPolicyMemberDomains <customer-id> --project={account}",
        terraform="""\
resource "google_org_policy_policy" "members" {
  name   = "projects/{account}/policies/iam.allowedPolicyMemberDomains"
  parent = "projects/{account}"

  spec {
    rules {
      values {
        allowed_values = ["<customer id>"]
      }
    }
  }
}""",
    ),
}


@check(
    id="public-grants-not-prevented",
    title="No organization policy prevents public grants",
    risk=Risk.EXPOSURE,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("gcp-fn-orgpolicy-domain-sharing",),
    references=(
        "https://cloud.google.com/resource-manager/docs/organization-policy/restricting-domains",
        "https://cloud.google.com/run/docs/authenticating/public",
    ),
    cwe=284,
    subject=Subject.SCOPE,
)
def public_grants_not_prevented(scope: Scope, _context: Context) -> Iterator[Hit]:
    """One flag of a deployment command, --allow-unauthenticated, makes a function public. Domain restricted sharing,
    with the legacy or the managed constraint, rejects such a grant for every principal. Functions that are meant to be
    public then need an explicit exception or a disabled invoker IAM check.
    """
    constraints = scope.guardrails.then(lambda guardrails: guardrails.policies)
    if not any_holds(in_force(scope, _CONSTRAINT), in_force(scope, _MANAGED)):
        yield Hit(
            message=f"Domain restricted sharing is not enforced in project {scope.name}",
            evidence=(cite(constraints, f"neither {_CONSTRAINT} nor {_MANAGED} is enforced"),),
        )
