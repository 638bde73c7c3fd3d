"""Flags every event source of a function, for review."""

from collections.abc import Iterator

from auditor.analysis.triggers import LOSE_EVENTS, URL, known_triggers, raise_unread, source_name
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="No repair is needed: review the list, remove unused handlers and bindings, and check that the code"
        " validates the input of each source.",
        command="az functionapp function list --resource-group {group} --name {app}",
        no_terraform="bindings are part of the code",
    ),
    Cloud.GCP: Fix(
        text="No repair is needed: review the list, remove unused triggers, and check that the code validates the"
        " input of each source.",
        command="gcloud eventarc triggers list --location={location} --project={account}",
        no_terraform="remove the event_trigger or google_eventarc_trigger that is not needed; there is no setting to add",
    ),
}


@check(
    id="trigger-inventory",
    title="Event sources of the function",
    risk=Risk.EVENT_INJECTION,
    severity=Severity.INFORMATIONAL,
    fix=FIX,
    covers=("az-func-trigger-inventory",),
    references=(
        "https://learn.microsoft.com/en-us/azure/azure-functions/functions-triggers-bindings",
        "https://cloud.google.com/eventarc/docs/overview",
    ),
    profile_level=ProfileLevel.STRICT,
)
def trigger_inventory(function: Function, _context: Context) -> Iterator[Hit]:
    """An inventory, not a defect: what can start this code, and where its input comes from. Every event source is
    untrusted input. trigger-source-open, trigger-filter-broad and trigger-shared-key judge the sources; this list lets
    a reviewer confirm that each is needed.
    """
    for group, trigger, locus in known_triggers(function):
        yield Hit(
            message=f"{function.name} has an event source of type {trigger.kind}: {source_name(trigger)}",
            evidence=(cite(group, locus),),
            locus=locus,
        )
    raise_unread(function, services=LOSE_EVENTS | {URL})
