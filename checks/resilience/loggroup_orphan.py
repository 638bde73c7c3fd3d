"""Flags log groups of deleted functions."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Location
from auditor.model.severity import Severity

_FIX = Fix(
    text="Export what you must keep, then delete the log group.",
    breaks="The logs cannot be restored.",
    command="aws logs delete-log-group --region {location} --log-group-name {locus}",
    no_terraform="the log group is not declared in any configuration",
)


@check(
    id="loggroup-orphan",
    title="Log group of a deleted function",
    risk=Risk.RESILIENCE,
    severity=Severity.INFORMATIONAL,
    fix={Cloud.AWS: _FIX},
    covers=("loggroup-orphan",),
    references=("https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",),
    subject=Subject.LOCATION,
)
def loggroup_orphan(region: Location, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Deleting a function does not delete its logs, which may contain requests and identifiers and usually have no
    retention. They are unmaintained, yet every principal with permission to read logs can read them. Only groups that
    are named after functions missing from the complete list of the region are reported.
    """
    for group in {group.name: group for group in region.orphaned_logs.need()}.values():
        kept = "without expiry" if group.retention_days is None else f"for {group.retention_days} days"
        yield Hit(
            message=f"Log group {group.name} belongs to no function and keeps its logs {kept}",
            evidence=(
                cite(region.orphaned_logs, f"log group {group.name}"),
                cite(region.functions, "no function of that name is listed"),
            ),
            locus=group.name,
        )
