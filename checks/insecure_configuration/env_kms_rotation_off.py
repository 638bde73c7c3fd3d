"""Flags customer keys for variables that are never rotated."""

from collections.abc import Iterator

from auditor.analysis.keys import customer_key
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_OFF = {Cloud.AWS: "KeyRotationEnabled = false", Cloud.GCP: "rotationPeriod is not set"}

FIX = {
    Cloud.AWS: Fix(
        text="Enable yearly rotation. Old material is kept for decryption: nothing has to be encrypted again.",
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
    controls=("FSBP:KMS.4", "NIST-800-53:SC-12"),
)
def env_kms_rotation_off(function: Function, _context: Context) -> Iterator[Hit]:
    """Rotation bounds how much one leaked key opens; it costs nothing and changes nothing for the function.

    On Google Cloud the key protects the whole function, variables included. Keys that cannot rotate by themselves (imported material, custom stores) and the cloud's own key are not judged.
    """
    key = customer_key(function).need()
    if key is None:
        raise NotApplicable("no customer key encrypts the variables")
    rotation = key.rotation.need()
    if rotation is None:
        raise NotApplicable("the key cannot rotate by itself")
    if not rotation:
        yield Hit(
            message=f"Key {key.id} is not rotated",
            evidence=(cite(key.rotation, _OFF[function.cloud]),),
            values={"key": key.id},
        )
