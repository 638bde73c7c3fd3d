"""Flags log groups without a retention."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Set a retention.",
    breaks="Older log lines are deleted soon after, so export those you must keep first.",
    command="aws logs put-retention-policy --region {location} --log-group-name {group} --retention-in-days 365",
    terraform="""\
resource "aws_cloudwatch_log_group" "this" {
  name              = "{group}"
  retention_in_days = 365
}""",
)


@check(
    id="loggroup-no-retention",
    title="Log retention is not set",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("loggroup-no-retention",),
    references=("https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",),
)
def loggroup_no_retention(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """A log group that Lambda creates has no retention: the cost grows without limit, and personal data is kept longer
    than any purpose requires. It concerns cost and data protection, not lost evidence, hence low.
    """
    fact = function.logging.need().group
    group = fact.need()
    if group is None:
        raise NotApplicable("the log group does not exist")
    if group.retention_days is None:
        yield Hit(
            message=f"Log group {group.name} of function {function.name} has no retention: its logs never expire",
            evidence=(cite(fact, "no retentionInDays"),),
            locus=group.name,
            site=f"{function.scope}/{function.location}/{group.name}",
            values={"group": group.name},
        )
