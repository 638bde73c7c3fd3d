"""Flags projects whose default service accounts are made editors by themselves."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.severity import Severity

_CONSTRAINT = "iam.automaticIamGrantsForDefaultServiceAccounts"

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
    title="Default service accounts become editors by themselves",
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
    account unless told otherwise: one careless deployment is an administrator. The constraint stops the grant;
    existing ones stay.
    """
    policies = scope.guardrails.then(lambda guardrails: guardrails.policies)
    if not any(policy.constraint.endswith(_CONSTRAINT) and policy.enforced for policy in policies.need()):
        yield Hit(
            message="Default service accounts are granted Editor when an API is turned on",
            evidence=(cite(policies, f"{_CONSTRAINT} is not enforced"),),
        )
