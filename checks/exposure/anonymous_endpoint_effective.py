"""Flags functions that the internet can reach without network restriction, authentication or key."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.binding_removal import Removal
from auditor.analysis.network_exposure import unauthenticated_paths
from auditor.analysis.public_invokers import closing, policies_read
from auditor.analysis.public_ways import until_cut_off
from auditor.check import Context, Evidence, Fix, Hit, Risk, Trait, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_INVOKER_CHECK = "gcloud run services update {run_service} --region={location} --project={account} --invoker-iam-check"

FIX = {
    Cloud.AZURE: Fix(
        text="Restore at least one control: require App Service authentication, raise the authLevel of the handler in"
        " the code, or restrict the networks that can call. If the handler is meant to be public, verify the caller"
        " in code.",
        breaks="Callers without a key or token get 401, and webhooks of third parties, which can send neither a"
        " token nor a key, stop working.",
        command="az resource update --ids {id}/config/authsettingsV2 --set properties.platform.enabled=true properties.globalValidation.requireAuthentication=true properties.globalValidation.unauthenticatedClientAction=Return401",
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
        text="Restore at least one control: remove the invoker role from allUsers and allAuthenticatedUsers and"
        " enable the invoker IAM check, enable Identity-Aware Proxy, or allow internal traffic only. If the service"
        " is meant to be public, verify the caller in code.",
        breaks="Callers without an identity token get 403, and webhooks of third parties, which cannot send one,"
        " stop working.",
        command=f"{_INVOKER_CHECK}\n"
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
    trait=Trait.UNAUTHENTICATED,
    references=(
        "https://learn.microsoft.com/en-us/azure/azure-functions/security-concepts",
        "https://learn.microsoft.com/en-us/azure/app-service/overview-authentication-authorization",
        "https://cloud.google.com/run/docs/authenticating/public",
    ),
    cwe=306,
)
def anonymous_endpoint_effective(function: Function, _context: Context) -> Iterator[Hit]:
    """No control restricts access: the network allows internet traffic, neither authentication nor a client
    certificate is required, and the code requires no key. Every client that knows the URL runs the code with its
    identity and at the owner's cost. url-auth-none, policy-public and ingress-open report the single controls; this
    finding says that none of them is effective.
    """
    taken = closing(function) if function.cloud is Cloud.GCP else Removal(None, {})
    alone = _INVOKER_CHECK if function.cloud is Cloud.GCP and policies_read(function) else None
    for path in unauthenticated_paths(function):
        if not path.key:
            yield Hit(
                message=f"{function.name} is reachable from the internet without authentication: {path.what}",
                evidence=tuple(Evidence(source, detail) for source, detail in path.proof),
                locus=path.locus,
                site=sites.public_access(function),
                depends=until_cut_off(function),
                values=taken.values,
                command=f"{_INVOKER_CHECK}\n{taken.command}" if taken.command else alone,
            )
