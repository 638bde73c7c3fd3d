"""Flags functions without a customer-managed key."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Grant the service agents of Cloud Functions, Cloud Run, Artifact Registry, Cloud Storage and Eventarc the"
        " use of the key, create a repository encrypted with it, and deploy with both.",
        breaks="Deployments fail while a service agent may not use the key, and the function stops if it is disabled.",
        command="gcloud functions deploy {name} --region={location} --project={account} --kms-key=<key> --docker-repository=<repository-encrypted-with-the-key>",
        terraform="""\
resource "google_cloudfunctions2_function" "this" {
  name     = "{name}"
  location = "{location}"
  kms_key_name = "<key>"
}""",
    ),
}


@check(
    id="function-no-cmk",
    title="Function has no customer-managed key",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("gcp-fn-cmek",),
    references=("https://cloud.google.com/functions/docs/securing/cmek",),
    cwe=311,
    profile_level=ProfileLevel.STRICT,
)
def function_no_cmk(function: Function, _context: Context) -> Iterator[Hit]:
    """With a customer-managed key, access to source, image and variables requires a second permission that you control,
    and revoking it stops the function. An opinion: losing the key stops it as well.
    """
    key = function.storage.then(lambda storage: storage.customer_key)
    if key.need() is None:
        yield Hit(
            message=f"Function {function.name} is not encrypted with a customer-managed key",
            evidence=(cite(key, "kmsKeyName is empty"),),
        )
