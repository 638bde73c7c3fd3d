"""Flags credentials that are written in the deployed code or its configuration files."""

from collections.abc import Iterator

from auditor.analysis.code_findings import by, credentials, site
from auditor.check import Context, Evidence, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_TEXT = (
    "Treat the credential as exposed: rotate it, store the new one in the secret store, let the code read it at start, and"
    " deploy the package without it. The repository's history and old versions keep the old value: only rotation makes it"
    " useless."
)
_BREAKS = "Everything else that uses the credential fails once it is rotated."
_PYTHON = "Python: boto3.client('secretsmanager').get_secret_value(SecretId='<secret>')['SecretString'] (the role needs secretsmanager:GetSecretValue on it)."
_SCRIPT = "JavaScript: (await new SecretsManagerClient().send(new GetSecretValueCommand({ SecretId: '<secret>' }))).SecretString."

FIX = {
    Cloud.AWS: Fix(
        text=f"{_TEXT} {_PYTHON} {_SCRIPT}",
        breaks=_BREAKS,
        command="aws secretsmanager create-secret --region {location} --name {name}/<secret>"
        " --secret-string file://<file-with-the-new-value>",
        terraform='resource "aws_secretsmanager_secret" "credential" {\n  name = "{name}/<secret>"\n}',
    ),
    Cloud.AZURE: Fix(
        text=f"{_TEXT} A setting that refers to the vault hands it to the code.",
        breaks=_BREAKS,
        command="az keyvault secret set --vault-name <vault> --name <secret> --file <file-with-the-new-value>",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  app_settings = {
    "<SETTING>" = "@Microsoft.KeyVault(SecretUri=https://<vault>.vault.azure.net/secrets/<secret>)"
  }
}""",
    ),
    Cloud.GCP: Fix(
        text=f"{_TEXT} A secret environment variable hands it to the code.",
        breaks=_BREAKS,
        command="gcloud secrets create <secret> --project={account} --replication-policy=automatic"
        " --data-file=<file-with-the-new-value>",
        terraform="""\
resource "google_cloudfunctions2_function" "this" {
  name     = "{name}"
  location = "{location}"

  service_config {
    secret_environment_variables {
      key        = "<VARIABLE>"
      project_id = "{account}"
      secret     = "<secret>"
      version    = "<version>"
    }
  }
}""",
    ),
}


@check(
    id="secret-in-code",
    title="Credential is written in the code",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.HIGH,
    fix=FIX,
    references=("https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html",),
    cwe=798,
)
def secret_in_code(function: Function, _context: Context) -> Iterator[Hit]:
    """Everybody who may read the package, its repository or one of its old versions has the credential, and it cannot
    be changed without deploying anew. Literals that are given a telling name, literals in the formats of vendors, and
    private keys are judged in the code and configuration files of the package and of its layers, as the values of
    variables are; files of libraries and tests are not. What is kept is the file, the line and the verdict.
    """
    for layer, place, finding, source in credentials(function):
        where = f" of layer {layer}" if layer else ""
        where += by(finding)
        yield Hit(
            message=f"Function {function.name} has a credential ({finding.sink}) written in {finding.file}:{finding.line}{where}",
            evidence=(Evidence(source, f"{finding.file}:{finding.line}: {finding.sink}"),),
            locus=place,
            site=f"layer {layer}" if layer else site(function, finding),
            confidence=finding.confidence,
        )
