"""Flags functions whose execution role cannot write to their log group."""

from collections.abc import Iterator

from auditor.analysis.grants import writes_logs
from auditor.analysis.roles import acting_role, all_grants
from auditor.check import Context, Evidence, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Allow the role to create log streams and put log events in the function's log group, and create the"
    " group if it is missing.",
    command="aws iam attach-role-policy --role-name {role} --policy-arn arn:{partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
    terraform="""\
resource "aws_iam_role_policy" "logs" {
  role = "{role}"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "arn:{partition}:logs:{location}:{account}:log-group:{group}:*"
    }]
  })
}""",
)


@check(
    id="role-no-log-permission",
    title="Execution role cannot write logs",
    risk=Risk.MONITORING,
    severity=Severity.MEDIUM,
    fix={Cloud.AWS: _FIX},
    covers=("role-no-log-permission",),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html",
    ),
    cwe=778,
)
def role_no_log_permission(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Without the permission Lambda drops the log lines without an error: no errors are visible, and there is no
    evidence after an incident. The role needs logs:CreateLogStream and logs:PutLogEvents on the group that this
    function is configured to use; a policy for another group does not count. Statements in any attached or inline
    policy count.
    """
    role = acting_role(function.identity.need())
    if isinstance(role, str):
        raise NotApplicable(role)
    logging = function.logging.need()
    if not writes_logs(all_grants(role), logging.group_name):
        yield Hit(
            message=f"Role {role.name} of function {function.name} cannot write to log group {logging.group_name}",
            evidence=(
                Evidence(
                    role.statements[0].source if role.statements else role.policies.source,
                    f"no Allow of logs:CreateLogStream and logs:PutLogEvents on {logging.group_name}",
                ),
                cite(function.logging, f"log group = {logging.group_name}"),
            ),
            site=role.id,
            values={"group": logging.group_name},
        )
