"""Flags log groups whose retention is below the configured minimum."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Raise the retention, or export the logs to a bucket before they expire and lower log_retention_days"
    " in the configuration. Expired logs cannot be restored.",
    command="aws logs put-retention-policy --region {location} --log-group-name {group} --retention-in-days {days}",
    terraform="""\
resource "aws_cloudwatch_log_group" "this" {
  name              = "{group}"
  retention_in_days = 365
}""",
)
_OFFERED = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
"""The retentions CloudWatch Logs accepts (PutRetentionPolicy, API reference)."""


@check(
    id="loggroup-retention-short",
    title="Log retention is too short",
    risk=Risk.MONITORING,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("loggroup-retention-short",),
    references=("https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",),
    cwe=778,
    profile_level=ProfileLevel.STRICT,
)
def loggroup_retention_short(function: Function, context: Context) -> Iterator[Hit]:
    """Intrusions are often detected months later, when logs with a short retention are gone. The threshold is
    log_retention_days (365 by default). Only a recommendation, since the logs may be archived elsewhere.
    """
    group = function.logging.need().group.need()
    if group is None:
        raise NotApplicable("the log group does not exist")
    wanted = context.settings.log_retention_days
    if group.retention_days is not None and group.retention_days < wanted:
        yield Hit(
            message=f"Log group {group.name} keeps logs for {group.retention_days} days; the threshold is {wanted}",
            evidence=(cite(function.logging.need().group, f"retentionInDays = {group.retention_days}"),),
            locus=group.name,
            site=f"{function.scope}/{function.location}/{group.name}",
            values={"group": group.name, "days": str(next((d for d in _OFFERED if d >= wanted), _OFFERED[-1]))},
        )
