"""Flags variables encrypted with a key that somebody else controls."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, GapReason, Unanswered
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Re-encrypt with a key of your own account; the role needs kms:Decrypt on it before you switch. If the other account is yours, list it under trusted_accounts.",
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
    controls=("NIST-800-53:SC-12",),
)
def env_kms_external_account(function: Function, context: Context) -> Iterator[Hit]:
    """Whoever owns the key can disable or delete it: the function then no longer starts, and its variables are lost.

    They may also see each use of it. Keys of audited and trusted accounts pass.
    """
    key = function.environment_key.need()
    if key is None:
        raise NotApplicable("no customer key encrypts the variables")
    if key.account is None:
        raise Unanswered(Gap(GapReason.MALFORMED, function.environment_key.source, None, "the key names no account"))
    if not context.trusted(key.account):
        yield Hit(
            message=f"The variables are encrypted with a key of account {key.account}",
            evidence=(cite(function.environment_key, f"KMSKeyArn = {key.id}"),),
        )
