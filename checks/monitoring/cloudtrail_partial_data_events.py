"""Flags regions in which CloudTrail records the invocations of some functions only."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Location
from auditor.model.observed import Known
from auditor.model.severity import Severity
from auditor.model.telemetry import TrailCoverage

_FIX = Fix(
    text="Record data events of every function, so that new functions are covered from their first invocation, or"
    " maintain the list in the deployment of each function.",
    breaks="The command replaces the trail's event selectors: events of those not repeated (get-event-selectors"
    " prints them) are no longer recorded.",
    command="aws cloudtrail get-event-selectors --region {location} --trail-name {trail}\n"
    "aws cloudtrail put-event-selectors --region {location} --trail-name {trail} --advanced-event-selectors"
    ' \'[{"Name":"Management","FieldSelectors":[{"Field":"eventCategory","Equals":["Management"]}]},'
    '{"Name":"Lambda","FieldSelectors":[{"Field":"eventCategory","Equals":["Data"]},{"Field":"resources.type","Equals":["AWS::Lambda::Function"]}]}]\'',
    terraform="""\
resource "aws_cloudtrail" "audit" {
  name           = "<trail>"
  s3_bucket_name = "<bucket>"

  advanced_event_selector {
    name = "Lambda invocations"
    field_selector {
      field  = "eventCategory"
      equals = ["Data"]
    }
    field_selector {
      field  = "resources.type"
      equals = ["AWS::Lambda::Function"]
    }
  }
}""",
)


@check(
    id="cloudtrail-partial-data-events",
    title="CloudTrail records invocations of some functions only",
    risk=Risk.MONITORING,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("cloudtrail-partial-data-events",),
    references=(
        "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html",
    ),
    cwe=778,
    profile_level=ProfileLevel.STRICT,
    subject=Subject.LOCATION,
)
def cloudtrail_partial_data_events(region: Location, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """A list of functions in a trail does not cover a function that is deployed later, possibly by an attacker. One
    active trail that records all functions is sufficient for the region. Only a recommendation: short lists also keep
    the cost of data events low.
    """
    trails = region.trails.need()
    on = tuple(trail for trail in trails if trail.logging != Known(False, trail.logging.source))
    if any(trail.coverage.known and trail.coverage.value is TrailCoverage.ALL and trail.logging.known for trail in on):
        return
    for trail in on:  # one we cannot read may be the complete one
        if trail.coverage.need() is TrailCoverage.ALL:
            trail.logging.need()
    for trail in on:
        if trail.coverage.need() is TrailCoverage.SOME and trail.logging.need():
            yield Hit(
                message=f"Trail {trail.id} records data events of {len(trail.functions)} named functions or patterns, not of all functions",
                evidence=(
                    cite(trail.coverage, f"data resources: {', '.join(trail.functions[:5])}"),
                    cite(trail.logging, "IsLogging = true"),
                ),
                locus=trail.id,
                site=trail.id,
                values={"trail": trail.id},
            )
