"""Flags key vault references that are pinned to one version of a secret."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Omit the version from the reference.",
        breaks="A new version of the secret is used within a day, without a deployment: a wrong one takes effect"
        " unseen.",
        command="az functionapp config appsettings set --resource-group {group} --name {app}{of_slot} --settings {setting}'=@Microsoft.KeyVault(SecretUri=https://<vault>.vault.azure.net/secrets/<secret>)'",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  app_settings = {
    "{setting}" = "@Microsoft.KeyVault(SecretUri=https://<vault>.vault.azure.net/secrets/<secret>)"
  }
}""",
    ),
}


@check(
    id="secret-version-pinned",
    title="Secret reference is pinned to a version",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("az-func-kv-reference-version-pinned",),
    references=("https://learn.microsoft.com/en-us/azure/app-service/app-service-key-vault-references",),
    profile_level=ProfileLevel.STRICT,
)
def secret_version_pinned(function: Function, _context: Context) -> Iterator[Hit]:
    """A rotated secret does not reach the app: it keeps using the old version until the setting is edited, so old
    versions cannot be disabled, and rotation is delayed. Without a version the platform takes the newest within a
    day.

    An opinion: pinning is right where a new value has to be released together with code.
    """
    references = function.storage.then(lambda storage: storage.references)
    if not references.need():
        raise NotApplicable("no setting refers to a secret")
    for reference in {reference.setting: reference for reference in references.need()}.values():
        if reference.version is not None:
            yield Hit(
                message=f"Setting {reference.setting} of function app {function.name} is pinned to version {reference.version} of a secret in {reference.store}",
                evidence=(cite(references, f"{reference.setting}: secretVersion {reference.version}"),),
                locus=reference.setting,
                values={"setting": reference.setting},
            )
