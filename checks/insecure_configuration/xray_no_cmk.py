"""Flags regions whose X-Ray traces have no customer-managed key."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Location
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Set a customer-managed key for X-Ray in this region.",
        breaks="Principals that read traces need kms:Decrypt on the key.",
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
    references=("https://docs.aws.amazon.com/xray/latest/devguide/xray-console-encryption.html",),
    profile_level=ProfileLevel.STRICT,
    subject=Subject.LOCATION,
)
def xray_no_cmk(region: Location, _context: Context) -> Iterator[Hit]:
    """Traces carry URLs, user ids and error texts; with a customer-managed key, reading them requires a second
    permission on the key.

    An opinion, checked once for each region that has functions.
    """
    if not region.trace_key.need():
        yield Hit(
            message=f"X-Ray traces in {region.location} are not encrypted with a customer-managed key",
            evidence=(cite(region.trace_key, "EncryptionConfig.Type = NONE"),),
        )
