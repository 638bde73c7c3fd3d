"""Flags App Service authentication that accepts tokens of any tenant, or of any application of the tenant."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import each_of
from auditor.model.observed_logic import negated
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Set one tenant as the issuer, and list the audiences and client applications that may call.",
        breaks="Callers with tokens of another tenant, audience or client get 401 or 403.",
        command="az extension add --name authV2\naz webapp auth microsoft update --resource-group {group} --name {app}{of_slot} --issuer https://login.microsoftonline.com/<tenant-id>/v2.0 --allowed-token-audiences <audience>",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  auth_settings_v2 {
    auth_enabled = true

    active_directory_v2 {
      client_id            = "<client id>"
      tenant_auth_endpoint = "https://login.microsoftonline.com/<tenant id>/v2.0"
      allowed_audiences    = ["<audience>"]
      allowed_applications = ["<client id of a caller>"]
    }
    login {}
  }
}""",
    ),
}


@check(
    id="authentication-token-unrestricted",
    aliases=("login-token-unrestricted",),
    title="Authentication does not restrict token audience or tenant",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("az-func-easyauth-audience",),
    references=("https://learn.microsoft.com/en-us/azure/app-service/configure-authentication-provider-aad",),
    cwe=1390,
)
def authentication_token_unrestricted(function: Function, _context: Context) -> Iterator[Hit]:
    """With a common issuer, any user with a Microsoft account of any organization signs in successfully: authentication
    proves that a caller has an account, not that the caller belongs to the organization.

    With one tenant but no list of audiences, client applications or identities, every application of the tenant may
    call; that is reported one severity level lower.
    """
    enabled = function.authentication.then(lambda authentication: authentication.enabled)
    if not enabled.need():
        raise NotApplicable("App Service authentication is disabled")
    any_tenant = function.authentication.then(lambda authentication: authentication.any_tenant)
    listed = function.authentication.then(lambda authentication: authentication.audience_restricted)
    for (fact, message, detail, locus, severity), wrong in each_of(
        (
            (
                any_tenant,
                f"Function app {function.name} accepts tokens of any Microsoft Entra tenant",
                "registration.openIdIssuer does not name one tenant",
                "issuer",
                None,
            ),
            (
                negated(listed),
                f"Function app {function.name} accepts tokens of every application of the tenant",
                "validation: no allowedAudiences, allowedApplications, identities or groups",
                "audience",
                Severity.MEDIUM,
            ),
        ),
        lambda rule: rule[0],
    ):
        if wrong:
            yield Hit(
                message=message,
                evidence=(cite(fact, detail), cite(enabled, "platform.enabled = true")),
                locus=locus,
                site=f"tokens of {function.id}",
                severity=severity,
            )
