"""Flags apps with a custom startup command."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Move what the command does into the package or the image, and clear it. If it is needed, document its"
        " purpose.",
        breaks="What the command started or installed is missing, and a container without another entry point does"
        " not start; the app restarts.",
        command="az functionapp config set --resource-group {group} --name {app}{of_slot} --startup-file ''",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  site_config {
    app_command_line = ""
  }
}""",
    ),
}


@check(
    id="startup-command-set",
    title="Startup command is set",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-startup-command",),
    references=(
        "https://learn.microsoft.com/en-us/azure/app-service/configure-common",
        "https://learn.microsoft.com/en-us/azure/templates/microsoft.web/sites/config-web",
    ),
    profile_level=ProfileLevel.STRICT,
)
def startup_command_set(function: Function, _context: Context) -> Iterator[Hit]:
    """The command runs before the code, as the app, and comes from the settings rather than from the repository: a
    principal that may change the configuration can persist there without touching the reviewed code. An opinion:
    some images need a startup command.
    """
    command = function.hosting.then(lambda hosting: hosting.startup_command)
    if command.need().strip():
        yield Hit(
            message=f"Function app {function.name} runs a custom startup command",
            evidence=(cite(command, "appCommandLine is set"),),
        )
