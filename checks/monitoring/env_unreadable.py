"""Flags functions whose environment variables this audit could not decrypt."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Unknown
from auditor.model.severity import Severity

_FIX = Fix(
    text="Allow the auditing principal to use the key (the opt-in decrypt tier of 'auditor permissions aws'),"
    " and scan again. If the key is disabled or scheduled for deletion, restore it, because the function"
    " cannot start either.",
    command="aws lambda get-function-configuration --region {location} --function-name {name} --query '[KMSKeyArn,Environment.Error]'\n"
    "aws kms create-grant --region {location} --key-id <key-arn> --grantee-principal <auditor-role-arn> --operations Decrypt",
    terraform="""\
resource "aws_kms_grant" "auditor" {
  key_id            = "<key ARN>"
  grantee_principal = "<auditor role ARN>"
  operations        = ["Decrypt"]
}""",
)


@check(
    id="env-unreadable",
    title="Environment variables could not be decrypted for the audit",
    risk=Risk.MONITORING,
    severity=Severity.INFORMATIONAL,
    fix={Cloud.AWS: _FIX},
    covers=("gap-env-unreadable",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html",),
)
def env_unreadable(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """The API returned an error instead of the variables, so whether they contain secrets is not known: the checks on
    variables are UNKNOWN, not passed. Informational, since it limits the audit and usually results from a restrictive
    key policy.
    """
    if isinstance(function.environment, Unknown) and function.environment.gap.permission == "kms:Decrypt":
        gap = function.environment.gap
        yield Hit(
            message=f"The environment variables of function {function.name} could not be decrypted: {gap.message or gap.reason}",
            evidence=(cite(function.environment, "Environment.Error is present, Environment.Variables is not"),),
        )
        return
    function.environment.need()
