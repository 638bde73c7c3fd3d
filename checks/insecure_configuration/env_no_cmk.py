"""Flags environment variables that are not encrypted with a customer-managed key."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Encrypt with a customer-managed key whose policy lets the function's role use it. Better still, keep"
        " sensitive values out of variables.",
        breaks="Without kms:Decrypt for the role the function fails to start.",
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
    references=("https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html",),
    cwe=311,
    profile_level=ProfileLevel.STRICT,
)
def env_no_cmk(function: Function, _context: Context) -> Iterator[Hit]:
    """With a customer-managed key, reading the variables requires a second permission that you control and can revoke.

    An opinion, and one that excludes the function from Amazon Inspector (inspector-blind-cmk). Functions without
    variables have nothing to encrypt.
    """
    if function.environment_key.need() is not None:
        return
    environment = function.environment.need()
    if not environment.variables:
        raise NotApplicable("the function has no environment variables")
    yield Hit(
        message=f"Environment variables ({len(environment.variables)}) of function {function.name} are not encrypted with a customer-managed key",
        evidence=(cite(function.environment_key, "KMSKeyArn is absent"),),
    )
