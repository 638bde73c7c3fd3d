"""Flags functions that log to another group than the one everybody would look in."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="If the shared or renamed group is meant, nothing is to be done. Otherwise set the group back; older lines stay where"
    " they are, and the role must be allowed to write to the group.",
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
    controls=("NIST-800-53:AU-12", "MITRE-ATTACK:T1562.008", "CSA-SAS:SAS-5"),
    cwe=778,
    profile_level=ProfileLevel.STRICT,
)
def logs_redirected(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Somebody with lambda:UpdateFunctionConfiguration can send the logs to a group that no alarm, subscription or analyst
    watches, without touching the old one. Groups shared on purpose are common, hence an opinion: the point is
    that each is known.
    """
    logging = function.logging.need()
    if logging.group_name != logging.expected_group:
        yield Hit(
            message=f"Logs go to {logging.group_name} instead of {logging.expected_group}",
            evidence=(cite(function.logging, f"LoggingConfig.LogGroup = {logging.group_name}"),),
            locus=logging.group_name,
            values={"expected": logging.expected_group},
        )
