"""Flags secrets used by a function that have no customer-managed key."""

from collections.abc import Iterator

from auditor.analysis.secret_stores import referred
from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.environment import StoredSecretKind
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import each_of
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Encrypt with a customer-managed key whose policy lets the readers use it.",
        breaks="Readers without kms:Decrypt on the key lose access from the next version on.",
        command="aws secretsmanager update-secret --region {location} --secret-id {secret} --kms-key-id <key-arn>",
        terraform='resource "aws_secretsmanager_secret" "this" {\n  name       = "<secret-name>"\n  kms_key_id = aws_kms_key.secrets.arn\n}',
    )
}


@check(
    id="stored-secret-default-key",
    title="Secret has no customer-managed key",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("secrets-manager-hygiene",),
    references=("https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html",),
    cwe=311,
    profile_level=ProfileLevel.STRICT,
)
def stored_secret_default_key(function: Function, _context: Context) -> Iterator[Hit]:
    """With the default key, permission to read the secret is enough; a customer-managed key requires a second
    permission that can be revoked. It is also required to share a secret with another account. An opinion.
    """
    secrets = referred(function.environment.need(), StoredSecretKind.SECRET)
    if not secrets:
        raise NotApplicable("no variable refers to a stored secret")
    for secret, value in each_of(secrets, lambda secret: secret.customer_key):
        if not value:
            yield Hit(
                message=f"Secret {secret.id} of function {function.name} is not encrypted with a customer-managed key",
                evidence=(cite(secret.customer_key, f"{secret.id}: KmsKeyId is absent or alias/aws/secretsmanager"),),
                locus=secret.id,
                site=secret.id,
                values={"secret": secret.id},
            )
