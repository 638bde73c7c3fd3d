"""Flags function addresses and HTTP handlers that ask their callers for no credentials."""

from collections.abc import Iterator

from auditor.analysis.endpoints import qualified
from auditor.analysis.network_exposure import (
    access_controls,
    handler_path,
    http_handlers,
    internet_reaches,
    known_access_control,
)
from auditor.check import Context, Evidence, Fix, Hit, Risk, check, cite
from auditor.model.exposure import AuthMode, Endpoint, Reach
from auditor.model.function import Function
from auditor.model.handler import HandlerAuth
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, GapReason, Known, Unanswered, Unknown, graver
from auditor.model.severity import Confidence, Severity

_SETTING = {Cloud.AWS: "AuthType = NONE", Cloud.GCP: "invokerIamDisabled = true"}
_OPEN = {Cloud.AWS: "has AuthType NONE", Cloud.GCP: "has its invoker check switched off"}

_FIX = Fix(
    text="Set the URL's AuthType to AWS_IAM and let callers sign their requests, or put CloudFront or API Gateway with an"
    " authorizer in front and delete the URL. Unsigned callers get 403 from that moment. If the URL is meant to be public,"
    " verify the caller in code (a webhook signature, say), reserve concurrency, and waive this finding.",
    command="aws lambda update-function-url-config --region {location} --function-name {target} --auth-type AWS_IAM",
    terraform="""\
resource "aws_lambda_function_url" "this" {
  function_name      = "{name}"
  qualifier          = "<alias, if the URL is on one>"
  authorization_type = "AWS_IAM"
}""",
)

_FIX_AZURE = Fix(
    text="Raise the handler's authLevel to function in the code and deploy again, or require the platform's login for the"
    " whole app. Callers without a key or token get 401 from then on. If it is meant to be public, verify the caller in code"
    " (a webhook signature, say), cap the scale-out, and waive this finding.",
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
)
_FIX_GCP = Fix(
    text="Turn the invoker check on again and grant the invoker role to those who call; without it no binding is looked at."
    " Callers without a token get 403 from then on. If the service is meant to be public, verify the caller in code, cap its"
    " instances, and waive this finding.",
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
    controls=("FSBP:Lambda.1", "CIS-Compute-1.0:4.6", "NIST-800-53:AC-14", "CSA-SAS:SAS-2", "OWASP-SLS:S2"),
    cwe=306,
)
def url_auth_none(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Anyone who learns the URL runs the function: no account, no signature, no limit but your concurrency. On AWS the
    policy of the same alias must also admit everyone, on Google Cloud it is the switched-off invoker check, which no
    binding shows, and on Azure an anonymous HTTP handler in front of which nobody has to sign in. We take what stands in
    front into account: critical or high when strangers get in (medium on Azure, where anonymous-endpoint-effective
    carries the weight then), low when something else still keeps them out.
    """
    if function.cloud is Cloud.AZURE:
        yield from _anonymous_handlers(function)
        return
    for endpoint in function.endpoints.need():
        if endpoint.auth is AuthMode.NONE:
            severity, confidence, remark = _weigh(endpoint, _OPEN[function.cloud])
            yield Hit(
                message=f"{endpoint.url} {remark}. {endpoint.reach_reason}",
                evidence=(
                    Evidence(endpoint.source, f"{_SETTING[function.cloud]} for {endpoint.url}"),
                    cite(endpoint.reach, endpoint.reach_reason),
                ),
                locus=endpoint.url,
                severity=severity,
                confidence=confidence,
                values={"target": qualified(function.name, endpoint.qualifier)},
            )
    for endpoint in function.endpoints.need():
        if endpoint.auth is AuthMode.UNRECOGNISED:
            what = f"{endpoint.url} has an AuthType newer than this version knows"
            raise Unanswered(Gap(GapReason.UNRECOGNISED, endpoint.source, None, what))


def _weigh(endpoint: Endpoint, opened: str) -> tuple[Severity, Confidence, str]:
    if isinstance(endpoint.reach, Unknown):
        return Severity.HIGH, Confidence.MEDIUM, f"{opened}, and whether strangers get in could not be read"
    reach = endpoint.reach.value
    if reach.public:
        return Severity.CRITICAL, Confidence.HIGH, f"{opened} and answers anyone"
    if reach is Reach.UNRECOGNISED:
        return Severity.HIGH, Confidence.MEDIUM, f"{opened}, and how far its policy reaches is not clear"
    if reach.rank < Reach.SCOPED.rank:
        return Severity.MEDIUM, Confidence.HIGH, f"{opened}, and its policy admits some strangers"
    return Severity.LOW, Confidence.HIGH, f"{opened}, but its policy or network lets no stranger in yet"


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
            but = ", though something in front of the app keeps strangers out" if stopped else ""
            yield Hit(
                message=f"{handler.name} has authLevel anonymous{but}",
                evidence=(
                    cite(function.handlers, f"{handler.name}: authLevel = anonymous"),
                    cite(signs_in, "nobody has to sign in there"),
                ),
                locus=handler.name,
                severity=_of_handler(function, stopped=stopped),
                values={"target": function.name},
            )
        elif entry.auth is HandlerAuth.UNRECOGNISED:
            newer = f"{handler.name} has an authLevel newer than this version knows"
            gap = graver(gap, Gap(GapReason.UNRECOGNISED, function.handlers.source, None, newer))
    if gap is not None:
        raise Unanswered(gap)


def _of_handler(function: Function, *, stopped: bool) -> Severity:
    if stopped:
        return Severity.LOW
    return Severity.MEDIUM if isinstance(internet_reaches(function), Known) else Severity.HIGH
