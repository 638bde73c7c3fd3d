"""Flags functions whose default service account may edit the whole project."""

from collections.abc import Iterator

from auditor.analysis.bindings import administers, all_read, held_roles
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.identity import RolePower
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Grant the default account what is really used (the IAM recommender lists it), remove Editor, and enforce the constraint"
        " that stops the automatic grant. Everything that runs as this account is affected.",
        command="gcloud projects remove-iam-policy-binding {account} --member=serviceAccount:{identity} --role={granted}\n"
        "gcloud resource-manager org-policies enable-enforce iam.automaticIamGrantsForDefaultServiceAccounts --project={account}",
        terraform="""\
resource "google_project_default_service_accounts" "none" {
  project = "{account}"
  action  = "DEPRIVILEGE"
}""",
    ),
}


@check(
    id="default-identity-editor",
    title="Default service account may edit the whole project",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("gcp-fn-default-sa-editor",),
    controls=("CIS-GCP-5.0:1.6", "NIST-800-53:AC-6", "CSA-SAS:SAS-4", "OWASP-SLS:S5"),
    cwe=250,
)
def default_identity_editor(function: Function, _context: Context) -> Iterator[Hit]:
    """Google grants the default accounts Editor when their API is first used, unless the organisation forbids it.

    Nobody decided that this code may change every bucket, topic and function of the project, and yet it may.
    role-admin reports the weight of the role; this finding says where it came from and how to stop the next one.
    """
    own = function.identity
    if isinstance(own, Known) and (own.value is None or not own.value.default):
        raise NotApplicable("it does not run as a default service account")
    own.need()
    for held in held_roles(function):
        if held.binding.power is RolePower.BASIC and administers(held.binding):
            yield Hit(
                message=held.sentence,
                evidence=(cite(held.fact, f"{held.binding.role} on {held.binding.scope}"),),
                locus=held.locus,
                values=held.placeholders(),
            )
    all_read(function)
