"""Flags credentials in plain environment variables of the container app that hosts a function."""

from collections.abc import Iterator

from auditor.analysis.plain_credentials import weigh
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.secret import SecretVerdict
from auditor.model.severity import Confidence, Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Rotate the credential, store the new one in a key vault, define a secret of the container app that refers"
        " to it, and let the variable refer to that secret. Deactivate old revisions.",
        breaks="The new revision fails if the identity cannot read the key vault, and everything that uses the old"
        " credential fails once it is rotated.",
        command="az containerapp secret set --ids {container} --secrets '<secret>=keyvaultref:https://<vault>.vault.azure.net/secrets/<secret>,identityref:system'\naz containerapp update --ids {container} --set-env-vars {variable}=secretref:<secret>",
        terraform="""\
resource "azurerm_container_app" "this" { # {container}
  secret {
    name                = "<secret>"
    key_vault_secret_id = "https://<vault>.vault.azure.net/secrets/<secret>"
    identity            = "System"
  }
  template {
    container {
      env {
        name        = "{variable}"
        secret_name = "<secret>"
      }
    }
  }
}""",
    ),
}


@check(
    id="container-host-secret",
    title="Secret in plain container app variable",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("az-func-container-apps-secrets",),
    references=("https://learn.microsoft.com/en-us/azure/container-apps/manage-secrets",),
    cwe=526,
)
def container_host_secret(function: Function, _context: Context) -> Iterator[Hit]:
    """Environment variables of a container are part of its template: every principal that may read the container app
    can read them, and every old revision keeps them. A reference to a secret of the container app or to a key vault
    does not show the value. A credential that an app setting of the same name holds is reported by env-secret-value:
    the platform copies app settings into the container.
    """
    host = function.hosting.then(lambda hosting: hosting.container_host).need()
    if host is None:
        raise NotApplicable("the function does not run on Container Apps")
    copied = _in_settings(function)
    for name in dict.fromkeys(host.plain_secrets.need()):
        if name.lower() in copied:
            continue
        weight = weigh(name, None, Confidence.MEDIUM)
        app = host.id.rpartition("/")[2]
        message = f"Variable {name} of container app {app} (function {function.name}) holds a credential in plain text"
        yield Hit(
            message=f"{message}; {weight.reason}" if weight.reason else message,
            evidence=(cite(host.plain_secrets, f"{host.id}: {name} has a plain value, not shown"),),
            locus=name,
            severity=weight.severity,
            values={"variable": name, "container": host.id},
        )


def _in_settings(function: Function) -> frozenset[str]:
    """The settings, in lower case, that are known to hold a credential in plain text."""
    if not isinstance(function.environment, Known):
        return frozenset()
    variables = function.environment.value.variables
    return frozenset(variable.name.lower() for variable in variables if variable.verdict is SecretVerdict.SECRET)
