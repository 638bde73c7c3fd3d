"""Flags functions that may run as long as the service allows."""

from collections.abc import Iterator

from auditor.analysis.ceilings import longest_run
from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

_FIX = Fix(
    text="Set the time-out a little above the slowest good run (see the Duration metric). Runs longer than that are cut off, so"
    " make sure that work in progress can be resumed.",
    command="aws lambda update-function-configuration --region {location} --function-name {name} --timeout <seconds>",
    terraform="""\
resource "aws_lambda_function" "this" {
  function_name = "{name}"
  timeout       = 30 # a little above the slowest good run
}""",
)

_FIX_AZURE = Fix(
    text="Set functionTimeout a little above the slowest good run, in host.json or as the setting below. Runs longer than that"
    " are cut off, so make sure that work in progress can be resumed.",
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
    text="Set the time-out a little above the slowest good run. Runs longer than that are cut off, so make sure that work in"
    " progress can be resumed.",
    command="gcloud functions deploy {name} --region={location} --project={account} --timeout=<seconds>\n"
    "gcloud run services update {run_service} --region={location} --project={account} --timeout=<seconds>  # without a function record",
    terraform="""\
resource "google_cloudfunctions2_function" "this" {
  name     = "{name}"
  location = "{location}"

  service_config {
    timeout_seconds = 30 # a little above the slowest good run
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
    controls=("NIST-800-53:SC-5", "CSA-SAS:SAS-8"),
    cwe=770,
    profile_level=ProfileLevel.STRICT,
)
def timeout_max(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """A call that hangs, or an input crafted to, is billed for all of it and holds a slot of your concurrency that long. The maximum
    is rarely measured; it is what is set when a function once failed. Long batch work is better cut into
    steps. An opinion, since the maximum is what many jobs are given on purpose; durable functions are not judged.
    On AWS the maximum is 15 minutes, on Azure 10 on Consumption plans and none on others (which start with 30), on
    Google Cloud 9 minutes for events and an hour for requests.
    """
    if function.cloud is not Cloud.AWS:
        yield from _at_the_limit(function)
        return
    _in_steps(function)
    seconds = function.limits.timeout_seconds.need()
    if seconds >= 900:
        yield Hit(
            message=f"Timeout of function {function.name} is {seconds} seconds, the longest a function may run",
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
        most = "as long as a function of its kind may run" if bounded else "no less than what its plan starts with"
        told = "unlimited" if unlimited else f"{seconds} seconds, {most}"
        yield Hit(
            message=f"The time-out is {told}",
            evidence=(cite(fact, "no time limit" if unlimited else f"{seconds} seconds"),),
            severity=Severity.MEDIUM if function.cloud is Cloud.AZURE else None,
        )
