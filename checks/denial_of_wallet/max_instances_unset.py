"""Flags functions without an instance limit."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Set a limit slightly above the measured peak. On the Consumption and Premium plans it is the"
        " function app scale limit.",
        breaks="Requests and events above the limit wait or are rejected instead of being billed.",
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
        text="Set a maximum slightly above the measured peak.",
        breaks="Requests above the limit are rejected with 429; events are retried.",
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
    id="max-instances-unset",
    title="No instance limit",
    risk=Risk.DENIAL_OF_WALLET,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-scale-limit", "gcp-fn-max-instances-unset"),
    references=(
        "https://learn.microsoft.com/en-us/azure/azure-functions/event-driven-scaling",
        "https://cloud.google.com/run/docs/configuring/max-instances",
    ),
    cwe=770,
)
def max_instances_unset(function: Function, _context: Context) -> Iterator[Hit]:
    """Only the maximum of the platform, hundreds of instances, limits the cost of a flood of requests or of an event
    loop. An instance limit also protects the database behind the function, which fails long before that. Plans with a
    fixed number of workers are limited by design.
    """
    ceiling = function.limits.max_instances
    if not ceiling.need():
        yield Hit(
            message=f"Function {function.name} has no instance limit",
            evidence=(cite(ceiling, "no maximum is set: the platform's limit applies"),),
        )
