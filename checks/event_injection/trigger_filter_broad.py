"""Flags triggers whose filter or path matches nearly every event of the source."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.public_ways import SOURCES
from auditor.analysis.triggers import heavier, known_triggers, raise_unread
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.finding import Dependence
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, Known
from auditor.model.severity import Severity
from auditor.model.trigger import Trigger, TriggerKind

FIX = {
    Cloud.AZURE: Fix(
        text="Give the trigger a path with a fixed folder and extension, such as orders/incoming/<file>.csv, or a"
        " dedicated container that only the sender can write to; then deploy again.",
        breaks="Files outside the new path no longer start the function; senders that write there must change first.",
        no_command="the path is part of the handler's binding in the code",
        no_terraform="the path is part of the handler's binding in the code",
    ),
    Cloud.GCP: Fix(
        text="Replace the pattern with the exact resource, or with the narrowest folder that works.",
        breaks="The trigger is recreated, so events during the change may be missed.",
        command="gcloud functions deploy {name} --region={location} --project={account} --trigger-event-filters=<attribute>=<exact-value>",
        terraform="""\
resource "google_cloudfunctions2_function" "this" {
  name     = "{name}"
  location = "{location}"

  event_trigger {
    event_filters {
      attribute = "<attribute>"
      value     = "<exact value>"
    }
  }
}""",
    ),
}


@check(
    id="trigger-filter-broad",
    title="Event filter matches nearly every event",
    risk=Risk.EVENT_INJECTION,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-blob-trigger-broad-path", "gcp-fn-eventarc-path-pattern"),
    references=(
        "https://learn.microsoft.com/en-us/azure/azure-functions/functions-bindings-storage-blob-trigger",
        "https://cloud.google.com/eventarc/docs/path-patterns",
    ),
    cwe=183,
)
def trigger_filter_broad(function: Function, _context: Context) -> Iterator[Hit]:
    """A trigger on a whole container, or on a pattern of resources, also starts for objects that were not intended
    for it. Content that is written there by mistake, or on purpose where others have write access, is parsed by this
    code with its identity. On Azure only sources that external principals can write to count, because a dedicated
    container is common there; on Google Cloud it is high where the source is publicly writable.
    """
    gap: Gap | None = None
    for group, trigger, locus in known_triggers(function):
        if not trigger.broad:
            continue
        exposed = isinstance(trigger.open_to, Known) and bool(trigger.open_to.value)
        if function.cloud is Cloud.AZURE and not exposed and _is_storage(trigger):
            if not isinstance(trigger.open_to, Known):
                gap = heavier(gap, trigger.open_to.gap)
            continue
        yield Hit(
            message=f"A trigger of {function.name} matches {', '.join(trigger.broad)}"
            + (", and the source is writable by external principals" if exposed else ""),
            evidence=(cite(group, ", ".join(trigger.broad)),),
            locus=locus,
            severity=Severity.HIGH if exposed and function.cloud is Cloud.GCP else None,
            depends=_until_closed(function, trigger, locus) if exposed else (),
        )
    raise_unread(function, gap)


def _until_closed(function: Function, trigger: Trigger, locus: str) -> tuple[Dependence, ...]:
    """Once no outsider writes to its source: no defect of storage on Azure, and less elsewhere."""
    gone = function.cloud is Cloud.AZURE and _is_storage(trigger)
    then = None if gone else Severity.MEDIUM
    return (Dependence(sites=(sites.event_source(function, trigger, locus),), leads=(SOURCES,), then=then),)


def _is_storage(trigger: Trigger) -> bool:
    """A dedicated container is a common path on Azure: a defect only where external principals can write to it."""
    return trigger.kind is TriggerKind.STORAGE
