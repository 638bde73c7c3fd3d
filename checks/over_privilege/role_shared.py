"""Flags roles that several functions run as."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Create a role for this function with what it alone needs, and switch the function to it. The switch takes effect at once,"
    " so grant first.",
    command="aws iam create-role --role-name {name} --assume-role-policy-document"
    ' \'{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}\'\n'
    "aws lambda update-function-configuration --region {location} --function-name {name} --role arn:{partition}:iam::{account}:role/{name}",
    terraform="""\
resource "aws_iam_role" "own" {
  name = "{name}"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_lambda_function" "this" {
  function_name = "{name}"
  role          = aws_iam_role.own.arn
}""",
)


@check(
    id="role-shared",
    title="Execution role is shared with other functions",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.MEDIUM,
    fix={Cloud.AWS: _FIX},
    covers=("role-shared",),
    controls=("CIS-Compute-1.0:4.5", "NIST-800-53:AC-5", "CSA-SAS:SAS-4"),
    cwe=250,
)
def role_shared(function: Function, context: Context) -> Iterator[Hit]:
    """A shared role gathers what each of its functions needs: a flaw in the least of them has the powers of all, and nobody dares
    take a permission away. Only functions of this report are compared, so a role shared with something
    outside it is not seen.
    """
    role = function.identity.need()
    if role is None:
        raise NotApplicable("it runs without an identity")
    sharing = context.functions_with_identity(role.id)
    if len(sharing) > 1:
        others = list(sharing)
        if function.name in others:
            others.remove(function.name)
        listed = ", ".join(others[:5]) + (f" and {len(others) - 5} more" if len(others) > 5 else "")
        yield Hit(
            message=f"Role {role.name} is also the role of {listed}",
            evidence=(cite(function.identity, f"Role = {role.id} for {len(sharing)} functions"),),
            locus=role.id,
        )
