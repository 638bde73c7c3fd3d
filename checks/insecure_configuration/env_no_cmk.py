"""Flags variables that are not encrypted with a key of yours."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Encrypt with a key of yours whose policy lets the function's role use it; without kms:Decrypt for the role the function fails to start. Better still, keep what is sensitive out of variables.",
        command="aws lambda update-function-configuration --function-name {name} --region {location} --kms-key-arn <key-arn>",
        terraform='resource "aws_lambda_function" "this" {\n  function_name = "{name}"\n  kms_key_arn   = aws_kms_key.functions.arn\n}',
    )
}


@check(
    id="env-no-cmk",
    title="Environment variables have no customer-managed key",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("env-no-cmk",),
    controls=("CIS-Controls-8:3.11", "NIST-800-53:SC-28(1)"),
    cwe=311,
    profile_level=ProfileLevel.STRICT,
)
def env_no_cmk(function: Function, _context: Context) -> Iterator[Hit]:
    """With your own key, reading variables takes a second permission that you control, and can be revoked.

    An opinion, and one that hides the function from Inspector (inspector-blind-cmk). Functions without variables
    have nothing to encrypt.
    """
    if function.environment_key.need() is not None:
        return
    environment = function.environment.need()
    if not environment.variables:
        raise NotApplicable("the function has no variables")
    yield Hit(
        message=f"Variables ({len(environment.variables)}) are encrypted with the service's own key",
        evidence=(cite(function.environment_key, "KMSKeyArn is absent"),),
    )
