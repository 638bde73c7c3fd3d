"""Flags accounts without an alert on changes of functions or their IAM policies."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.severity import Severity

_WANTED = {
    Cloud.AZURE: ("microsoft.web/sites", "roleassignments/write"),
    Cloud.GCP: ("setiampolicy",),
}

FIX = {
    Cloud.AZURE: Fix(
        text="Create an alert on writes of sites and role assignments; send it to an action group that is monitored.",
        command="az monitor activity-log alert create --name functions-changed --resource-group <group> --condition category=Administrative and operationName=Microsoft.Web/sites/write --action-group <action-group>",
        terraform="""\
resource "azurerm_monitor_activity_log_alert" "functions" {
  name   = "functions-changed"
  scopes = ["/subscriptions/{account}"]

  criteria {
    category       = "Administrative"
    operation_name = "Microsoft.Web/sites/write"
  }
}""",
    ),
    Cloud.GCP: Fix(
        text="Count SetIamPolicy on functions and services with a log-based metric, and create an alert on it.",
        command='gcloud logging metrics create functions-iam-changed --project={account} --description=\'who may invoke changed\' --log-filter=\'protoPayload.methodName=~"SetIamPolicy" AND (resource.type="cloud_function" OR resource.type="cloud_run_revision")\'',
        terraform="""\
resource "google_logging_metric" "functions_iam" {
  name   = "functions-iam-changed"
  filter = "protoPayload.methodName=~\\"SetIamPolicy\\""
}""",
    ),
}


@check(
    id="change-alert-absent",
    title="No alert on function or IAM changes",
    risk=Risk.MONITORING,
    severity=Severity.LOW,
    fix=FIX,
    covers=(
        "az-func-activity-log-alerts",
        "gcp-fn-alerting",
    ),
    references=(
        "https://learn.microsoft.com/en-us/azure/azure-monitor/alerts/alerts-types",
        "https://cloud.google.com/logging/docs/alerting/log-based-alerts",
    ),
    subject=Subject.SCOPE,
)
def change_alert_absent(scope: Scope, _context: Context) -> Iterator[Hit]:
    """A single API call makes a function public or gives it another identity. With an alert the change is detected
    within minutes instead of at the next audit.
    """
    alerts = scope.guardrails.then(lambda rails: rails.alerts)
    watched = [operation.lower() for operation in alerts.need()]
    wanted = _WANTED[scope.cloud]
    if not any(word in operation for operation in watched for word in wanted):
        yield Hit(
            message=f"No alert in {scope.name} covers changes of functions or of their IAM policies",
            evidence=(cite(alerts, f"operations with an alert: {', '.join(watched) or 'none'}"),),
        )
