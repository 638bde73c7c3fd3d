"""Flags function apps whose log retention is below the configured minimum."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import each_of
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Raise the retention of the workspace; the first 31 days are free of charge, the rest is billed.",
        command="az monitor log-analytics workspace update --ids {locus} --retention-time 90",
        terraform="""\
resource "azurerm_log_analytics_workspace" "this" {
  name              = "<workspace>"
  retention_in_days = 365
}""",
    ),
}


@check(
    id="diagnostics-retention-short",
    title="Diagnostic log retention is too short",
    risk=Risk.MONITORING,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-log-retention",),
    references=("https://learn.microsoft.com/en-us/azure/azure-monitor/logs/data-retention-configure",),
)
def diagnostics_retention_short(function: Function, context: Context) -> Iterator[Hit]:
    """Intrusions are often detected months later. The retention of the workspace that receives the logs is compared with
    log_retention_days of the configuration.
    """
    settings = function.monitoring.then(lambda monitoring: monitoring.diagnostics)
    wanted = context.settings.log_retention_days
    for setting, days in each_of(settings.need(), lambda setting: setting.retention_days):
        if days is not None and days < wanted:
            yield Hit(
                message=f"Workspace {setting.target.rpartition('/')[2]} keeps the logs of function app {function.name} for {days} days;"
                f" the threshold is {wanted}",
                evidence=(cite(setting.retention_days, f"retentionInDays = {days}"),),
                locus=setting.target,
                site=setting.target,
            )
