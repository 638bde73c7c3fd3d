"""Flags credentials in settings that move when deployment slots are swapped."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.finding import Dependence
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Mark the setting as a slot setting; give every slot its own value before the next swap.",
        breaks="A slot without a value of its own lacks the setting after the next swap.",
        command="az functionapp config appsettings set --resource-group {group} --name {app}{of_slot} --slot-settings {setting}=<value>",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  sticky_settings {
    app_setting_names = ["{setting}"]
  }
}""",
    ),
}


@check(
    id="slot-swap-moves-secrets",
    title="Slot swap moves secret settings",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-app-settings-leak-in-templates", "az-func-slot-sticky-settings"),
    references=(
        "https://learn.microsoft.com/en-us/azure/azure-functions/functions-deployment-slots",
        "https://learn.microsoft.com/en-us/azure/app-service/deploy-staging-slots",
    ),
    cwe=668,
)
def slot_swap_moves_secrets(function: Function, _context: Context) -> Iterator[Hit]:
    """Settings follow the code through a swap unless they are marked as slot settings. A test credential then serves
    production, and the production credential ends up in a slot that more people may read; a swap back and forth
    exposes both.

    The client secret of the authentication provider is the same case: sign-in fails, or admits users of the test
    tenant. Apps without slots are not judged.
    """
    moving = function.deployment.then(lambda deployment: deployment.unsticky_secrets)
    for name in dict.fromkeys(moving.need()):
        yield Hit(
            message=f"Setting {name} of function app {function.name} holds a credential and is not a slot setting: a swap moves it",
            evidence=(
                cite(moving, f"slotConfigNames does not list {name}"),
                cite(function.environment, f"{name} holds a credential, not shown"),
            ),
            locus=name,
            site=f"slot setting {name} of {function.id.partition('/slots/')[0]}",
            values={"setting": name},
            depends=(Dependence(sites=(sites.setting(function, name),), leads=("env-secret-value",)),),
        )
