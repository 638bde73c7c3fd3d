"""Flags functions without a logging configuration of their own."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Set a logging configuration: JSON lines, the levels you want, and the group. Programs that read the old text lines must be"
    " able to read JSON first.",
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
    controls=("NIST-800-53:AU-3", "CSA-SAS:SAS-5"),
    profile_level=ProfileLevel.STRICT,
)
def loggingconfig_absent(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Without one the function writes free text at whatever level its code chose, which alarms and searches cannot rely on. The cloud
    fills the setting in for functions touched since late 2023, so its absence also says how old the
    configuration is. An opinion: text logs are logs.
    """
    logging = function.logging.need()
    if not logging.configured:
        yield Hit(
            message="The function has no LoggingConfig",
            evidence=(cite(function.logging, "LoggingConfig is absent"),),
        )
