"""Flags functions that use less than a quarter of their memory."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Halve the memory and measure the peak and the duration again.",
        breaks="CPU shrinks with the memory, so runs take longer; a peak above the new size ends the run.",
        command="aws lambda update-function-configuration --region {location} --function-name {name} --memory-size <half>",
        terraform="""\
resource "aws_lambda_function" "this" {
  function_name = "{name}"
  memory_size   = 256 # half of what it was
}""",
    ),
    Cloud.GCP: Fix(
        text="Halve the memory and measure the peak again.",
        breaks="CPU shrinks with the memory, so runs take longer; a peak above the new size ends the instance.",
        command="gcloud functions deploy {name} --region={location} --project={account} --memory=<half>",
        terraform="""\
resource "google_cloudfunctions2_function" "this" {
  name     = "{name}"
  location = "{location}"

  service_config {
    available_memory = "<half>"
  }
}""",
    ),
}


@check(
    id="memory-overprovisioned",
    title="Memory is overprovisioned",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix=FIX,
    covers=(
        "memory-not-right-sized",
        "gcp-fn-memory-overprovisioned",
    ),
    references=(
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Lambda-Insights-metrics.html",
        "https://cloud.google.com/run/docs/configuring/services/memory-limits",
    ),
    profile_level=ProfileLevel.STRICT,
)
def memory_overprovisioned(function: Function, _context: Context) -> Iterator[Hit]:
    """Memory is billed whether it is used or not. Only a recommendation about cost: less than a quarter of it was used
    at the peak of the days that the metrics were read over. On AWS only Lambda Insights measures it.
    """
    peak = function.monitoring.then(lambda monitoring: monitoring.usage).then(lambda usage: usage.peak_memory)
    share = peak.need()
    if share is None:
        raise NotApplicable("the function had no executions, so nothing was measured")
    if share < 0.25:
        yield Hit(
            message=f"Function {function.name} used {share:.0%} of its memory at its peak",
            evidence=(cite(peak, f"peak memory utilisation {share:.2f}"),),
        )
