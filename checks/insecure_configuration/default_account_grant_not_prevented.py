"""Flags projects whose default service accounts receive the Editor role automatically."""

from collections.abc import Iterator

from auditor.analysis.org_policies import in_force
from auditor.check import Context, Fix, Hit, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.observed_logic import any_holds
from auditor.model.severity import Severity

_CONSTRAINT = "iam.automaticIamGrantsForDefaultServiceAccounts"
_MANAGED = "iam.managed.preventPrivilegedBasicRolesForDefaultServiceAccounts"

FIX = {
    Cloud.GCP: Fix(
        text="Enforce the constraint, preferably for the whole organization, and remove Editor from the default service"
        " accounts that have it.",
        breaks="New default service accounts get no role, so deployments that rely on Editor fail; where Editor is"
        " removed, so does every workload that needs it.",
        command="gcloud resource-manager org-policies enable-enforce iam.automaticIamGrantsForDefaultServiceAccounts --project={account}",
        terraform="""\
resource "google_org_policy_policy" "this" {
  name   = "projects/{account}/policies/iam.automaticIamGrantsForDefaultServiceAccounts"
  parent = "projects/{account}"

  spec {
    rules {
      enforce = "TRUE"
    }
  }
}""",
    ),
}


@check(
    id="default-account-grant-not-prevented",
    title="Default service accounts receive Editor automatically",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("gcp-fn-orgpolicy-default-sa",),
    references=("https://cloud.google.com/resource-manager/docs/organization-policy/restricting-service-accounts",),
    cwe=1188,
    subject=Subject.SCOPE,
)
def default_account_grant_not_prevented(scope: Scope, _context: Context) -> Iterator[Hit]:
    """Enabling an API grants its default service account Editor on the whole project, and functions run as that account
    unless another is set: one careless deployment has the rights of an administrator. Either constraint prevents it:
    the one that disables the automatic grant, or the managed one that rejects Owner and Editor for default service
    accounts. Existing grants stay.
    """
    policies = scope.guardrails.then(lambda guardrails: guardrails.policies)
    if not any_holds(in_force(scope, _CONSTRAINT), in_force(scope, _MANAGED)):
        yield Hit(
            message=f"Default service accounts of project {scope.name} receive Editor automatically when an API is enabled",
            evidence=(cite(policies, f"neither {_CONSTRAINT} nor {_MANAGED} is enforced"),),
        )
