"""Flags functions whose events are delivered with the default service account."""

from collections.abc import Iterator

from auditor.analysis.triggers import known_triggers, raise_unread
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import each_of
from auditor.model.severity import Severity
from auditor.model.trigger import TriggerVia

_DEFAULT = "-compute@developer.gserviceaccount.com"

FIX = {
    Cloud.GCP: Fix(
        text="Create a service account that may only invoke this function, and set it on the trigger.",
        breaks="Events are not delivered until the new service account may invoke the function.",
        command="gcloud functions deploy {name} --region={location} --project={account}"
        " --trigger-service-account=<account>@{account}.iam.gserviceaccount.com",
        terraform="""\
resource "google_cloudfunctions2_function" "this" { # in place of {identity}
  name     = "{name}"
  location = "{location}"

  event_trigger {
    service_account_email = "<service account that delivers>"
  }
}""",
    ),
}


@check(
    id="trigger-identity-default",
    title="Event trigger uses the default service account",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("gcp-fn-eventarc-trigger-sa",),
    references=("https://cloud.google.com/eventarc/docs/roles-permissions",),
    cwe=250,
)
def trigger_identity_default(function: Function, _context: Context) -> Iterator[Hit]:
    """The account that delivers events needs to invoke one function. The Compute Engine default account is shared by
    every workload of the project that was deployed without an account: each of them may invoke this function, and the
    permissions granted for delivering events are granted to all.
    """
    events = [placed for placed in known_triggers(function) if placed[1].via is TriggerVia.EVENT_TRIGGER]
    for (_group, trigger, locus), named in each_of(events, lambda placed: placed[1].deliverer):
        if named is None or named.endswith(_DEFAULT):
            told = named or "the Compute Engine default service account"
            yield Hit(
                message=f"Events of {trigger.source or trigger.service} reach {function.name} through {told}",
                evidence=(cite(trigger.deliverer, f"serviceAccountEmail: {named or 'not set'}"),),
                locus=locus,
                values={"identity": told},
            )
    raise_unread(function, services=())  # lists of callers hold no event trigger
    if not events:
        raise NotApplicable("no event starts it")
