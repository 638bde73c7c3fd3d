"""Flags functions that log to another group than the default one."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="If the shared or renamed group is intended, no change is needed. Otherwise set the group back.",
    breaks="Readers of the present group no longer see new lines, and logs are lost where the role may not write"
    " to the new one.",
    command="aws lambda update-function-configuration --region {location} --function-name {name} --logging-config LogGroup={expected}",
    terraform="""\
resource "aws_lambda_function" "this" {
  function_name = "{name}"

  logging_config {
    log_format = "JSON"
    log_group  = "{expected}"
  }
}""",
)


@check(
    id="logs-redirected",
    title="Logs are sent to an unexpected log group",
    risk=Risk.MONITORING,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("gap-logs-redirected",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html",),
    cwe=778,
    profile_level=ProfileLevel.STRICT,
)
def logs_redirected(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """A principal with lambda:UpdateFunctionConfiguration can send the logs to a group that no alarm or subscription
    covers, without a change to the old one. Shared log groups are common, hence only a recommendation: verify each
    once.
    """
    logging = function.logging.need()
    if logging.group_name != logging.expected_group:
        yield Hit(
            message=f"Function {function.name} logs to {logging.group_name} instead of {logging.expected_group}",
            evidence=(cite(function.logging, f"LoggingConfig.LogGroup = {logging.group_name}"),),
            locus=logging.group_name,
            values={"expected": logging.expected_group},
        )
