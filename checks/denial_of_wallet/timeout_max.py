"""Flags functions whose timeout is the service maximum."""

from collections.abc import Iterator

from auditor.analysis.platform_limits import longest_run
from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

_FIX = Fix(
    text="Set the timeout slightly above the slowest successful run (see the Duration metric).",
    breaks="Runs longer than the new timeout are terminated, so make sure that work in progress can be resumed.",
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
    id="timeout-max",
    title="Timeout is the service maximum",
    risk=Risk.DENIAL_OF_WALLET,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX, Cloud.AZURE: _FIX_AZURE, Cloud.GCP: _FIX_GCP},
    covers=("timeout-max", "az-func-timeout", "gcp-fn-timeout-high"),
    facet_of=("timeout-over-api-gateway",),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html",
        "https://learn.microsoft.com/en-us/azure/azure-functions/functions-scale",
        "https://cloud.google.com/run/docs/configuring/request-timeout",
    ),
    cwe=770,
    profile_level=ProfileLevel.STRICT,
)
def timeout_max(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """An invocation that hangs, or an input crafted to cause that, is billed for the whole time and occupies concurrency
    that long. The maximum is rarely based on a measurement; it is often set after a function timed out once. Long
    batch work is better split into steps. Only a recommendation, since many jobs have the maximum on purpose; durable
    functions are not judged. On AWS the maximum is 15 minutes, on Azure 10 on Consumption plans and none on others
    (where the default is 30), on Google Cloud 9 minutes for events and an hour for requests.
    """
    if function.cloud is not Cloud.AWS:
        yield from _at_the_limit(function)
        return
    _in_steps(function)
    seconds = function.limits.timeout_seconds.need()
    if seconds >= 900:
        yield Hit(
            message=f"Timeout of function {function.name} is {seconds} seconds, the service maximum",
            evidence=(cite(function.limits.timeout_seconds, f"Timeout = {seconds}"),),
        )


def _in_steps(function: Function) -> None:
    durable = function.limits.durable
    if isinstance(durable, Known) and durable.value:
        raise NotApplicable("a durable function: its timeout bounds one step, not the whole run")


def _at_the_limit(function: Function) -> Iterator[Hit]:
    fact = function.limits.timeout_seconds
    seconds = fact.need()
    unlimited = seconds <= 0
    if unlimited or seconds >= longest_run(function):
        bounded = function.cloud is not Cloud.AZURE or seconds < 1800
        limit = "the service maximum" if bounded else "at least the default of its plan"
        value = "unlimited" if unlimited else f"{seconds} seconds, {limit}"
        yield Hit(
            message=f"Timeout of function {function.name} is {value}",
            evidence=(cite(fact, "no time limit" if unlimited else f"{seconds} seconds"),),
            severity=Severity.MEDIUM if function.cloud is Cloud.AZURE else None,
        )
