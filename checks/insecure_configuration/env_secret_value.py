"""Flags credentials in plain text in environment variables."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.plain_credentials import reported_elsewhere, weigh
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.environment import Environment, Variable
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.secret import SecretVerdict
from auditor.model.severity import Confidence, Severity

_PLACE = {Cloud.AWS: "Environment.Variables."}
_RANK = (Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW)

FIX = {
    Cloud.AWS: Fix(
        text="Treat the credential as exposed: rotate it, store the new one in Secrets Manager, let the code read it at"
        " start by its ARN, and remove the variable. Old published versions keep the old value: only rotation makes"
        " it useless. The first command stores a new secret; the second replaces all variables.",
        breaks="Code that reads the variable fails once it is removed, and everything else that uses the"
        " credential fails once it is rotated.",
        command="aws secretsmanager create-secret --region {location} --name {name}/{variable} --secret-string file://<file-with-the-new-value>\n"
        "aws lambda update-function-configuration --region {location} --function-name {name}"
        " --environment file://<all-variables-but-this-one.json>  # once the code reads the secret",
        terraform='data "aws_secretsmanager_secret" "credential" {\n  name = "{name}/{variable}"\n}\n\nresource "aws_lambda_function" "this" {\n  function_name = "{name}"\n  environment {\n    variables = {\n      "{variable}_SECRET_ARN" = data.aws_secretsmanager_secret.credential.arn\n    }\n  }\n}',
    ),
    Cloud.AZURE: Fix(
        text="Treat the credential as exposed: rotate it, store the new one in a key vault, grant the app's identity"
        " Key Vault Secrets User there, and let the setting refer to it. Slots and exported templates keep the old"
        " value: only rotation makes it useless.",
        breaks="The setting holds no value while the app's identity cannot read the key vault, and everything else"
        " that uses the credential fails once it is rotated.",
        command="az keyvault secret set --vault-name <vault> --name <secret> --file <file-with-the-new-value>\n"
        "az functionapp config appsettings set --resource-group {group} --name {app}{of_slot} --settings {variable}'=@Microsoft.KeyVault(SecretUri=https://<vault>.vault.azure.net/secrets/<secret>)'\n"
        "az webapp config connection-string set --resource-group {group} --name {app}{of_slot} --connection-string-type Custom --settings '<name>=@Microsoft.KeyVault(SecretUri=https://<vault>.vault.azure.net/secrets/<secret>)'  # a connection string",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  app_settings = {
    "{variable}" = "@Microsoft.KeyVault(SecretUri=https://<vault>.vault.azure.net/secrets/<secret>)"
  }
}""",
    ),
    Cloud.GCP: Fix(
        text="Treat the credential as exposed: rotate it, store the new one in Secret Manager, grant the function's"
        " service account Secret Accessor on it, and refer to it instead of the value. Old revisions keep the old"
        " value: only rotation makes it useless.",
        breaks="A new instance does not start while the service account cannot read the secret, and everything"
        " else that uses the credential fails once it is rotated.",
        command="gcloud secrets create <secret> --project={account} --replication-policy=automatic --data-file=<file-with-the-new-value>\n"
        "gcloud functions deploy {name} --region={location} --project={account} --remove-env-vars={variable} --update-secrets={variable}=<secret>:<version>\n"
        "gcloud run services update {run_service} --region={location} --project={account} --remove-env-vars={variable} --update-secrets={variable}=<secret>:<version>  # without a function record",
        terraform="""\
resource "google_cloudfunctions2_function" "this" {
  name     = "{name}"
  location = "{location}"

  service_config {
    secret_environment_variables {
      key        = "{variable}"
      project_id = "{account}"
      secret     = "<secret>"
      version    = "<version>"
    }
  }
}""",
    ),
}


@check(
    id="env-secret-value",
    title="Secret in environment variable",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.HIGH,
    fix=FIX,
    covers=(
        "env-secret-value",
        "env-secret-name",
        "az-func-secrets-in-app-settings",
        "az-func-secrets-in-connection-strings",
        "gcp-fn-env-secrets",
        "gcp-run-env-secrets",
    ),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
        "https://learn.microsoft.com/en-us/azure/app-service/app-service-key-vault-references",
        "https://cloud.google.com/functions/docs/configuring/secrets",
    ),
    cwe=526,
)
def env_secret_value(function: Function, _context: Context) -> Iterator[Hit]:
    """Every principal that may read the function's configuration can read the credential, and so can any code that runs
    in the function.

    Name and value are judged together when the variable is read: references (ARNs, parameter names, secret names) are
    not credentials. A value with the format of a live credential is critical; one recognized by its name alone ranks
    lower, with lower confidence; what a service publishes by design (a Firebase web key) is low, and what the platform's
    own tooling creates is high at most. The report never contains the value. On Azure, app settings and connection
    strings are checked; on Google Cloud, the variables of the function and of its Cloud Run service. Platform settings
    that another check reports (host storage, content share, deployment storage, package address, registry password) are
    left to that check.
    """
    environment = function.environment
    elsewhere = reported_elsewhere(function)
    for variable in _credentials(environment.need()):
        if variable.name.lower() in elsewhere:
            continue
        confidence = variable.confidence or Confidence.LOW
        weight = weigh(variable.name, variable.detector, confidence)
        message = f"Variable {variable.name} of function {function.name} holds a credential ({variable.detector or 'unnamed detector'}, {confidence} confidence)"
        yield Hit(
            message=f"{message}; {weight.reason}" if weight.reason else message,
            evidence=(
                cite(
                    environment,
                    f"{_PLACE.get(function.cloud, '')}{variable.name}: {variable.length} characters, not shown",
                ),
            ),
            locus=variable.name,
            site=sites.setting(function, variable.name),
            severity=weight.severity,
            confidence=confidence,
            values={"variable": variable.name},
        )


def _credentials(environment: Environment) -> tuple[Variable, ...]:
    """The variables judged credentials, each name once: function and service may hold it with two values."""
    found: dict[str, Variable] = {}
    for variable in environment.variables:
        if variable.verdict is SecretVerdict.SECRET:
            best = found.setdefault(variable.name, variable)
            if _rank(variable) < _rank(best):
                found[variable.name] = variable
    return tuple(found.values())


def _rank(variable: Variable) -> int:
    return _RANK.index(variable.confidence or Confidence.LOW)
