"""Flags settings that refer to a secret which cannot be read, or which does not exist."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Observed, each_of
from auditor.model.severity import Severity

_Broken = tuple[str, tuple[Observed[bool], str]]
"""A setting, the fact that proves it broken, and what to say of it."""

FIX = {
    Cloud.AZURE: Fix(
        text="Do what the message asks: turn the identity on, give it Key Vault Secrets User on the vault, let the"
        " vault's network admit the app, or correct the name. The platform tries again within a day, and at once"
        " when a setting changes.",
        command="az role assignment create --assignee <principal-id-of-the-identity> --role 'Key Vault Secrets User' --scope <id-of-the-vault>\naz functionapp config appsettings set --resource-group {group} --name {app}{of_slot} --settings {setting}'=@Microsoft.KeyVault(SecretUri=https://<vault>.vault.azure.net/secrets/<secret>)'",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  app_settings = {
    "{setting}" = "@Microsoft.KeyVault(SecretUri=https://<vault>.vault.azure.net/secrets/<secret>)"
  }
}""",
    ),
    Cloud.GCP: Fix(
        text="Create the secret again, or take the reference out. A new instance does not start while it is missing.",
        command="gcloud secrets create <secret> --project={account} --replication-policy=automatic --data-file=<file>\ngcloud functions deploy {name} --region={location} --project={account} --update-secrets={setting}=<secret>:<version>",
        terraform="""\
resource "google_cloudfunctions2_function" "this" {
  name     = "{name}"
  location = "{location}"

  service_config {
    secret_environment_variables {
      key        = "{setting}"
      project_id = "{account}"
      secret     = "<secret>"
      version    = "<version>"
    }
  }
}""",
    ),
}


@check(
    id="secret-reference-broken",
    title="Secret reference cannot be resolved",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-kv-reference-broken",),
    controls=("NIST-800-53:CM-6", "MCSB:IM-8"),
    cwe=1188,
)
def secret_reference_broken(function: Function, _context: Context) -> Iterator[Hit]:
    """In place of the secret, the code is handed the text of the reference, or the function does not start at all. The
    next step in a hurry is to paste the secret into the settings.

    On Google Cloud only a secret that does not exist shows: whether the function may read one that does is not
    asked here.
    """
    broken = _gone(function) if function.cloud is Cloud.GCP else _unresolved(function)
    for setting, (fact, message) in broken:
        yield Hit(
            message=f"{setting}: {message}",
            evidence=(cite(fact, f"{setting}: {message}"),),
            locus=setting,
            values={"setting": setting},
        )


def _unresolved(function: Function) -> Iterator[_Broken]:
    """The references that the platform could not read, as it says itself."""
    references = function.keeping.then(lambda keeping: keeping.references)
    if not references.need():
        raise NotApplicable("no setting refers to a secret")
    unique = {reference.setting: reference for reference in references.need()}
    for reference, resolved in each_of(unique.values(), lambda reference: reference.resolved):
        if not resolved:
            why = reference.problem or "the platform could not read it"
            yield reference.setting, (reference.resolved, f"the reference to {reference.store} failed, {why}")


def _gone(function: Function) -> Iterator[_Broken]:
    """The references to secrets that are not there."""
    stored = function.environment.need().stored
    if not stored:
        raise NotApplicable("no setting refers to a secret")
    unique = {secret.variable: secret for secret in stored}
    for secret, exists in each_of(unique.values(), lambda secret: secret.exists):
        if not exists:
            yield secret.variable, (secret.exists, f"{secret.id} does not exist")
