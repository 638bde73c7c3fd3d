"""Flags functions whose instance limit is above the configured threshold."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Measure the peak and set the limit slightly above it, or raise max_instances in the configuration if"
        " that many instances are normal.",
        breaks="Requests and events above the new limit wait or are rejected.",
        command="az resource update --ids {id}/config/web --set properties.functionAppScaleLimit=<peak>\n"
        "az functionapp scale config set --resource-group {group} --name {app} --maximum-instance-count <peak>  # Flex Consumption",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # Flex Consumption: maximum_instance_count
  name                = "{app}"
  resource_group_name = "{group}"

  site_config {
    app_scale_limit = 20 # its measured peak
  }
}""",
    ),
    Cloud.GCP: Fix(
        text="Measure the peak and set the limit slightly above it, or raise max_instances in the configuration if"
        " that many instances are normal.",
        breaks="Requests above the new limit are rejected with 429; events are retried.",
        command="gcloud functions deploy {name} --region={location} --project={account} --max-instances=<peak>\n"
        "gcloud run services update {run_service} --region={location} --project={account} --max-instances=<peak>  # without a function record",
        terraform="""\
resource "google_cloudfunctions2_function" "this" {
  name     = "{name}"
  location = "{location}"

  service_config {
    max_instance_count = 20 # its measured peak
  }
}""",
    ),
}


@check(
    id="max-instances-high",
    title="Instance limit exceeds the threshold",
    risk=Risk.DENIAL_OF_WALLET,
    severity=Severity.LOW,
    fix=FIX,
    covers=("gcp-fn-max-instances-high",),
    references=(
        "https://learn.microsoft.com/en-us/azure/azure-functions/event-driven-scaling",
        "https://cloud.google.com/run/docs/configuring/max-instances",
    ),
    cwe=770,
)
def max_instances_high(function: Function, context: Context) -> Iterator[Hit]:
    """A limit far above the normal peak does not bound the cost of an attack or of an event loop. The threshold is
    max_instances (100 by default, which is also the platforms' default). Functions without any limit are reported by
    max-instances-unset.
    """
    ceiling = function.limits.max_instances.need()
    if ceiling and ceiling > context.settings.max_instances:
        yield Hit(
            message=f"Function {function.name} can scale to {ceiling} instances; the threshold is {context.settings.max_instances}",
            evidence=(cite(function.limits.max_instances, f"maximum instances: {ceiling}"),),
        )
