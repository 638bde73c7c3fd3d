"""Flags functions that use less than a quarter of their memory."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
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
    covers=("gcp-fn-memory-overprovisioned",),
    references=("https://cloud.google.com/run/docs/configuring/services/memory-limits",),
    profile_level=ProfileLevel.STRICT,
)
def memory_overprovisioned(function: Function, _context: Context) -> Iterator[Hit]:
    """Memory is billed whether it is used or not. Only a recommendation about cost: less than a quarter of it was used
    at the peak of ninety days.
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
