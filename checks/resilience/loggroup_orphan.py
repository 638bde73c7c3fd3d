"""Flags log groups of functions that no longer exist."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Place
from auditor.model.severity import Severity

_FIX = Fix(
    text="Export what you must keep, then delete the group; its lines are gone for good.",
    command="aws logs delete-log-group --region {location} --log-group-name {locus}",
    no_terraform="the group belongs to no configuration; nothing declares it any more",
)


@check(
    id="loggroup-orphan",
    title="Log group of a deleted function",
    risk=Risk.RESILIENCE,
    severity=Severity.INFORMATIONAL,
    fix={Cloud.AWS: _FIX},
    covers=("loggroup-orphan",),
    controls=("CSA-SAS:SAS-11",),
    subject=Subject.LOCATION,
)
def loggroup_orphan(place: Place, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Deleting a function leaves its logs behind, with whatever requests and identifiers they hold, and usually without a retention. Nobody
    looks after them, yet whoever may read logs may read these. Only groups named after functions that the
    region's complete list does not hold are reported.
    """
    for group in {group.name: group for group in place.orphaned_logs.need()}.values():
        kept = "for ever" if group.retention_days is None else f"for {group.retention_days} days"
        yield Hit(
            message=f"{group.name} belongs to no function and keeps its logs {kept}",
            evidence=(
                cite(place.orphaned_logs, f"log group {group.name}"),
                cite(place.functions, "no function of that name is listed"),
            ),
            locus=group.name,
        )
