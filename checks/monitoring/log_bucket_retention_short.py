"""Flags projects whose log bucket retention is below the configured minimum."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Raise the retention of the bucket; days above 30 are billed.",
        command="gcloud logging buckets update {bucket} --location=<location> --project={account} --retention-days=<days>",
        terraform="""\
resource "google_logging_project_bucket_config" "this" {
  project        = "{account}"
  location       = "<location>"
  bucket_id      = "{bucket}"
  retention_days = 365
}""",
    ),
}


@check(
    id="log-bucket-retention-short",
    title="Log bucket retention is too short",
    risk=Risk.MONITORING,
    severity=Severity.LOW,
    fix=FIX,
    covers=("gcp-fn-log-retention",),
    references=("https://cloud.google.com/logging/docs/buckets",),
    subject=Subject.SCOPE,
)
def log_bucket_retention_short(scope: Scope, context: Context) -> Iterator[Hit]:
    """Intrusions are often detected months later. The retention of each log bucket is compared with log_retention_days
    of the configuration; _Required always keeps its logs for 400 days.
    """
    buckets = scope.guardrails.then(lambda rails: rails.log_retention_days)
    wanted = context.settings.log_retention_days
    for bucket, days in buckets.need():
        if days < wanted:
            yield Hit(
                message=f"Log bucket {bucket.rpartition('/')[2]} of project {scope.name} keeps logs for {days} days;"
                f" the threshold is {wanted}",
                evidence=(cite(buckets, f"{bucket}: retentionDays = {days}"),),
                locus=bucket,
                values={"bucket": bucket.rpartition("/")[2]},
            )
