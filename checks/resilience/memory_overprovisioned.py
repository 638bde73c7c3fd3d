"""Flags functions that use a small share of the memory they are given."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Halve the memory and watch the peak again; CPU shrinks with it, so watch the duration too.",
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
    controls=("NIST-800-53:SC-5",),
    profile_level=ProfileLevel.STRICT,
)
def memory_overprovisioned(function: Function, _context: Context) -> Iterator[Hit]:
    """Memory is billed whether used or not. An opinion about cost: below a quarter of it was used at the peak of ninety days."""
    peak = function.monitoring.then(lambda monitoring: monitoring.usage).then(lambda usage: usage.peak_memory)
    share = peak.need()
    if share is None:
        raise NotApplicable("nothing ran, so nothing was measured")
    if share < 0.25:
        yield Hit(
            message=f"At its peak it used {share:.0%} of its memory",
            evidence=(cite(peak, f"peak memory utilisation {share:.2f}"),),
        )
