"""Flags functions with the maximum memory of the service."""

from collections.abc import Iterator

from auditor.analysis.platform_limits import most_memory
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_SETTING = {Cloud.AWS: "MemorySize", Cloud.AZURE: "instanceMemoryMB", Cloud.GCP: "availableMemory"}

_FIX = Fix(
    text="Measure (Max Memory Used in the REPORT lines, or a power-tuning run) and set what the function"
    " needs. CPU time falls with memory, so monitor the duration.",
    breaks="Too little memory ends the function with out-of-memory errors, and less CPU time can turn slow runs"
    " into timeouts.",
    command="aws lambda update-function-configuration --region {location} --function-name {name} --memory-size <megabytes>",
    terraform="""\
resource "aws_lambda_function" "this" {
  function_name = "{name}"
  memory_size   = 1024 # what measurement shows
}""",
)

_FIX_AZURE = Fix(
    text="Measure what the app uses and set the instance size to it. CPU time falls with memory, so monitor"
    " the duration.",
    breaks="Too small an instance ends workers with out-of-memory errors, and less CPU time can turn slow runs"
    " into timeouts; the app restarts.",
    command="az functionapp scale config set --resource-group {group} --name {app} --instance-memory 2048",
    terraform="""\
resource "azurerm_function_app_flex_consumption" "this" {
  name                = "{app}"
  resource_group_name = "{group}"
  instance_memory_in_mb = 2048 # what measurement shows
}""",
)
_FIX_GCP = Fix(
    text="Measure what the function uses (container/memory/utilizations) and set what it needs. CPU time falls"
    " with memory, so monitor the duration.",
    breaks="Too little memory ends instances with out-of-memory errors, and less CPU time can turn slow runs into"
    " timeouts.",
    command="gcloud functions deploy {name} --region={location} --project={account} --memory=<size>\n"
    "gcloud run services update {run_service} --region={location} --project={account} --memory=<size>  # without a function record",
    terraform="""\
resource "google_cloudfunctions2_function" "this" {
  name     = "{name}"
  location = "{location}"

  service_config {
    available_memory = "512M" # what measurement shows
  }
}""",
)


@check(
    id="memory-max",
    title="Memory is the service maximum",
    risk=Risk.DENIAL_OF_WALLET,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX, Cloud.AZURE: _FIX_AZURE, Cloud.GCP: _FIX_GCP},
    covers=("memory-max",),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html",
        "https://learn.microsoft.com/en-us/azure/azure-functions/flex-consumption-plan",
        "https://cloud.google.com/run/docs/configuring/services/memory-limits",
    ),
    cwe=770,
)
def memory_max(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Memory multiplies the price of every millisecond: at 10,240 MB on AWS a flood of requests costs eighty times as
    much as at 128 MB. Few functions can use the CPUs that come with it. Keep it where measurements
    show that this one does.
    """
    most = most_memory(function)
    if most is None:
        raise NotApplicable("memory is a property of the plan")
    megabytes = function.limits.memory_mb.need()
    if megabytes >= most:
        yield Hit(
            message=f"{_SETTING[function.cloud]} of function {function.name} is {megabytes} MB, the service maximum",
            evidence=(cite(function.limits.memory_mb, f"{_SETTING[function.cloud]} = {megabytes}"),),
        )
