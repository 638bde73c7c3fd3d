"""Flags destinations that name a bucket that does not exist."""

from collections.abc import Iterator

from auditor.analysis.destinations import MAPPED, MAPPED_HCL, failing, mapped
from auditor.check import Context, Evidence, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known, each
from auditor.model.severity import Severity

_FIX = Fix(
    text="Create the bucket again in this account before the name is registered elsewhere, or change the"
    " destination. Events that failed since the deletion of the bucket are lost.",
    command="aws s3 mb s3://{bucket} --region {location}\n"
    "# or\n"
    "aws lambda put-function-event-invoke-config --region {location} --function-name {name}"
    " --destination-config 'OnFailure={Destination=<own-queue-arn>}'",
    terraform="""\
resource "aws_s3_bucket" "failed_events" {
  bucket = "{bucket}"
}""",
)


@check(
    id="destination-s3-gone",
    title="Destination bucket does not exist",
    risk=Risk.RUNTIME_PROTECTION,
    severity=Severity.HIGH,
    fix={Cloud.AWS: _FIX},
    covers=("destination-s3-gone",),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html",
    ),
    cwe=668,
)
def destination_s3_gone(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Anyone can register the name of a deleted bucket. The new owner then receives the function's failed events,
    payload included, through the function's own permission to write. Until then the events are lost. A bucket that
    may not be read is unknown, not missing.
    """
    buckets = []
    for found in failing(function):
        source, locus, target = found
        if target.kind == "s3":
            buckets.append(target)
            if target.exists == Known(False, target.exists.source):
                yield Hit(
                    message=f"The {locus.rpartition('/')[2]} destination {target.id} of function {function.name} is a bucket that does"
                    " not exist",
                    evidence=(Evidence(source, f"{locus}: {target.id}"), cite(target.exists, "404: no such bucket")),
                    locus=locus,
                    values={"bucket": target.id.rpartition(":")[2]},
                    command=f"aws s3 mb s3://{{bucket}} --region {{location}}\n# or\n{MAPPED}"
                    if mapped(found)
                    else None,
                    terraform=MAPPED_HCL if mapped(found) else None,
                )
    if not buckets:
        raise NotApplicable("no destination is a bucket")
    tuple(each(target.exists for target in buckets))
