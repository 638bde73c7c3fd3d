"""Flags functions whose execution role no longer exists."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Give the function a role that exists. Recreating one with the old name works as well, but grants whatever the new role is given."
    " If nobody noticed, consider deleting the function.",
    command="aws lambda update-function-configuration --region {location} --function-name {name} --role <role-arn>",
    terraform="""\
resource "aws_lambda_function" "this" {
  function_name = "{name}"
  role          = "<ARN of a role that exists>"
}""",
)


@check(
    id="role-missing",
    title="Execution role no longer exists",
    risk=Risk.RESILIENCE,
    severity=Severity.HIGH,
    fix={Cloud.AWS: _FIX},
    covers=("role-missing",),
    controls=("CIS-Compute-1.0:4.7", "CSA-SAS:SAS-11"),
)
def role_missing(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Lambda cannot assume the role, so every invocation fails. Whoever may create roles can also fill the vacant name with one of their
    making, and the function will run with it. Roles of another account, which we cannot list, are not
    called missing.
    """
    role = function.identity.need()
    if role is None:
        raise NotApplicable("it runs without an identity")
    if not role.exists.need():
        yield Hit(
            message=f"Role {role.id} does not exist",
            evidence=(cite(function.identity, f"Role = {role.id}"), cite(role.exists, "no such role in the account")),
            locus=role.id,
        )
