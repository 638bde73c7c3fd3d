"""Flags functions that hold credentials in settings and use no secret store."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.finding import Dependence
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.secret import SecretVerdict
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Create a key vault, grant the identity Key Vault Secrets User, move the credentials one by one, and"
        " rotate each once its reference resolves.",
        breaks="The setting holds no value while the app's identity cannot read the key vault, and everything else"
        " that uses the credential fails once it is rotated.",
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
    Cloud.GCP: Fix(
        text="Store the credentials in Secret Manager, grant the service account Secret Accessor on each, refer to"
        " them, and rotate each once the function runs with the reference.",
        breaks="A new instance does not start while the service account cannot read the secret, and everything"
        " else that uses the credential fails once it is rotated.",
        command="gcloud functions deploy {name} --region={location} --project={account} --remove-env-vars={setting} --update-secrets={setting}=<secret>:<version>",
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
    id="secret-reference-absent",
    title="Secrets are kept in settings, not in a secret store",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-kv-reference-inventory", "gcp-fn-secret-replaced-by-env"),
    references=(
        "https://learn.microsoft.com/en-us/azure/app-service/app-service-key-vault-references",
        "https://cloud.google.com/functions/docs/configuring/secrets",
    ),
    cwe=526,
    facet_of=("env-secret-value",),
    profile_level=ProfileLevel.STRICT,
)
def secret_reference_absent(function: Function, _context: Context) -> Iterator[Hit]:
    """env-secret-value names the credentials one by one. This check reports what they have in common: the function has
    no reference to a secret store, so the next credential is likely to end up in its settings too. An opinion on the
    whole, in addition to the single findings.
    """
    environment = function.environment
    secrets = sorted({v.name for v in environment.need().variables if v.verdict is SecretVerdict.SECRET})
    if not secrets:
        raise NotApplicable("no setting holds a credential")
    references = function.storage.then(lambda storage: storage.references)
    if not references.need():
        yield Hit(
            site=sites.setting(function, secrets[0]) if len(secrets) == 1 else "",
            depends=_until_kept_elsewhere(function, secrets),
            message=f"Settings of function {function.name} hold credentials ({len(secrets)}), and none refers to a secret store",
            evidence=(
                cite(environment, f"credentials: {', '.join(secrets)}"),
                cite(references, "secret references: none"),
            ),
            values={"setting": secrets[0]},
        )


def _until_kept_elsewhere(function: Function, secrets: list[str]) -> tuple[Dependence, ...]:
    """Moving any one of them to a store makes a reference; the host's own connections are told by checks of theirs."""
    moved = tuple(Dependence(sites=(sites.setting(function, name),), leads=("env-secret-value",)) for name in secrets)
    own = sites.own(function, "")
    if "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING" in secrets:
        moved = (*moved, Dependence(sites=(own,), leads=("content-share-shared-key",)))
    if secrets == ["AzureWebJobsStorage"]:
        moved = (*moved, Dependence(sites=(own,), leads=("host-storage-shared-key",)))
    return moved
