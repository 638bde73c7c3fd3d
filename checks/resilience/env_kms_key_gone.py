"""Flags functions whose KMS key is disabled, deleted or scheduled for deletion."""

from collections.abc import Iterator

from auditor.analysis.encryption_keys import customer_key
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.environment import KeyState
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Cancel the deletion or enable the key at once. If the key is deleted, set another key together with"
    " a new set of variables: the old values can no longer be decrypted.",
    breaks="The old values are lost where the variables are set again with another key.",
    command="aws kms cancel-key-deletion --region {location} --key-id {key}\n"
    "aws kms enable-key --region {location} --key-id {key}\n"
    "# if the key is gone\n"
    "aws lambda update-function-configuration --region {location} --function-name {name} --kms-key-arn <new-key-arn> --environment file://<variables>.json",
    terraform="""\
resource "aws_lambda_function" "this" {
  function_name = "{name}"
  kms_key_arn   = "<ARN of a key that is enabled>"

  environment {
    variables = {
      # set every variable again: the old values cannot be decrypted
    }
  }
}""",
)

FIX = {
    Cloud.AWS: _FIX,
    Cloud.GCP: Fix(
        text="Restore or enable the key version at once. If it is destroyed, deploy the function again with"
        " another key: source, image and variables that are encrypted with the old one can no longer be read.",
        breaks="Everything that relied on the key version being disabled can decrypt again; what was encrypted"
        " with a destroyed one is lost.",
        command="gcloud kms keys versions restore <version> --key={key}  # destruction is still pending\n"
        "gcloud kms keys versions enable <version> --key={key}\n"
        "gcloud functions deploy {name} --region={location} --project={account} --kms-key=<new-key>  # if it is gone",
        terraform="""\
resource "google_cloudfunctions2_function" "this" {
  name         = "{name}"
  location     = "{location}"
  kms_key_name = "<a key that is enabled>"
}""",
    ),
}
_NAMED = {Cloud.AWS: "KMSKeyArn", Cloud.GCP: "kmsKeyName"}


@check(
    id="env-kms-key-gone",
    title="KMS key of the variables is unusable",
    risk=Risk.RESILIENCE,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("env-kms-key-gone", "gcp-fn-cmek-key-state"),
    references=(
        "https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html",
        "https://cloud.google.com/kms/docs/key-states",
    ),
)
def env_kms_key_gone(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Lambda decrypts the environment variables with this key at every cold start. With the key disabled or deleted no
    new instance starts, and the function fails with its last warm instance. While deletion is scheduled, the key can
    still be recovered. A key that may not be described is unknown. On Google Cloud the key protects the whole
    function: code, image and variables.
    """
    used = customer_key(function)
    key = used.need()
    if key is None:
        raise NotApplicable("the environment is not encrypted with a customer-managed key")
    state = key.state.need()
    if state is not KeyState.ENABLED:
        yield Hit(
            message=f"Key {key.id} of function {function.name} is {state}",
            evidence=(cite(used, f"{_NAMED[function.cloud]} = {key.id}"), cite(key.state, f"KeyState: {state}")),
            locus=key.id,
            site=key.id,
            values={"key": key.id},
        )
