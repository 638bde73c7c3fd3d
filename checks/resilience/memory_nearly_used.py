"""Flags functions whose memory was nearly used up."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_NEAR = 0.9

FIX = {
    Cloud.AWS: Fix(
        text="Raise the memory by a half and measure the peak again; look for what grows from run to run.",
        breaks="Each millisecond costs as much more as the memory grows, though runs often get shorter.",
        command="aws lambda update-function-configuration --region {location} --function-name {name} --memory-size <MB>",
        terraform="""\
resource "aws_lambda_function" "this" {
  function_name = "{name}"
  memory_size   = 1024 # the measured peak and a third more
}""",
    ),
    Cloud.GCP: Fix(
        text="Raise the memory by a half and measure the peak again; look for what grows from request to request.",
        breaks="Each second of an instance costs as much more as the memory grows.",
        command="gcloud functions deploy {name} --region={location} --project={account} --memory=<size>",
        terraform="""\
resource "google_cloudfunctions2_function" "this" {
  name     = "{name}"
  location = "{location}"

  service_config {
    available_memory = "<size>"
  }
}""",
    ),
}


@check(
    id="memory-nearly-used",
    title="Memory is nearly used up",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix=FIX,
    covers=("memory-not-right-sized",),
    references=(
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Lambda-Insights-metrics.html",
        "https://cloud.google.com/run/docs/configuring/services/memory-limits",
    ),
)
def memory_nearly_used(function: Function, _context: Context) -> Iterator[Hit]:
    """A run that needs more than the memory is killed with everything that its instance was doing, and a larger input is
    all it takes. Reported where over 90 percent was used at the peak. On AWS only Lambda Insights measures it: functions
    without it are not judged.
    """
    peak = function.monitoring.then(lambda monitoring: monitoring.usage).then(lambda usage: usage.peak_memory)
    share = peak.need()
    if share is None:
        raise NotApplicable("the function had no executions, so nothing was measured")
    if share > _NEAR:
        yield Hit(
            message=f"Function {function.name} used {share:.0%} of its memory at its peak",
            evidence=(cite(peak, f"peak memory utilisation {share:.2f}"),),
        )
