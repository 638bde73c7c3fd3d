"""Flags projects whose log buckets keep logs for a shorter time than the operator wants."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Keep the bucket's logs longer; what exceeds 30 days is billed.",
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
    controls=(
        "NIST-800-53:AU-11",
        "CIS-GCP-2.0:2.3",
    ),
    subject=Subject.SCOPE,
)
def log_bucket_retention_short(scope: Scope, context: Context) -> Iterator[Hit]:
    """Intrusions are found months later. Each bucket is compared with log_retention_days of the configuration; _Required keeps
    its 400 days whatever one does.
    """
    buckets = scope.guardrails.then(lambda rails: rails.log_retention_days)
    wanted = context.settings.log_retention_days
    for bucket, days in buckets.need():
        if days < wanted:
            yield Hit(
                message=f"{bucket.rpartition('/')[2]} keeps logs {days} days, not {wanted}",
                evidence=(cite(buckets, f"{bucket}: retentionDays = {days}"),),
                locus=bucket,
                values={"bucket": bucket.rpartition("/")[2]},
            )
