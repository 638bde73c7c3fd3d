"""Flags event triggers whose account may not call the function."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import GapReason, Unknown, each
from auditor.model.severity import Severity

_NOT_ASKED = (GapReason.NOT_OFFERED, GapReason.NOT_COLLECTED)

FIX = {
    Cloud.GCP: Fix(
        text="Let the trigger's account invoke the service behind the function, and only that one.",
        command="gcloud run services add-iam-policy-binding {run_service} --region={location} --project={account} --member=serviceAccount:<trigger-account> --role=roles/run.invoker",
        terraform="""\
resource "google_cloud_run_service_iam_member" "trigger" {
  service  = "{name}"
  location = "{location}"
  role     = "roles/run.invoker"
  member   = "serviceAccount:<trigger account>"
}""",
    ),
}


@check(
    id="event-delivery-forbidden",
    title="Event trigger cannot invoke the function",
    risk=Risk.RESILIENCE,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("gcp-fn-eventarc-invoker-missing",),
    controls=("CSA-SAS:SAS-11",),
)
def event_delivery_forbidden(function: Function, _context: Context) -> Iterator[Hit]:
    """Events are delivered with the account of the trigger. Without the right to invoke, each delivery is refused and the
    events are dropped when their retention ends; nobody sees an error.
    """
    for trigger in (trigger for group in each(function.triggers) for trigger in group):
        if isinstance(trigger.can_invoke, Unknown) and trigger.can_invoke.gap.reason in _NOT_ASKED:
            continue
        if not trigger.can_invoke.need():
            what = trigger.source or trigger.service
            yield Hit(
                message=f"Events of {what} are refused: the trigger's account may not invoke the function",
                evidence=(cite(trigger.can_invoke, f"no role with the right to invoke for the account of {what}"),),
                locus=what,
            )
