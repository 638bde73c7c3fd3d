"""Flags functions that run as the account the platform assigns by itself."""

from collections.abc import Iterator

from auditor.analysis.bindings import granted_by_default, held_roles
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Create a service account for this function, grant it what the code uses, and deploy the function with it. Grant"
        " first: the next revision runs as the new account at once.",
        command="gcloud iam service-accounts create <account-id> --project={account}\n"
        "gcloud functions deploy {name} --region={location} --project={account} --service-account=<account-id>@{account}.iam.gserviceaccount.com\n"
        "gcloud run services update {run_service} --region={location} --project={account} --service-account=<account-id>@{account}.iam.gserviceaccount.com  # without a function record",
        terraform="""\
resource "google_service_account" "own" {
  project    = "{account}"
  account_id = "<account>"
}

resource "google_cloudfunctions2_function" "this" {
  name     = "{name}"
  location = "{location}"

  service_config {
    service_account_email = google_service_account.own.email
  }
}""",
    ),
}


@check(
    id="default-identity",
    title="Function uses the default service account",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("gcp-fn-default-service-account",),
    controls=("NIST-800-53:AC-6", "NIST-800-53:AC-2", "CSA-SAS:SAS-4"),
    cwe=250,
)
def default_identity(function: Function, _context: Context) -> Iterator[Hit]:
    """Everything started without a choice runs as this account: other functions, builds, virtual machines.

    Whatever one of them needs all of them have. Where the account still has the Editor role that projects used to give it,
    default-identity-editor reports both.
    """
    identity = function.identity.need()
    if identity is None:
        raise NotApplicable("it runs without an identity")
    if any(granted_by_default(held) for held in held_roles(function)):
        raise NotApplicable("default-identity-editor reports the default service account with its Editor role")
    if identity.default:
        yield Hit(
            message=f"{function.name} runs as the default service account {identity.name}",
            evidence=(cite(function.identity, f"serviceAccountEmail: {identity.name}"),),
        )
