"""Flags secrets a function uses that are never rotated."""

from collections.abc import Iterator

from auditor.analysis.stored import referred
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.environment import StoredSecretKind
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import each_of
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Attach a rotation function and schedule. The first rotation happens at once: the code must read the secret at run time, not at deployment.",
        command="aws secretsmanager rotate-secret --region {location} --secret-id {secret} --rotation-lambda-arn <rotation-function-arn> --rotation-rules AutomaticallyAfterDays=30",
        terraform='resource "aws_secretsmanager_secret_rotation" "this" {\n  secret_id           = "{secret}"\n  rotation_lambda_arn = aws_lambda_function.rotation.arn\n  rotation_rules {\n    automatically_after_days = 30\n  }\n}',
    )
}


@check(
    id="stored-secret-not-rotated",
    title="Secret is not rotated",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("secrets-manager-hygiene",),
    controls=("FSBP:SecretsManager.1", "NIST-800-53:IA-5"),
)
def stored_secret_not_rotated(function: Function, _context: Context) -> Iterator[Hit]:
    """A credential that never changes stays useful to whoever saw it once: in a log, a laptop, an old version.

    Rotation by the secret store counts; a value you change by hand does not show.
    """
    secrets = referred(function.environment.need(), StoredSecretKind.SECRET)
    if not secrets:
        raise NotApplicable("no variable refers to a stored secret")
    for secret, value in each_of(secrets, lambda secret: secret.rotates):
        if value is False:
            yield Hit(
                message=f"Secret {secret.id} has no automatic rotation",
                evidence=(cite(secret.rotates, f"{secret.id}: RotationEnabled is not set"),),
                locus=secret.id,
                values={"secret": secret.id},
            )
