"""Flags event triggers whose service account cannot invoke the function."""

from collections.abc import Iterator

from auditor.analysis.triggers import CALLERS, known_triggers, raise_unread
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import UNFILLED, GapReason, Unknown, each_of
from auditor.model.severity import Severity
from auditor.model.trigger import Trigger

FIX = {
    Cloud.GCP: Fix(
        text="Grant the trigger's service account the invoker role on the service behind the function, and on that"
        " service only.",
        breaks="Events that waited are delivered at once.",
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
    references=(
        "https://cloud.google.com/run/docs/authenticating/service-to-service",
        "https://cloud.google.com/eventarc/docs/all-roles-permissions",
    ),
)
def event_delivery_forbidden(function: Function, _context: Context) -> Iterator[Hit]:
    """Events are delivered as the service account of the trigger. Without permission to invoke, each delivery is
    rejected and the events are discarded at the end of their retention, without a visible error.
    """
    asked = [placed for placed in known_triggers(function) if not _not_asked(placed[1])]
    for (_group, trigger, locus), admitted in each_of(asked, lambda placed: placed[1].can_invoke):
        if not admitted:
            what = trigger.source or trigger.service
            yield Hit(
                message=f"Events from {what} are rejected: the service account of the trigger cannot invoke function {function.name}",
                evidence=(
                    cite(trigger.can_invoke, f"no role with permission to invoke for the service account of {what}"),
                ),
                locus=locus,
            )
    raise_unread(function, services=CALLERS)


def _not_asked(trigger: Trigger) -> bool:
    """Whether its events need no permission to invoke the function, or reach it another way than by invoking it."""
    fact = trigger.can_invoke
    return isinstance(fact, Unknown) and (fact is UNFILLED or fact.gap.reason is GapReason.NOT_OFFERED)
