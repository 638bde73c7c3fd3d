"""Flags projects without Cloud Asset Inventory."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Enable the Cloud Asset API; it is free of charge.",
        command="gcloud services enable cloudasset.googleapis.com --project={account}",
        terraform="""\
resource "google_project_service" "asset" {
  project = "{account}"
  service = "cloudasset.googleapis.com"
}""",
    ),
}


@check(
    id="asset-inventory-off",
    title="Cloud Asset Inventory is disabled",
    risk=Risk.MONITORING,
    severity=Severity.LOW,
    fix=FIX,
    covers=("gcp-fn-cloud-asset-inventory",),
    references=("https://cloud.google.com/asset-inventory/docs/asset-inventory-overview",),
    subject=Subject.SCOPE,
)
def asset_inventory_off(scope: Scope, _context: Context) -> Iterator[Hit]:
    """Cloud Asset Inventory keeps five weeks of history of resources and IAM policies: without it an investigation
    cannot determine what was public or who had access at a given time.
    """
    on = scope.guardrails.then(lambda rails: rails.asset_inventory)
    if not on.need():
        yield Hit(
            message=f"The Cloud Asset API is not enabled in project {scope.name}",
            evidence=(cite(on, "cloudasset.googleapis.com is not among the enabled services"),),
        )
