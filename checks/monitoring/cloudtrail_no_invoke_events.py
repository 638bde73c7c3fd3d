"""Flags functions whose invocations are not recorded by CloudTrail."""

from collections.abc import Iterator

from auditor.analysis.audit_trails import recorded
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Add data events for Lambda functions to a trail. Data events are billed by number. Start from the output"
    " of get-event-selectors and keep the management events.",
    breaks="The command replaces the trail's event selectors: events of those not repeated are no longer recorded.",
    command="aws cloudtrail get-event-selectors --region {location} --trail-name <trail>\n"
    "aws cloudtrail put-event-selectors --region {location} --trail-name <trail> --advanced-event-selectors"
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
    id="cloudtrail-no-invoke-events",
    title="CloudTrail does not record invocations",
    risk=Risk.MONITORING,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("cloudtrail-no-invoke-events",),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html",
        "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html",
    ),
    cwe=778,
    profile_level=ProfileLevel.STRICT,
)
def cloudtrail_no_invoke_events(function: Function, context: Context) -> Iterator[Hit]:
    """Invocations are data events, which trails do not record by default. Without them an investigation cannot determine
    which principal invoked the function, from where and when. A trail counts only while it is logging and its event
    selectors match this function. Only a recommendation, because data events of busy functions are costly.
    """
    trails = context.location(function).trails
    if recorded(trails.need(), function.id) is None:
        names = ", ".join(trail.id for trail in trails.need()) or "no trail"
        yield Hit(
            message=f"No active trail records data events of function {function.name}",
            evidence=(
                cite(trails, f"trails: {names}"),
                *(cite(trail.coverage, f"{trail.id}: no selector matches") for trail in trails.need()),
            ),
        )
