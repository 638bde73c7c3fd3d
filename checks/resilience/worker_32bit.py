"""Flags Windows function apps with a 32-bit worker process."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Switch to 64 bits unless a native dependency exists in 32 bits only.",
        breaks="A native dependency that exists in 32 bits only fails to load; the app restarts.",
        command="az functionapp config set --resource-group {group} --name {app}{of_slot} --use-32bit-worker-process false",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  site_config {
    use_32_bit_worker = false
  }
}""",
    ),
}


@check(
    id="worker-32bit",
    title="Worker process is 32-bit",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-32bit-worker",),
    references=("https://learn.microsoft.com/en-us/azure/app-service/configure-common",),
    profile_level=ProfileLevel.STRICT,
)
def worker_32bit(function: Function, _context: Context) -> Iterator[Hit]:
    """A 32-bit process can use only about 2 GB of the memory that is billed, and address space layout randomization has
    far fewer bits. Only a recommendation: small apps are not affected.
    """
    narrow = function.hosting.then(lambda hosting: hosting.worker_32bit)
    if narrow.need():
        yield Hit(
            message=f"The worker process of function app {function.name} is 32-bit",
            evidence=(cite(narrow, "use32BitWorkerProcess = true"),),
        )
