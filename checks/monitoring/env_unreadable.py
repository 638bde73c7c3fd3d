"""Flags functions whose environment this audit could not decrypt."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Unknown
from auditor.model.severity import Severity

_FIX = Fix(
    text="Let the auditing principal use the key (the opt-in decrypt tier of 'auditor permissions aws'), and scan again; if the key is"
    " disabled or scheduled for deletion, restore it, because the function cannot start either.",
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
    controls=("CSA-SAS:SAS-7",),
)
def env_unreadable(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """The cloud returned an error instead of the variables, so nothing can be said about secrets in them: the checks on variables are
    UNKNOWN, not passed. Other tools read such a function as one without variables. Informational, for it is
    a gap in our sight and usually good key hygiene in yours.
    """
    if isinstance(function.environment, Unknown) and function.environment.gap.permission == "kms:Decrypt":
        gap = function.environment.gap
        yield Hit(
            message=f"The environment could not be decrypted: {gap.message or gap.reason}",
            evidence=(cite(function.environment, "Environment.Error is present, Environment.Variables is not"),),
        )
        return
    function.environment.need()
