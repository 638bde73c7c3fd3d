"""Flags functions that run as a default service account."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Create a service account for this function, grant it the roles the code needs, and deploy the function"
        " with it. Grant the roles first: the next revision uses the new account immediately.",
        breaks="Calls that the new service account has no role for fail with 403 immediately: grant the roles first.",
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
    references=(
        "https://cloud.google.com/run/docs/securing/service-identity",
        "https://cloud.google.com/iam/docs/service-account-types",
    ),
    cwe=250,
)
def default_identity(function: Function, _context: Context) -> Iterator[Hit]:
    """A default service account is shared by every workload of the project that was deployed without a service
    account: other functions, builds, virtual machines. Permissions granted for one of them are granted to all.

    Where the account still has the Editor role that projects grant automatically, default-identity-editor reports that
    besides: taking the role back leaves the account shared.
    """
    identity = function.identity.need()
    if identity is None:
        raise NotApplicable("it runs without an identity")
    if identity.default:
        yield Hit(
            message=f"{function.name} runs as the default service account {identity.name}",
            evidence=(cite(function.identity, f"serviceAccountEmail: {identity.name}"),),
        )
