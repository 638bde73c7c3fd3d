"""Flags functions that run as the account the platform assigns by itself."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Create a service account for this function, grant it what the code uses, and deploy the function with it. Grant"
        " first: the next revision runs as the new account at once.",
        command="gcloud iam service-accounts create <account> --project={account}\n"
        "gcloud functions deploy {name} --region={location} --project={account} --service-account=<account>@{account}.iam.gserviceaccount.com",
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
    title="Function runs as a default service account",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("gcp-fn-default-service-account",),
    controls=("NIST-800-53:AC-6", "NIST-800-53:AC-2", "CSA-SAS:SAS-4"),
    cwe=250,
)
def default_identity(function: Function, _context: Context) -> Iterator[Hit]:
    """Everything started without a choice runs as this account: other functions, builds, virtual machines.

    Whatever one of them needs all of them have, and many projects still let it edit everything. default-identity-editor
    says whether this one does.
    """
    identity = function.identity.need()
    if identity is None:
        raise NotApplicable("it runs without an identity")
    if identity.default:
        yield Hit(
            message=f"It runs as {identity.name}",
            evidence=(cite(function.identity, f"serviceAccountEmail: {identity.name}"),),
        )
