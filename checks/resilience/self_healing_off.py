"""Flags function apps without auto-heal."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Add a rule that recycles a worker after repeated errors or slow responses.",
        breaks="A rule that is too strict recycles workers that only had a short load peak.",
        no_command="automatic healing is a structure of rules: set it under Diagnose and solve problems, or in Terraform",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  site_config {
    # azurerm_linux_web_app style: auto_heal_setting; for function apps set properties.siteConfig.autoHealRules through azapi
  }
}""",
    ),
}


@check(
    id="self-healing-off",
    title="Auto-heal is disabled",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-auto-heal",),
    references=("https://learn.microsoft.com/en-us/azure/app-service/overview-diagnostics",),
    profile_level=ProfileLevel.STRICT,
)
def self_healing_off(function: Function, _context: Context) -> Iterator[Hit]:
    """A worker that leaks memory or stops responding remains in use until it is restarted. Only a recommendation: on
    plans that scale to zero, workers are short-lived.
    """
    heals = function.hosting.then(lambda hosting: hosting.self_healing)
    if not heals.need():
        yield Hit(
            message=f"Auto-heal of function app {function.name} is disabled",
            evidence=(cite(heals, "autoHealEnabled = false"),),
        )
