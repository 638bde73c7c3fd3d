"""Flags functions that strangers really reach: no network, no login and no key stands in the way."""

from collections.abc import Iterator

from auditor.analysis.network_exposure import unauthenticated_paths
from auditor.check import Context, Evidence, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Close at least one: require the platform's login, raise the handler's authLevel in the code, or restrict the"
        " networks that may call. If the handler is meant for everyone, verify the caller in code and waive this finding.",
        command="az webapp auth update --resource-group {group} --name {app}{of_slot} --enabled true --action Return401",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  auth_settings_v2 {
    auth_enabled           = true
    require_authentication = true
    unauthenticated_action = "Return401"

    active_directory_v2 {
      client_id            = "<client id>"
      tenant_auth_endpoint = "https://login.microsoftonline.com/<tenant id>/v2.0"
    }
    login {}
  }
}""",
    ),
    Cloud.GCP: Fix(
        text="Close at least one: take the invoker role from allUsers and allAuthenticatedUsers and turn the invoker check on,"
        " put Identity-Aware Proxy in front, or let in internal traffic only. If it is meant for everyone, verify the caller"
        " in code and waive this finding.",
        command="gcloud run services update {run_service} --region={location} --project={account} --invoker-iam-check\n"
        "gcloud run services remove-iam-policy-binding {run_service} --region={location} --project={account} --member=allUsers --role=roles/run.invoker\n"
        "gcloud functions remove-iam-policy-binding {name} --region={location} --project={account} --member=allUsers"
        " --role=roles/cloudfunctions.invoker  # first generation",
        terraform="""\
resource "google_cloud_run_v2_service_iam_binding" "invokers" {
  name     = "{name}"
  location = "{location}"
  role     = "roles/run.invoker"
  members  = ["serviceAccount:<the one caller>"]
}""",
    ),
}


@check(
    id="anonymous-endpoint-effective",
    title="Function is reachable from the internet without authentication",
    risk=Risk.EXPOSURE,
    severity=Severity.CRITICAL,
    fix=FIX,
    while_running=True,
    covers=("az-func-anonymous-and-no-auth-and-public", "gcp-fn-public-endpoint"),
    controls=("MCSB:IM-1", "NIST-800-53:AC-14", "CSA-SAS:SAS-2", "OWASP-SLS:S2", "MITRE-ATTACK:T1190"),
    cwe=306,
)
def anonymous_endpoint_effective(function: Function, _context: Context) -> Iterator[Hit]:
    """Every fence is down at once: the network lets the internet in, no login and no certificate is asked for, and the
    code itself asks for no key.

    Anyone who learns the address runs the code with its identity and at your cost. url-auth-none, policy-public and
    ingress-open report the single fences; this finding says that nothing else holds.
    """
    for door in unauthenticated_paths(function):
        if not door.key:
            yield Hit(
                message=f"{door.what}, and nothing else stands in the way",
                evidence=tuple(Evidence(source, detail) for source, detail in door.proof),
                locus=door.locus,
            )
