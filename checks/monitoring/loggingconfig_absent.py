"""Flags functions without a logging configuration."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Set a logging configuration: JSON format, the log levels, and the log group.",
    breaks="Programs that parse the plain text fail on JSON: subscriptions and metric filters included.",
    command="aws lambda update-function-configuration --region {location} --function-name {name}"
    " --logging-config LogFormat=JSON,ApplicationLogLevel=INFO,SystemLogLevel=INFO",
    terraform="""\
resource "aws_lambda_function" "this" {
  function_name = "{name}"

  logging_config {
    log_format            = "JSON"
    application_log_level = "INFO"
    system_log_level      = "INFO"
  }
}""",
)


@check(
    id="loggingconfig-absent",
    title="Logging configuration is missing",
    risk=Risk.MONITORING,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("loggingconfig-absent",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html",),
    profile_level=ProfileLevel.STRICT,
)
def loggingconfig_absent(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Without a logging configuration the function writes plain text at a level that the code chooses, which alarms and
    queries cannot rely on. Lambda sets it for functions that were updated since late 2023, so its absence also shows
    how old the configuration is. Only a recommendation: plain text logs are logs too.
    """
    logging = function.logging.need()
    if not logging.configured:
        yield Hit(
            message=f"Function {function.name} has no LoggingConfig",
            evidence=(cite(function.logging, "LoggingConfig is absent"),),
        )
