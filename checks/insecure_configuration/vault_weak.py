"""Flags key vaults referenced by a function with weak network, deletion or access protection."""

from collections.abc import Iterator

from auditor.analysis.arm_ids import subscription_of
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import each_of
from auditor.model.severity import Severity

_OPEN = "open to all networks"

FIX = {
    Cloud.AZURE: Fix(
        text="Deny networks by default and allow the app's subnet or a private endpoint; enable purge protection (it"
        " cannot be disabled again); migrate from access policies to Azure RBAC, granting the app's identity Key"
        " Vault Secrets User before the change.",
        breaks="Readers outside the allowed networks, and those without a role of their own after the change to"
        " RBAC, lose the vault; purge protection cannot be disabled again.",
        command="az keyvault update --subscription {vault_subscription} --name {vault_name} --default-action Deny --bypass AzureServices\naz keyvault update --subscription {vault_subscription} --name {vault_name} --enable-purge-protection true\naz keyvault update --subscription {vault_subscription} --name {vault_name} --enable-rbac-authorization true",
        terraform="""\
resource "azurerm_key_vault" "this" { # {vault}
  purge_protection_enabled   = true
  rbac_authorization_enabled = true

  network_acls {
    default_action = "Deny"
    bypass         = "AzureServices"
  }
}""",
    ),
}


@check(
    id="vault-weak",
    title="Key vault protection is weak",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-kv-config",),
    references=(
        "https://learn.microsoft.com/en-us/azure/key-vault/general/best-practices",
        "https://learn.microsoft.com/en-us/azure/key-vault/general/network-security",
    ),
    cwe=668,
)
def vault_weak(function: Function, _context: Context) -> Iterator[Hit]:
    """The function depends on the protection of the vault it refers to. If the vault allows all networks, a stolen
    token is enough to read it from anywhere; without purge protection one mistake destroys every secret permanently;
    access policies support no conditions and make permissions hard to review.

    The message names the weaknesses; a vault that lacks only purge protection, or uses access policies, is reported as
    low.
    """
    vaults = function.storage.then(lambda storage: storage.vaults)
    if not vaults.need():
        raise NotApplicable("no setting refers to a vault")
    for vault, weaknesses in each_of(vaults.need(), lambda vault: vault.weaknesses):
        if weaknesses:
            yield Hit(
                message=f"Key vault {vault.id.rpartition('/')[2]} of function app {function.name} is weakly protected: {', '.join(weaknesses)}",
                evidence=(
                    cite(vault.weaknesses, f"{vault.id}: {', '.join(weaknesses)}"),
                    cite(vaults, f"key vault reference to {vault.id}"),
                ),
                locus=vault.id,
                site=vault.id,
                severity=None if _OPEN in weaknesses else Severity.LOW,
                values={
                    "vault": vault.id,
                    "vault_name": vault.id.rpartition("/")[2],
                    "vault_subscription": subscription_of(vault.id),
                },
            )
