"""Flags functions whose default service account has the Editor role on the project."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.role_assignments import all_read, granted_by_default, held_roles, weight
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, Trait, check, cite
from auditor.model.finding import Dependence
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

_ENFORCE = "gcloud resource-manager org-policies enable-enforce iam.automaticIamGrantsForDefaultServiceAccounts --project={account}"

FIX = {
    Cloud.GCP: Fix(
        text="Grant the default service account the roles that are really used (the IAM recommender lists them),"
        " remove Editor, and enforce the constraint that prevents the automatic grant.",
        breaks="Every workload that runs as this service account loses what only Editor grants, and deployments"
        " that build as it fail.",
        command="gcloud projects remove-iam-policy-binding {account} --member={member} --role={granted}\n"
        f"{_ENFORCE}",
        terraform="""\
resource "google_project_default_service_accounts" "none" {
  project = "{account}"
  action  = "DEPRIVILEGE"
}""",
    ),
}


@check(
    id="default-identity-editor",
    title="Default service account has Editor",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.CRITICAL,
    fix=FIX,
    covers=("gcp-fn-default-sa-editor",),
    trait=Trait.ADMINISTRATOR,
    references=(
        "https://cloud.google.com/iam/docs/service-account-types",
        "https://cloud.google.com/iam/docs/best-practices-service-accounts",
    ),
    cwe=250,
)
def default_identity_editor(function: Function, _context: Context) -> Iterator[Hit]:
    """Google Cloud grants the default service accounts Editor when their API is first enabled, unless an
    organization policy prevents it. Editor can change every bucket, topic and function of the project and deploy code
    as its service accounts, so code execution in this function is control of the project. This finding covers the
    role; role-admin does not repeat it, and default-identity reports that the account is shared.
    """
    own = function.identity
    if isinstance(own, Known) and (own.value is None or not own.value.default):
        raise NotApplicable("it does not run as a default service account")
    own.need()
    for held in held_roles(function):
        if granted_by_default(held):
            yield Hit(
                message=held.sentence,
                evidence=(cite(held.fact, f"{held.binding.role} on {held.binding.scope}"),),
                locus=held.locus,
                site=held.site,
                depends=(Dependence(sites=(sites.own(function, ""),), leads=("default-identity",)),),
                severity=weight(held.binding),
                confidence=held.confidence,
                values={**held.placeholders(), **held.removal.values},
                command=f"{held.removal.command}\n{_ENFORCE}",
            )
    all_read(function)
