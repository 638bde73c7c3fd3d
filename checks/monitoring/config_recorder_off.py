"""Flags regions in which AWS Config does not record functions."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Location
from auditor.model.severity import Severity

_FIX = Fix(
    text="Enable the recorder for all supported types, or at least for AWS::Lambda::Function. Each recorded change"
    " is billed.",
    breaks="The command replaces the recording group: types that are not repeated are no longer recorded.",
    command="aws configservice put-configuration-recorder --region {location}"
    " --configuration-recorder name=default,roleARN=arn:{partition}:iam::{account}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
    " --recording-group allSupported=true\n"
    "aws configservice start-configuration-recorder --region {location} --configuration-recorder-name default",
    terraform="""\
resource "aws_config_configuration_recorder" "default" {
  name     = "default"
  role_arn = "arn:{partition}:iam::{account}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"

  recording_group {
    all_supported = true
  }
}

resource "aws_config_configuration_recorder_status" "default" {
  name       = aws_config_configuration_recorder.default.name
  is_enabled = true
}""",
)


@check(
    id="config-recorder-off",
    title="AWS Config does not record functions",
    risk=Risk.MONITORING,
    severity=Severity.INFORMATIONAL,
    fix={Cloud.AWS: _FIX},
    covers=("config-recorder-off",),
    references=(
        "https://docs.aws.amazon.com/config/latest/developerguide/select-resources.html",
        "https://docs.aws.amazon.com/config/latest/developerguide/stop-start-recorder.html",
    ),
    cwe=778,
    subject=Subject.LOCATION,
)
def config_recorder_off(region: Location, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """AWS Config keeps the history of each function's settings: role, layers and variables at a given time, and who
    changed them. A recorder counts while it is running and includes functions. Informational: each recorded change is
    billed, and CloudTrail and the infrastructure code repository keep much of the same history.
    """
    if not region.recording.need():
        yield Hit(
            message=f"No running configuration recorder in {region.location} records functions",
            evidence=(cite(region.recording, "no running recorder includes AWS::Lambda::Function"),),
        )
