"""Flags function apps that do not log publishing sign-ins and rejected client addresses."""

from collections.abc import Iterator

from auditor.analysis.log_categories import offers_audit_logs
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_AUDIT = frozenset({"appserviceauditlogs", "appserviceipsecauditlogs", "audit", "alllogs"})

FIX = {
    Cloud.AZURE: Fix(
        text="Export AppServiceAuditLogs and AppServiceIPSecAuditLogs as well, in a diagnostic setting of their own or in the present one.",
        command='az monitor diagnostic-settings create --name audit-to-workspace --resource {id} --workspace <workspace> --logs \'[{"category":"AppServiceAuditLogs","enabled":true},{"category":"AppServiceIPSecAuditLogs","enabled":true}]\'',
        terraform="""\
resource "azurerm_monitor_diagnostic_setting" "this" {
  name                       = "audit-to-workspace"
  target_resource_id         = "{id}"
  log_analytics_workspace_id = "<workspace>"

  enabled_log {
    category = "AppServiceAuditLogs"
  }
  enabled_log {
    category = "AppServiceIPSecAuditLogs"
  }
}""",
    ),
}


@check(
    id="audit-logs-absent",
    title="Publishing and access are not logged",
    risk=Risk.MONITORING,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-diag-audit-logs",),
    facet_of=("diagnostics-absent",),
    references=(
        "https://learn.microsoft.com/en-us/azure/app-service/troubleshoot-diagnostic-logs",
        "https://learn.microsoft.com/en-us/azure/app-service/monitor-app-service-reference",
    ),
    cwe=778,
)
def audit_logs_absent(function: Function, _context: Context) -> Iterator[Hit]:
    """Sign-ins to the management (SCM) site and requests rejected by IP restrictions are recorded in these two log
    categories only. Only Premium and dedicated plans offer them; the check does not apply to other plans.
    """
    function.hosting.need()
    if not offers_audit_logs(function):
        raise NotApplicable("only Premium and dedicated plans offer audit categories")
    settings = function.monitoring.then(lambda monitoring: monitoring.diagnostics)
    sent = {category.lower() for setting in settings.need() for category in setting.categories}
    if not sent & _AUDIT:
        yield Hit(
            message=f"Function app {function.name} exports neither AppServiceAuditLogs nor AppServiceIPSecAuditLogs",
            evidence=(cite(settings, f"categories: {', '.join(sorted(sent)) or 'none'}"),),
        )
