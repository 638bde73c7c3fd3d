"""Flags function apps whose Key Vault references are resolved by an identity that the app does not have."""

from collections.abc import Iterator

from auditor.analysis.roles import identities_of
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Set keyVaultReferenceIdentity to an identity that the app has and that may read the secrets.",
        breaks="References that the new identity may not read keep their last value until the next restart, and are"
        " empty afterwards.",
        command="az resource update --ids {id} --set properties.keyVaultReferenceIdentity={attached}\n"
        "az containerapp secret set --ids {id} --secrets '<secret>=keyvaultref:https://<vault>.vault.azure.net/secrets/<secret>,identityref:{attached}'  # Container Apps",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # in place of {identity}
  name                            = "{app}"
  resource_group_name             = "{group}"
  key_vault_reference_identity_id = "{attached}"
}""",
    ),
}


@check(
    id="reference-identity-detached",
    title="Key Vault references use an identity the app lacks",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-kv-reference-identity",),
    references=("https://learn.microsoft.com/en-us/azure/app-service/app-service-key-vault-references",),
    cwe=269,
)
def reference_identity_detached(function: Function, _context: Context) -> Iterator[Hit]:
    """References are resolved with the system-assigned identity unless keyVaultReferenceIdentity names another. Where
    the app does not have the identity named, references fail at the next restart; where it has only user-assigned ones
    and none is named, access policies written for them are not used, and wider ones are granted to make it work.
    """
    references = function.storage.then(lambda storage: storage.references)
    if not references.need():
        raise NotApplicable("no setting refers to a vault")
    resolving = function.storage.then(lambda storage: storage.reference_identity)
    named = resolving.need()
    function.identity.need()
    function.attached.need()
    own = {identity.id for identity in identities_of(function)}
    attached = named in own if named is not None else any(name.endswith("#system") for name in own)
    if not attached:
        told = named or "the system-assigned identity"
        yield Hit(
            message=f"Key Vault references of {function.name} are resolved with {told}, which the app does not have",
            evidence=(cite(resolving, f"keyVaultReferenceIdentity: {named or 'SystemAssigned'}"),),
            values={"identity": told, "attached": _one(own)},
        )


def _one(own: set[str]) -> str:
    """The user-assigned identity to name, where the app has one and no other."""
    assigned = [name for name in own if not name.endswith("#system")]
    return assigned[0] if len(assigned) == len(own) == 1 else "<id-of-an-attached-identity>"
