"""Flags projects whose function logs are not exported, or are excluded."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.severity import Severity

_UNEXCLUDE = (
    "gcloud logging sinks list --project={account} --format='value(name,exclusions.name)'\n"
    "gcloud logging sinks update <sink-that-has-it> --project={account} --remove-exclusions={exclusion}"
)

FIX = {
    Cloud.GCP: Fix(
        text="Export the logs to a bucket in a separate project, in which developers have no delete permission.",
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
    references=("https://cloud.google.com/logging/docs/routing/overview",),
    subject=Subject.SCOPE,
)
def log_sink_absent(scope: Scope, _context: Context) -> Iterator[Hit]:
    """An attacker with control of the project can delete its logs. A sink to another project keeps a copy, as long as no
    exclusion filter drops the logs. The two default sinks of a project keep the logs in the project and do not count.
    """
    sinks = scope.guardrails.then(lambda rails: rails.sinks)
    covering = [
        sink for sink in sinks.need() if sink.covers_functions and not sink.disabled and not sink.name.startswith("_")
    ]
    if not covering:
        names = ", ".join(sink.name for sink in sinks.need()) or "none"
        yield Hit(
            message=f"No sink of project {scope.name} exports the logs of functions",
            evidence=(cite(sinks, f"sinks: {names}"),),
        )
    exclusions = scope.guardrails.then(lambda rails: rails.log_exclusions)
    for exclusion in exclusions.need():
        yield Hit(
            message=f"Exclusion {exclusion} of project {scope.name} drops logs of functions",
            evidence=(cite(exclusions, exclusion),),
            locus=exclusion,
            values={"exclusion": exclusion},
            command=_UNEXCLUDE,
        )
