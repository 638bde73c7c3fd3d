"""Flags revisions other than the latest that still receive traffic."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Send all traffic to the latest revision and remove tags that are not needed.",
        breaks="A gradual deployment ends at once, and URLs of removed tags get 404.",
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
    references=("https://cloud.google.com/run/docs/rollouts-rollbacks-traffic-migration",),
    cwe=1104,
)
def revision_receives_traffic(function: Function, _context: Context) -> Iterator[Hit]:
    """Replaced code keeps running, for a share of the requests or at the address of its tag, with the vulnerabilities
    and permissions it had. During a gradual rollout this is intended; afterwards it is usually an oversight.
    """
    receiving = function.deployment.then(lambda deployment: deployment.revisions.receiving)
    for entry in dict.fromkeys(receiving.need()):
        yield Hit(
            message=f"Old revision {entry} of function {function.name} still receives traffic",
            evidence=(cite(receiving, f"traffic: {entry}"),),
            locus=entry,
            values={"tag": entry.partition("(tag ")[2].rstrip(")") or "<tag>"},
        )
