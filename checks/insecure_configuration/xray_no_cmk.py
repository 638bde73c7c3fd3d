"""Flags regions whose traces the cloud's own key encrypts."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Place
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Choose a customer key for X-Ray in this region; whoever reads traces then needs kms:Decrypt on it.",
        command="aws xray put-encryption-config --region {location} --type KMS --key-id <key-arn>",
        terraform='resource "aws_xray_encryption_config" "this" {\n  type   = "KMS"\n  key_id = aws_kms_key.traces.arn\n}',
    )
}


@check(
    id="xray-no-cmk",
    title="X-Ray traces have no customer-managed key",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("xray-no-cmk",),
    controls=("NIST-800-53:SC-28(1)",),
    profile_level=ProfileLevel.STRICT,
    subject=Subject.LOCATION,
)
def xray_no_cmk(place: Place, _context: Context) -> Iterator[Hit]:
    """Traces carry URLs, user ids and error texts; your own key adds a lock that trace readers need as well.

    An opinion, asked of each region that has functions.
    """
    if not place.trace_key.need():
        yield Hit(
            message=f"Traces in {place.location} are encrypted with X-Ray's own key",
            evidence=(cite(place.trace_key, "EncryptionConfig.Type = NONE"),),
        )
