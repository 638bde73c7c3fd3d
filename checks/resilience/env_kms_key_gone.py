"""Flags functions whose environment is encrypted with a key that can no longer be used."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.environment import KeyState
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Cancel the deletion or enable the key at once. If it is gone for good, set another key together with a fresh set of variables:"
    " the old values cannot be decrypted any more.",
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


@check(
    id="env-kms-key-gone",
    title="Key of the environment cannot be used",
    risk=Risk.RESILIENCE,
    severity=Severity.HIGH,
    fix={Cloud.AWS: _FIX},
    covers=("env-kms-key-gone",),
    controls=("NIST-800-53:SC-12",),
)
def env_kms_key_gone(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Lambda decrypts the variables with this key at every cold start. With the key disabled or deleted no new instance starts: the
    function dies with its last warm one. Scheduled for deletion is the last moment to notice. A key we may not
    describe is unknown.
    """
    key = function.environment_key.need()
    if key is None:
        raise NotApplicable("the environment is not encrypted with a key of your own")
    state = key.state.need()
    if state is not KeyState.ENABLED:
        yield Hit(
            message=f"Key {key.id} is {state}",
            evidence=(cite(function.environment_key, f"KMSKeyArn = {key.id}"), cite(key.state, f"KeyState: {state}")),
            locus=key.id,
            values={"key": key.id},
        )
