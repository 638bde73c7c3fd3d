"""Flags log groups that keep everything for ever."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Set a retention. Lines older than it are deleted soon after, so export first what you must keep.",
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
    controls=("NIST-800-53:AU-11",),
)
def loggroup_no_retention(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """The group Lambda creates by itself keeps every line for ever: a bill that only grows, and personal data kept beyond any purpose you
    could name. It is a matter of cost and data protection, not of lost evidence, hence low.
    """
    fact = function.logging.need().group
    group = fact.need()
    if group is None:
        raise NotApplicable("the log group does not exist")
    if group.retention_days is None:
        yield Hit(
            message=f"{group.name} has no retention: its logs never expire",
            evidence=(cite(fact, "no retentionInDays"),),
            locus=group.name,
            values={"group": group.name},
        )
