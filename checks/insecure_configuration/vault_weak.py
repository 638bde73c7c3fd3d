"""Flags vaults behind the settings of a function that are easily reached or easily emptied."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import each_of
from auditor.model.severity import Severity

_OPEN = "open to all networks"

FIX = {
    Cloud.AZURE: Fix(
        text="Deny networks by default and admit the app's subnet or a private endpoint; switch purge protection on (it"
        " cannot be switched off again); move from access policies to roles, granting the app's identity Key Vault"
        " Secrets User before the switch.",
        command="az keyvault update --ids {vault} --default-action Deny --bypass AzureServices\naz keyvault update --ids {vault} --enable-purge-protection true\naz keyvault update --ids {vault} --enable-rbac-authorization true",
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
    controls=("MCSB:DP-8", "MCSB:NS-2", "NIST-800-53:SC-12", "CIS-Azure-Foundations-3.0:3.3"),
    cwe=668,
)
def vault_weak(function: Function, _context: Context) -> Iterator[Hit]:
    """The function is as safe as the vault it trusts. Open to all networks, the vault is one stolen token away from
    anywhere; without purge protection one mistake destroys every secret for good; access policies know no
    conditions and hide who may do what.

    The message names what is weak; a vault that is merely without protection against loss, or on access policies,
    is reported as low.
    """
    vaults = function.keeping.then(lambda keeping: keeping.vaults)
    if not vaults.need():
        raise NotApplicable("no setting refers to a vault")
    for vault, weaknesses in each_of(vaults.need(), lambda vault: vault.weaknesses):
        if weaknesses:
            yield Hit(
                message=f"Vault {vault.id.rpartition('/')[2]}: {', '.join(weaknesses)}",
                evidence=(
                    cite(vault.weaknesses, f"{vault.id}: {', '.join(weaknesses)}"),
                    cite(vaults, "a setting refers to it"),
                ),
                locus=vault.id,
                severity=None if _OPEN in weaknesses else Severity.LOW,
                values={"vault": vault.id},
            )
