"""Flags projects whose function logs are exported nowhere, or excluded."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Export the logs to a bucket in a project of its own that developers cannot delete from.",
        command='gcloud logging sinks create functions storage.googleapis.com/<bucket> --project={account} --log-filter=\'resource.type=("cloud_function" OR "cloud_run_revision")\'',
        terraform="""\
resource "google_logging_project_sink" "functions" {
  name        = "functions"
  project     = "{account}"
  destination = "storage.googleapis.com/<bucket>"
}""",
    ),
}


@check(
    id="log-sink-absent",
    title="Logs are not exported",
    risk=Risk.MONITORING,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("gcp-fn-log-sinks",),
    controls=(
        "CIS-GCP-2.0:2.2",
        "NIST-800-53:AU-9",
    ),
    subject=Subject.SCOPE,
)
def log_sink_absent(scope: Scope, _context: Context) -> Iterator[Hit]:
    """Whoever takes the project over deletes its logs. A sink into another project keeps them, as long as no exclusion drops
    them on the way. The two sinks every project has lead back into the project and do not count.
    """
    sinks = scope.guardrails.then(lambda rails: rails.sinks)
    covering = [
        sink for sink in sinks.need() if sink.covers_functions and not sink.disabled and not sink.name.startswith("_")
    ]
    if not covering:
        names = ", ".join(sink.name for sink in sinks.need()) or "none"
        yield Hit(message="No sink exports the logs of functions", evidence=(cite(sinks, f"sinks: {names}"),))
    exclusions = scope.guardrails.then(lambda rails: rails.log_exclusions)
    for exclusion in exclusions.need():
        yield Hit(
            message=f"Exclusion {exclusion} drops logs of functions",
            evidence=(cite(exclusions, exclusion),),
            locus=exclusion,
        )
