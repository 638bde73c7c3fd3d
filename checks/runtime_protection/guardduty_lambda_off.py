"""Flags regions in which GuardDuty does not watch what functions connect to."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Place
from auditor.model.severity import Severity

_FIX = Fix(
    text="Enable GuardDuty's Lambda Protection in the region (it is billed by the volume of network logs analysed). With an organisation,"
    " do it from the delegated administrator.",
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
    controls=("FSBP:GuardDuty.6", "NIST-800-53:SI-4", "CSA-SAS:SAS-5"),
    subject=Subject.LOCATION,
)
def guardduty_lambda_off(place: Place, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Lambda Protection notices functions that talk to mining pools, command servers and the Tor network, for functions outside a
    VPC too, where you have no network log of your own. Without a detector, or with the feature off, a hijacked
    function is noticed on the bill. Low: it is a paid second line of defence, and opens nothing.
    """
    if not place.threat_detection.need():
        yield Hit(
            message=f"GuardDuty Lambda Protection is not enabled in {place.location}",
            evidence=(cite(place.threat_detection, "LAMBDA_NETWORK_LOGS is not ENABLED, or there is no detector"),),
        )
