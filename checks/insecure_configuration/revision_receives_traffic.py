"""Flags revisions besides the newest that still answer requests."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Send all traffic to the newest revision and remove tags that nobody needs.",
        command="gcloud run services update-traffic {run_service} --region={location} --project={account} --to-latest --remove-tags={tag}",
        terraform="""\
resource "google_cloud_run_v2_service" "this" {
  name     = "{name}"
  location = "{location}"

  traffic {
    type    = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST"
    percent = 100
  }
}""",
    ),
}


@check(
    id="revision-receives-traffic",
    title="Old revision receives traffic",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("gcp-fn-traffic-split-old-revision",),
    controls=("NIST-800-53:CM-3", "NIST-800-53:SI-2"),
    cwe=1104,
)
def revision_receives_traffic(function: Function, _context: Context) -> Iterator[Hit]:
    """Code that was replaced goes on running: for a share of the requests, or for whoever knows the address of its
    tag, with the flaws and the permissions it had. During a gradual rollout that is meant; afterwards it is
    forgotten.
    """
    receiving = function.deployment.then(lambda deployment: deployment.revisions.receiving)
    for entry in dict.fromkeys(receiving.need()):
        yield Hit(
            message=f"Revision {entry} still answers requests",
            evidence=(cite(receiving, f"traffic: {entry}"),),
            locus=entry,
            values={"tag": entry.partition("(tag ")[2].rstrip(")") or "<tag>"},
        )
