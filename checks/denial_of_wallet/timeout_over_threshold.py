"""Flags functions whose timeout is above the configured threshold."""

from collections.abc import Iterator

from auditor.analysis.platform_limits import longest_run
from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

_FIX = Fix(
    text="Measure the Duration metric and set the timeout slightly above the slowest successful run, or raise"
    " timeout_seconds in the configuration if long runs are normal.",
    breaks="Runs longer than the new value are terminated.",
    command="aws lambda update-function-configuration --region {location} --function-name {name} --timeout <seconds>",
    terraform="""\
resource "aws_lambda_function" "this" {
  function_name = "{name}"
  timeout       = 30 # slightly above the slowest successful run
}""",
)

_FIX_AZURE = Fix(
    text="Set functionTimeout slightly above the slowest successful run, in host.json or as the setting below.",
    breaks="Runs longer than the new timeout are terminated, so make sure that work in progress can be resumed;"
    " the app restarts.",
    command="az functionapp config appsettings set --resource-group {group} --name {app}{of_slot}"
    " --settings AzureFunctionsJobHost__functionTimeout=00:05:00",
    terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  app_settings = {
    AzureFunctionsJobHost__functionTimeout = "00:05:00"
  }
}""",
)
_FIX_GCP = Fix(
    text="Set the timeout slightly above the slowest successful run.",
    breaks="Runs longer than the new timeout are terminated, so make sure that work in progress can be resumed.",
    command="gcloud functions deploy {name} --region={location} --project={account} --timeout=<seconds>\n"
    "gcloud run services update {run_service} --region={location} --project={account} --timeout=<seconds>  # without a function record",
    terraform="""\
resource "google_cloudfunctions2_function" "this" {
  name     = "{name}"
  location = "{location}"

  service_config {
    timeout_seconds = 30 # slightly above the slowest successful run
  }
}""",
)


@check(
    id="timeout-over-threshold",
    title="Timeout exceeds the threshold",
    risk=Risk.DENIAL_OF_WALLET,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX, Cloud.AZURE: _FIX_AZURE, Cloud.GCP: _FIX_GCP},
    covers=("timeout-over-threshold",),
    facet_of=("timeout-over-api-gateway", "timeout-max"),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html",
        "https://learn.microsoft.com/en-us/azure/azure-functions/functions-host-json",
        "https://cloud.google.com/run/docs/configuring/request-timeout",
    ),
    cwe=770,
    profile_level=ProfileLevel.STRICT,
)
def timeout_over_threshold(function: Function, context: Context) -> Iterator[Hit]:
    """The timeout limits the cost of one invocation, and how long an unresponsive dependency occupies concurrency. The
    threshold is timeout_seconds (60 by default), generous for interactive requests. At the service maximum,
    timeout-max reports the same, and this finding is informational. Only a recommendation, since the right value
    depends on the work; timeout-over-api-gateway reports what is too long in any case. Durable functions are not
    judged.
    """
    durable = function.limits.durable
    if isinstance(durable, Known) and durable.value:
        raise NotApplicable("a durable function: its timeout bounds one step, not the whole run")
    seconds = function.limits.timeout_seconds.need()
    limit = context.settings.timeout_seconds
    endless = seconds <= 0
    if endless or seconds > limit:
        yield Hit(
            message=f"Timeout of function {function.name} is {'unlimited' if endless else f'{seconds} seconds'}; the threshold is {limit}",
            evidence=(cite(function.limits.timeout_seconds, f"Timeout = {seconds}"),),
            severity=Severity.INFORMATIONAL if endless or seconds >= longest_run(function) else None,
        )
