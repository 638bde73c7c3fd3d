"""Flags environment variables encrypted with a KMS key of another, untrusted account."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, GapReason, Unanswered
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Re-encrypt with a key of the function's own account; the role needs kms:Decrypt on it first. If the other"
        " account belongs to the organization, list it under trusted_accounts.",
        breaks="The function fails to start while its role may not decrypt with the new key.",
        command="aws lambda update-function-configuration --function-name {name} --region {location} --kms-key-arn <own-key-arn>",
        terraform='resource "aws_lambda_function" "this" {\n  function_name = "{name}"\n  kms_key_arn   = aws_kms_key.functions.arn\n}',
    )
}


@check(
    id="env-kms-external-account",
    title="Environment variables use another account's KMS key",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("env-kms-external-account",),
    references=(
        "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html",
    ),
)
def env_kms_external_account(function: Function, context: Context) -> Iterator[Hit]:
    """The account that owns the key can disable or delete it: the function then no longer starts, and its variables are
    lost. It can also log every use of the key. Keys of audited and trusted accounts pass.
    """
    key = function.environment_key.need()
    if key is None:
        raise NotApplicable("no customer-managed key encrypts the variables")
    if key.account is None:
        raise Unanswered(Gap(GapReason.MALFORMED, function.environment_key.source, None, "the key names no account"))
    if not context.trusted(key.account):
        yield Hit(
            message=f"Environment variables of function {function.name} are encrypted with a KMS key of account {key.account}",
            evidence=(cite(function.environment_key, f"KMSKeyArn = {key.id}"),),
        )
