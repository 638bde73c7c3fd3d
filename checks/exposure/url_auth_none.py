"""Flags function URLs and HTTP handlers that allow unauthenticated access."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.endpoints import qualified
from auditor.analysis.network_exposure import (
    access_controls,
    handler_path,
    http_handlers,
    internet_reaches,
    known_access_control,
    unclear_auth,
)
from auditor.analysis.public_ways import until_cut_off
from auditor.analysis.url_closing import URL_COMMAND, closing
from auditor.check import Context, Evidence, Fix, Hit, Risk, Trait, check, cite
from auditor.model.exposure import AuthMode, Endpoint, Reach
from auditor.model.function import Function
from auditor.model.handler import HandlerAuth
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, GapReason, Known, Unanswered, Unknown, graver
from auditor.model.severity import Confidence, Severity

_SETTING = {Cloud.AWS: "AuthType = NONE", Cloud.GCP: "invokerIamDisabled = true"}
_OPEN = {Cloud.AWS: "has AuthType NONE", Cloud.GCP: "has its invoker IAM check disabled"}

_FIX = Fix(
    text="Set AuthType of the URL to AWS_IAM and sign requests, or place CloudFront or API Gateway with an"
    " authorizer in front and delete the URL. If the URL is meant to be public, verify the caller in code (a"
    " webhook signature, for example) and reserve concurrency.",
    breaks="Unsigned requests get 403: webhooks of third parties and browsers stop working, callers in other"
    " accounts also need a statement in the policy.",
    command=URL_COMMAND,
    terraform="""\
resource "aws_lambda_function_url" "this" {
  function_name      = "{name}"
  qualifier          = "<alias, if the URL is on one>"
  authorization_type = "AWS_IAM"
}""",
)

_FIX_AZURE = Fix(
    text="Raise the authLevel of the handler to function in the code and deploy again, or require App Service"
    " authentication for the whole app. If it is meant to be public, verify the caller in code (a webhook"
    " signature, for example) and limit the scale-out.",
    breaks="Callers without a key or token get 401: webhooks of third parties stop working unless the key is in"
    " their URL.",
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
)
_FIX_GCP = Fix(
    text="Enable the invoker IAM check again and grant the invoker role to the callers; while it is disabled no"
    " binding is evaluated. If the service is meant to be public, verify the caller in code and limit its"
    " instances.",
    breaks="Callers without an identity token get 403: webhooks of third parties and browsers stop working.",
    command="gcloud run services update {run_service} --region={location} --project={account} --invoker-iam-check",
    terraform="""\
resource "google_cloud_run_v2_service" "this" {
  name                 = "{name}"
  location             = "{location}"
  invoker_iam_disabled = false
}""",
)


@check(
    id="url-auth-none",
    title="Function URL allows unauthenticated access",
    risk=Risk.EXPOSURE,
    severity=Severity.CRITICAL,
    fix={Cloud.AWS: _FIX, Cloud.AZURE: _FIX_AZURE, Cloud.GCP: _FIX_GCP},
    while_running=True,
    covers=(
        *("url-auth-none", "url-auth-none-on-alias", "gap-url-auth-none-policy-effective"),
        *("az-func-anonymous-http-trigger", "gcp-fn-invoker-iam-disabled"),
    ),
    facet_of=("anonymous-endpoint-effective",),
    trait=Trait.UNAUTHENTICATED,
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
        "https://learn.microsoft.com/en-us/azure/azure-functions/functions-bindings-http-webhook-trigger",
        "https://cloud.google.com/run/docs/authenticating/public",
    ),
    cwe=306,
)
def url_auth_none(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Every client that knows the URL runs the function without an account or signature, limited only by its
    concurrency. On AWS the policy of the same alias must also grant public access, on Google Cloud the invoker IAM
    check is disabled, which no binding shows, and on Azure it is an anonymous HTTP handler without required
    authentication in front. Other controls are considered: critical or high where internet callers are admitted
    (medium on Azure, where anonymous-endpoint-effective then reports the full severity), low where another control
    still blocks them.
    """
    if function.cloud is Cloud.AZURE:
        yield from _anonymous_handlers(function)
        return
    for endpoint in function.endpoints.need():
        if endpoint.auth is AuthMode.NONE:
            severity, confidence, remark = _weigh(endpoint, _OPEN[function.cloud])
            yield Hit(
                message=f"{endpoint.url} of {function.name} {remark}. {endpoint.reach_reason}",
                evidence=(
                    Evidence(endpoint.source, f"{_SETTING[function.cloud]} for {endpoint.url}"),
                    cite(endpoint.reach, endpoint.reach_reason),
                ),
                locus=endpoint.url,
                site=sites.public_url(function, endpoint)
                if function.cloud is Cloud.AWS
                else sites.public_access(function),
                severity=severity,
                depends=until_cut_off(function, then=Severity.LOW) if function.cloud is Cloud.GCP else (),
                confidence=confidence,
                values={"target": qualified(function.name, endpoint.qualifier)},
                command=closing(function, endpoint) if function.cloud is Cloud.AWS else None,
            )
    for endpoint in function.endpoints.need():
        if endpoint.auth is AuthMode.UNRECOGNISED:
            what = f"{endpoint.url} has an AuthType newer than this version knows"
            raise Unanswered(Gap(GapReason.UNRECOGNISED, endpoint.source, None, what))


def _weigh(endpoint: Endpoint, opened: str) -> tuple[Severity, Confidence, str]:
    if isinstance(endpoint.reach, Unknown):
        return (
            Severity.HIGH,
            Confidence.MEDIUM,
            f"{opened}, and whether its policy grants public access could not be read",
        )
    reach = endpoint.reach.value
    if reach.public:
        return Severity.CRITICAL, Confidence.HIGH, f"{opened} and accepts unauthenticated requests"
    if reach is Reach.UNRECOGNISED:
        return Severity.HIGH, Confidence.MEDIUM, f"{opened}, and the access its policy grants could not be determined"
    if reach.rank < Reach.SCOPED.rank:
        return Severity.MEDIUM, Confidence.HIGH, f"{opened}, and its policy grants access to some external callers"
    return Severity.LOW, Confidence.HIGH, f"{opened}, but its policy or network still blocks public access"


def _anonymous_handlers(function: Function) -> Iterator[Hit]:
    gap: Gap | None = None
    for handler, entry in http_handlers(function):
        if entry.auth is HandlerAuth.ANONYMOUS:
            path = handler_path(handler, entry)
            signs_in, _certificate = access_controls(function, path)
            if isinstance(signs_in, Unknown):
                gap = graver(gap, signs_in.gap)
                continue
            if signs_in.value:
                continue
            stopped = known_access_control(function, path)
            but = ", but another control in front of the app blocks unauthenticated requests" if stopped else ""
            yield Hit(
                message=f"HTTP handler {handler.name} of {function.name} has authLevel anonymous{but}",
                evidence=(
                    cite(function.handlers, f"{handler.name}: authLevel = anonymous"),
                    cite(signs_in, "authentication is not required for this path"),
                ),
                locus=handler.name,
                site=sites.public_access(function),
                severity=_of_handler(function, stopped=stopped),
                depends=until_cut_off(function, then=Severity.LOW),
                values={"target": function.name},
            )
        elif (unclear := unclear_auth(function, handler, entry)) is not None:
            signs_in, _certificate = access_controls(function, handler_path(handler, entry))
            if isinstance(signs_in, Unknown):  # a login for everyone would settle it
                gap = graver(gap, signs_in.gap)
            elif not signs_in.value:
                gap = graver(gap, unclear)
    if gap is not None:
        raise Unanswered(gap)


def _of_handler(function: Function, *, stopped: bool) -> Severity:
    if stopped:
        return Severity.LOW
    return Severity.MEDIUM if isinstance(internet_reaches(function), Known) else Severity.HIGH
