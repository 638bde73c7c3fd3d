"""Flags function apps without a diagnostic setting that exports their logs."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.log_categories import offers_audit_logs
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.finding import Dependence
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

_LOGS = frozenset({"functionapplogs", "alllogs", "containerappconsolelogs"})

_COMMAND = "az monitor diagnostic-settings create --name to-workspace --resource {id} --workspace <workspace> --logs"
_ALL = (
    f'{_COMMAND} \'[{{"category":"FunctionAppLogs","enabled":true}},{{"category":"AppServiceHTTPLogs","enabled":true}},'
    '{"category":"AppServiceAuditLogs","enabled":true},{"category":"AppServiceIPSecAuditLogs","enabled":true}]\''
)
"""With the categories that only Premium and dedicated plans offer, which audit-logs-absent and http-logs-off ask for."""

_OF_ENVIRONMENT = (
    "\naz resource update --ids {environment} --set properties.appLogsConfiguration.destination=azure-monitor  # Container Apps\n"
    "az monitor diagnostic-settings create --name to-workspace --resource {environment} --workspace <workspace>"
    ' --logs \'[{"category":"ContainerAppConsoleLogs","enabled":true},{"category":"ContainerAppSystemLogs","enabled":true}]\'  # Container Apps'
)
"""The logs of a container app of its own are those of its environment."""

_TERRAFORM_OF_ENVIRONMENT = """\
resource "azurerm_monitor_diagnostic_setting" "this" { # logs_destination of the environment: azure-monitor
  name                       = "to-workspace"
  target_resource_id         = "{environment}"
  log_analytics_workspace_id = "<workspace>"

  enabled_log {
    category = "ContainerAppConsoleLogs"
  }
}"""

FIX = {
    Cloud.AZURE: Fix(
        text="Export FunctionAppLogs to a Log Analytics workspace that is retained, on Premium and dedicated plans with"
        " the HTTP and audit categories. It is billed by volume.",
        command=f'{_COMMAND} \'[{{"category":"FunctionAppLogs","enabled":true}}]\'{_OF_ENVIRONMENT}',
        terraform="""\
resource "azurerm_monitor_diagnostic_setting" "this" {
  name                       = "to-workspace"
  target_resource_id         = "{id}"
  log_analytics_workspace_id = "<workspace>"

  enabled_log {
    category = "FunctionAppLogs"
  }
}""",
    ),
}


@check(
    id="diagnostics-absent",
    title="No diagnostic setting exports function logs",
    risk=Risk.MONITORING,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-diagnostic-settings",),
    references=(
        "https://learn.microsoft.com/en-us/azure/azure-functions/monitor-functions",
        "https://learn.microsoft.com/en-us/azure/azure-monitor/essentials/diagnostic-settings",
    ),
    cwe=778,
)
def diagnostics_absent(function: Function, _context: Context) -> Iterator[Hit]:
    """An investigation needs to know which function ran and who called it. Without a diagnostic setting the logs are on
    a worker that may no longer exist. Low where Application Insights is connected: it keeps traces and requests, but
    not the platform logs.
    """
    settings = function.monitoring.then(lambda monitoring: monitoring.diagnostics)
    if not any(category.lower() in _LOGS for setting in settings.need() for category in setting.categories):
        names = ", ".join(setting.name for setting in settings.need()) or "none"
        environment = _environment(function)
        what = "FunctionAppLogs" if environment is None else "the logs of its container app"
        yield Hit(
            message=f"No diagnostic setting of function app {function.name} exports {what}",
            evidence=(cite(settings, f"diagnostic settings: {names}"),),
            severity=Severity.LOW if _insights(function) else None,
            depends=(Dependence(sites=(sites.own(function, ""),), leads=("insights-absent",), then=Severity.LOW),),
            command=_ALL if offers_audit_logs(function) else None,
            terraform=None if environment is None else _TERRAFORM_OF_ENVIRONMENT,
            values={"environment": environment or "<environment>"},
        )


def _environment(function: Function) -> str | None:
    """The environment of a function that is a container app of its own; None for an app of App Service."""
    if "/microsoft.app/containerapps/" not in function.id.lower():
        return None
    host = function.hosting.then(lambda hosting: hosting.container_host)
    named = host.value.environment if isinstance(host, Known) and host.value is not None else None
    return named.value if isinstance(named, Known) else "<environment>"


def _insights(function: Function) -> bool:
    insights = function.monitoring.then(lambda monitoring: monitoring.insights)
    return isinstance(insights, Known) and insights.value is not None
