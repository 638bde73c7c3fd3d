"""Flags customer-managed keys of functions without automatic rotation."""

from collections.abc import Iterator

from auditor.analysis.encryption_keys import customer_key
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_OFF = {Cloud.AWS: "KeyRotationEnabled = false", Cloud.GCP: "rotationPeriod is not set"}

FIX = {
    Cloud.AWS: Fix(
        text="Enable yearly rotation. Old key material is kept for decryption: nothing has to be encrypted again.",
        command="aws kms enable-key-rotation --region {location} --key-id {key}",
        terraform='resource "aws_kms_key" "functions" {\n  enable_key_rotation = true\n}',
    ),
    Cloud.GCP: Fix(
        text="Set a rotation period. Old versions are kept for decryption; new deployments use the new one.",
        command="gcloud kms keys update {key} --rotation-period=90d --next-rotation-time=<time>",
        terraform="""\
resource "google_kms_crypto_key" "functions" { # {key}
  rotation_period = "7776000s"
}""",
    ),
}


@check(
    id="env-kms-rotation-off",
    title="KMS key of the variables is not rotated",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("env-kms-rotation-off", "gcp-fn-cmek-key-state"),
    references=(
        "https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
        "https://cloud.google.com/kms/docs/key-rotation",
    ),
)
def env_kms_rotation_off(function: Function, _context: Context) -> Iterator[Hit]:
    """Rotation limits how much data one compromised key version exposes; it does not change the function.

    On Google Cloud the key protects the whole function, variables included. Keys that cannot rotate automatically
    (imported material, custom key stores) and provider-managed keys are not judged.
    """
    key = customer_key(function).need()
    if key is None:
        raise NotApplicable("no customer-managed key encrypts the variables")
    rotation = key.rotation.need()
    if rotation is None:
        raise NotApplicable("the key cannot rotate automatically")
    if not rotation:
        yield Hit(
            message=f"KMS key {key.id} of function {function.name} has no automatic rotation",
            evidence=(cite(key.rotation, _OFF[function.cloud]),),
            site=key.id,
            values={"key": key.id},
        )
