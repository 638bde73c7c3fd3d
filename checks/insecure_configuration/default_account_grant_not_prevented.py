"""Flags projects whose default service accounts are made editors by themselves."""

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
        text="Enforce the constraint, best for the whole organisation, and take Editor from the default accounts that"
        " have it.",
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
    controls=("NIST-800-53:AC-6", "NIST-800-53:CM-6"),
    cwe=1188,
    subject=Subject.SCOPE,
)
def default_account_grant_not_prevented(scope: Scope, _context: Context) -> Iterator[Hit]:
    """Turning an API on makes its default service account an editor of the whole project, and functions run as that
    account unless told otherwise: one careless deployment is an administrator. Either constraint stops it: the one that ends the
    automatic grant, or the managed one that refuses Owner and Editor to default accounts. Existing grants stay.
    """
    policies = scope.guardrails.then(lambda guardrails: guardrails.policies)
    if not any_holds(in_force(scope, _CONSTRAINT), in_force(scope, _MANAGED)):
        yield Hit(
            message=f"Default service accounts of {scope.name} are granted Editor when an API is turned on",
            evidence=(cite(policies, f"neither {_CONSTRAINT} nor {_MANAGED} is enforced"),),
        )
