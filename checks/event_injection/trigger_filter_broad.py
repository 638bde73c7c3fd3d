"""Flags triggers whose filter or path takes nearly everything its source has."""

from collections.abc import Iterator

from auditor.analysis.triggers import heavier, known_triggers, raise_unread
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, Known
from auditor.model.severity import Severity
from auditor.model.trigger import Trigger, TriggerKind

FIX = {
    Cloud.AZURE: Fix(
        text="Give the trigger a path with a fixed folder and ending, such as orders/incoming/<file>.csv, or a container of its own"
        " that only the sender may write to; then deploy again.",
        no_command="the path is part of the handler's binding in the code",
        no_terraform="the path is part of the handler's binding in the code",
    ),
    Cloud.GCP: Fix(
        text="Replace the pattern by the exact resource, or by the narrowest folder that works. The trigger is created anew, so"
        " events during the change may be missed.",
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
    controls=("NIST-800-53:SI-10", "CSA-SAS:SAS-1", "OWASP-SLS:S1"),
    cwe=183,
)
def trigger_filter_broad(function: Function, _context: Context) -> Iterator[Hit]:
    """A trigger on a whole container, or on a pattern of resources, also starts for files nobody meant for it.

    What lands there by accident, or on purpose in a corner others may write to, is parsed by this code with its
    identity. On Azure only sources that others may write to count, because a whole container of one's own is ordinary there; on
    Google Cloud it is high where strangers may write.
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
            message=f"It starts for {', '.join(trigger.broad)}" + (", where strangers may write" if exposed else ""),
            evidence=(cite(group, ", ".join(trigger.broad)),),
            locus=locus,
            severity=Severity.HIGH if exposed and function.cloud is Cloud.GCP else None,
        )
    raise_unread(function, gap)


def _is_storage(trigger: Trigger) -> bool:
    """A whole container of one's own is an ordinary path on Azure: a defect only where others may write to it."""
    return trigger.kind is TriggerKind.STORAGE
