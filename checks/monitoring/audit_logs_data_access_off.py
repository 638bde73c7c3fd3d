"""Flags projects without Data Access audit logs for functions, Cloud Run or IAM."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.severity import Severity

_SERVICES = frozenset({"cloudfunctions.googleapis.com", "run.googleapis.com", "iam.googleapis.com"})

_EXEMPTED = (
    "gcloud projects get-iam-policy {account} > policy.yaml\n"
    "# remove {member} from exemptedMembers in policy.yaml\n"
    "gcloud projects set-iam-policy {account} policy.yaml"
)

FIX = {
    Cloud.GCP: Fix(
        text="Enable Data Access audit logs for Cloud Functions, Cloud Run and IAM. They are billed by volume:"
        " leave out services that are called all the time.",
        breaks="Nothing fails, but the logs are billed by volume; set-iam-policy replaces the whole policy, so"
        " grants made between the two commands are lost.",
        command="gcloud projects get-iam-policy {account} > policy.yaml\n"
        "# add auditConfigs for cloudfunctions, run and iam to policy.yaml\n"
        "gcloud projects set-iam-policy {account} policy.yaml",
        terraform="""\
resource "google_project_iam_audit_config" "functions" {
  project = "{account}"
  service = "cloudfunctions.googleapis.com"

  audit_log_config {
    log_type = "DATA_READ"
  }
}""",
    ),
}


@check(
    id="audit-logs-data-access-off",
    title="Data Access audit logs are disabled",
    risk=Risk.MONITORING,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("gcp-fn-audit-logs-data-access",),
    references=("https://cloud.google.com/logging/docs/audit/configure-data-access",),
    cwe=778,
    subject=Subject.SCOPE,
)
def audit_logs_data_access_off(scope: Scope, _context: Context) -> Iterator[Hit]:
    """Admin Activity is always logged; Data Access, such as reads of a configuration with its environment variables and
    invocations, is not. Exempted members are not logged either, and are named.
    """
    logs = scope.guardrails.then(lambda rails: rails.audit_logs)
    found = logs.need()
    if "allServices" not in found.services:
        missing = sorted(_SERVICES - set(found.services))
        if missing:
            yield Hit(
                message=f"Project {scope.name} has no Data Access audit logs for {', '.join(missing)}",
                evidence=(cite(logs, f"auditConfigs: {', '.join(found.services) or 'none'}"),),
            )
    for member in found.exempted:
        yield Hit(
            message=f"{member} is exempted from the Data Access audit logs of project {scope.name}",
            evidence=(cite(logs, f"exemptedMembers: {member}"),),
            locus=member,
            values={"member": member},
            command=_EXEMPTED,
        )
