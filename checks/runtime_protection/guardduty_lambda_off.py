"""Flags regions without GuardDuty Lambda Protection."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Location
from auditor.model.severity import Severity

_FIX = Fix(
    text="Enable GuardDuty Lambda Protection in the region (it is billed by the volume of network logs"
    " analyzed). In an organization, use the delegated administrator account.",
    command="aws guardduty list-detectors --region {location}\n"
    "aws guardduty update-detector --region {location} --detector-id <detector-id>"
    ' --features \'[{"Name":"LAMBDA_NETWORK_LOGS","Status":"ENABLED"}]\'',
    terraform="""\
resource "aws_guardduty_detector_feature" "lambda" {
  detector_id = "<detector id>"
  name        = "LAMBDA_NETWORK_LOGS"
  status      = "ENABLED"
}""",
)


@check(
    id="guardduty-lambda-off",
    title="GuardDuty Lambda Protection is disabled",
    risk=Risk.RUNTIME_PROTECTION,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("guardduty-lambda-off",),
    references=("https://docs.aws.amazon.com/guardduty/latest/ug/lambda-protection.html",),
    subject=Subject.LOCATION,
)
def guardduty_lambda_off(region: Location, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Lambda Protection detects functions that connect to mining pools, command-and-control servers and the Tor network,
    also for functions outside a VPC, which have no flow logs. Without a detector, or with the feature disabled, a
    compromised function may first be noticed on the bill. Low: it is an additional, billed control, and its absence
    exposes nothing by itself.
    """
    if not region.threat_detection.need():
        yield Hit(
            message=f"GuardDuty Lambda Protection is not enabled in {region.location}",
            evidence=(cite(region.threat_detection, "LAMBDA_NETWORK_LOGS is not ENABLED, or there is no detector"),),
        )
