"""Flags functions whose application log level suppresses errors."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Lower the level to ERROR at least, better WARN or INFO. Log volume and cost rise with it.",
    command="aws lambda update-function-configuration --region {location} --function-name {name}"
    " --logging-config LogFormat=JSON,ApplicationLogLevel=INFO",
    terraform="""\
resource "aws_lambda_function" "this" {
  function_name = "{name}"

  logging_config {
    log_format            = "JSON"
    application_log_level = "INFO"
  }
}""",
)


@check(
    id="log-level-hides-errors",
    title="Log level suppresses errors",
    risk=Risk.MONITORING,
    severity=Severity.MEDIUM,
    fix={Cloud.AWS: _FIX},
    covers=("gap-logs-redirected",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html",),
    cwe=778,
)
def log_level_hides_errors(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """At FATAL the platform drops every log line about an error that the code handled: failed sign-ins, failed
    validations and caught exceptions, which are what shows an attack in progress. ERROR and lower levels are a choice
    of volume and are not reported.
    """
    logging = function.logging.need()
    if logging.application_level is not None and logging.application_level.upper() == "FATAL":
        yield Hit(
            message=f"ApplicationLogLevel of function {function.name} is FATAL: errors and warnings are not logged",
            evidence=(cite(function.logging, f"LoggingConfig.ApplicationLogLevel = {logging.application_level}"),),
        )
