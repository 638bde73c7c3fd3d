"""Flags minimum or pre-warmed instances of functions without traffic."""

from collections.abc import Iterator

from auditor.analysis.idle_capacity import optional_count
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known, each
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Lower the number of always ready instances to what a short cold start is worth; a Premium plan"
        " always keeps one.",
        breaks="More requests wait for a cold start.",
        command="az resource update --ids {id} --set properties.siteConfig.minimumElasticInstanceCount=1 properties.siteConfig.preWarmedInstanceCount=0",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  site_config {
    elastic_instance_minimum  = 1
    pre_warmed_instance_count = 0
  }
}""",
    ),
    Cloud.GCP: Fix(
        text="Set the minimum to zero, or delete the function.",
        breaks="The first request after an idle time waits for a cold start.",
        command="""\
gcloud functions deploy {name} --region={location} --project={account} --min-instances=0
gcloud run services update {run_service} --region={location} --project={account} --min=0  # without a function record""",
        terraform="""\
resource "google_cloudfunctions2_function" "this" {
  name     = "{name}"
  location = "{location}"

  service_config {
    min_instance_count = 0
  }
}""",
    ),
}


@check(
    id="idle-capacity",
    title="Minimum instances without traffic",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix=FIX,
    covers=(
        "az-func-premium-overprovision",
        "az-func-worker-recycle",
        "gcp-fn-min-instances-idle",
    ),
    references=(
        "https://learn.microsoft.com/en-us/azure/azure-functions/functions-premium-plan",
        "https://cloud.google.com/run/docs/configuring/min-instances",
    ),
)
def idle_capacity(function: Function, _context: Context) -> Iterator[Hit]:
    """The instances are billed around the clock, and the function had no executions for thirty days. Forgotten warm
    instances also tend to run unpatched code.
    """
    usage = function.monitoring.then(lambda monitoring: monitoring.usage)
    if (
        isinstance(usage, Known)
        and isinstance(usage.value.executions_30_days, Known)
        and usage.value.executions_30_days.value
    ):
        return
    ready = tuple(each(optional_count(fact) for fact in (function.limits.min_instances, function.limits.prewarmed)))
    if not sum(ready):
        return
    ran = usage.then(lambda found: found.executions_30_days)
    if ran.need() == 0:
        yield Hit(
            message=f"Function {function.name} keeps {sum(ready)} instances ready, but had no executions in thirty days",
            evidence=(
                cite(function.limits.min_instances, f"kept ready: {sum(ready)}"),
                cite(ran, "executions in 30 days: 0"),
            ),
        )
