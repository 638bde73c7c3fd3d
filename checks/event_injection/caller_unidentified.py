"""Flags schedulers and subscriptions that call the function by URL without an identity."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.guardrails import Caller
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_JOB = "gcloud scheduler jobs update http {caller} --oidc-service-account-email=<caller-account>"
_SUBSCRIPTION = (
    "gcloud pubsub subscriptions update {caller} --push-endpoint={address} --push-auth-service-account=<caller-account>"
)
"""Their names are whole, with project and location. Without the endpoint the account of a subscription is not taken."""

FIX = {
    Cloud.AZURE: Fix(
        text="Deliver to the function itself (endpoint type Azure Function) with the managed identity of the topic"
        " instead of a webhook with a key in its URL, then rotate that key.",
        breaks="Events are delivered twice while both subscriptions exist, and everything else that uses the old"
        " key fails once it is rotated.",
        command="az eventgrid event-subscription create --name <new-name> --source-resource-id <topic-id> --endpoint-type azurefunction"
        " --endpoint {id}/functions/<handler>\n"
        "az resource delete --ids {caller}",
        terraform="""\
resource "azurerm_eventgrid_event_subscription" "this" { # in place of {caller}
  name  = "<new name>"
  scope = "<topic id>"

  azure_function_endpoint {
    function_id = "{id}/functions/<handler>"
  }
  delivery_identity {
    type = "SystemAssigned"
  }
}""",
    ),
    Cloud.GCP: Fix(
        text="Give the job or subscription a service account that has the invoker role on this function, and send an"
        " OIDC token. Then remove the invoker role from every other member.",
        breaks="Callers that use another member's invoker role get 403 once it is removed.",
        command=f"# a job\n{_JOB}\n# a subscription\n{_SUBSCRIPTION}",
        terraform="""\
resource "google_cloud_scheduler_job" "this" { # {caller}; a subscription: push_config
  http_target {
    uri = "<address of the function>"

    oidc_token {
      service_account_email = "<caller account>"
    }
  }
}""",
    ),
}


@check(
    id="caller-unidentified",
    title="Scheduler or subscription calls without authentication",
    risk=Risk.EVENT_INJECTION,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-eventgrid-webhook-validation", "gcp-fn-scheduler-no-oidc", "gcp-fn-pubsub-push-no-oidc"),
    references=(
        "https://learn.microsoft.com/en-us/azure/event-grid/handler-functions",
        "https://cloud.google.com/scheduler/docs/http-target-auth",
        "https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions",
    ),
    cwe=306,
)
def caller_unidentified(function: Function, _context: Context) -> Iterator[Hit]:
    """The function cannot distinguish this caller from any other client that knows the URL, so it must accept both.
    A key in the URL is a shared secret that is stored in the configuration of another service and written to its logs.
    With its own identity the caller authenticates, and every other request can be rejected.
    """
    for caller in function.callers.need():
        if not (caller.key_in_url if function.cloud is Cloud.AZURE else not caller.identified):
            continue
        how = "with a key in the URL" if caller.key_in_url else "without an identity token"
        yield Hit(
            message=f"{caller.kind} {caller.id} calls {function.name} {how}",
            evidence=(cite(function.callers, f"{caller.id} → {caller.target}"),),
            locus=caller.id,
            site=caller.id,
            command=_command(function, caller),
            values={"caller": caller.id, "address": f"https://{caller.target}"},
        )


def _command(function: Function, caller: Caller) -> str | None:
    """On Google Cloud, the command for the kind of caller that it is."""
    if function.cloud is not Cloud.GCP:
        return None
    return _SUBSCRIPTION if "/subscriptions/" in caller.id else _JOB
