"""Flags settings that refer to a secret which cannot be read or does not exist."""

from collections.abc import Iterator
from typing import Any

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known, Observed, each_of
from auditor.model.secret import ReferenceKind
from auditor.model.severity import Severity

_WRITTEN = frozenset({ReferenceKind.KEY_VAULT, ReferenceKind.APP_CONFIGURATION})
"""Kinds of references whose text is kept where it follows their grammar, and only there."""

_Broken = tuple[str, tuple[Observed[Any], str, str]]
"""A setting; the fact that proves it broken, the reason, and what the API answered."""

FIX = {
    Cloud.AZURE: Fix(
        text="Correct what the message names: enable the identity, grant it Key Vault Secrets User on the vault, let"
        " the vault's network rules admit the app, or correct the name. The platform retries within a day, and at"
        " once when a setting changes.",
        breaks="Code that fell back to another value gets the secret once the reference resolves; the app restarts"
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
        text="Create the secret again, or remove the reference. A new instance does not start while it is missing.",
        breaks="Code that reads the variable or the file fails if the reference is removed.",
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
    references=(
        "https://learn.microsoft.com/en-us/azure/app-service/app-service-key-vault-references",
        "https://cloud.google.com/functions/docs/configuring/secrets",
    ),
    cwe=1188,
)
def secret_reference_broken(function: Function, _context: Context) -> Iterator[Hit]:
    """Instead of the secret, the code receives the text of the reference, or the function does not start at all. A
    common quick fix is to paste the secret into the settings.

    On Google Cloud only a secret that does not exist is detected: whether the function may read an existing one is not
    checked here.
    """
    broken = _gone(function) if function.cloud is Cloud.GCP else _unresolved(function)
    for setting, (fact, reason, answer) in broken:
        yield Hit(
            message=f"Setting {setting} of function {function.name} cannot be resolved: {reason}",
            evidence=(cite(fact, f"{setting}: {answer}"),),
            locus=setting,
            values={"setting": setting},
        )


def _unresolved(function: Function) -> Iterator[_Broken]:
    """The references that the platform reports as unresolved, and those whose syntax it does not recognize."""
    malformed = dict(_malformed(function))
    yield from malformed.items()
    references = function.storage.then(lambda storage: storage.references)
    if not references.need() and not malformed:
        raise NotApplicable("no setting refers to a secret")
    unique = {reference.setting: reference for reference in references.need()}
    for reference, resolved in each_of(unique.values(), lambda reference: reference.resolved):
        if not resolved and reference.setting not in malformed:
            why = reference.problem or "the platform could not read it"
            yield reference.setting, (reference.resolved, f"the reference to {reference.store} failed, {why}", why)


def _malformed(function: Function) -> Iterator[_Broken]:
    """The settings that begin like a reference and do not follow its syntax: the code receives them as they are."""
    if not isinstance(function.environment, Known):
        return
    for variable in function.environment.value.variables:
        reference = variable.reference
        if reference is not None and reference.kind in _WRITTEN and not reference.text:
            store = "Key Vault" if reference.kind is ReferenceKind.KEY_VAULT else "App Configuration"
            message = f"the reference to {store} is malformed, so the code receives its text"
            yield variable.name, (function.environment, message, "malformed reference, text not shown")


def _gone(function: Function) -> Iterator[_Broken]:
    """The references to secrets that do not exist."""
    stored = function.environment.need().stored
    if not stored:
        raise NotApplicable("no setting refers to a secret")
    unique = {secret.variable: secret for secret in stored}
    for secret, exists in each_of(unique.values(), lambda secret: secret.exists):
        if not exists:
            yield secret.variable, (secret.exists, f"secret {secret.id} does not exist", f"{secret.id} not found")
